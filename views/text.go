package views

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"

	"tandem/internal/language"
)

// t is a text in the language of the page. Of arguments that are words on their own, see rich.
func t(ctx context.Context, key language.Key, args ...any) string {
	return language.T(ctx, key, args...)
}

// The characters between which rich marks where a component goes. They are private to us: no
// translation holds them, and what people type is put in afterwards.
const (
	markStart = '\uE0F0'
	markEnd   = '\uE0F1'
)

// Rich is rich for values that a page is given ready: a sentence with markup in it.
func Rich(key language.Key, args ...any) templ.Component { return rich(key, args...) }

// rich is a sentence with markup in it: arguments that are components are drawn where the language
// puts them, and what stands in brackets is for screen readers only.
func rich(key language.Key, args ...any) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		values := make([]any, len(args))
		for i, arg := range args {
			values[i] = marked(i, arg)
		}
		return drawMarked(ctx, w, t(ctx, key, values...), args)
	})
}

// marked is what stands for an argument in the text. Words that a person typed are components,
// too, so that they cannot hold a mark.
func marked(i int, arg any) any {
	switch arg.(type) {
	case templ.Component, string:
		return string([]rune{markStart, rune(i), markEnd})
	}
	return arg
}

func drawMarked(ctx context.Context, w io.Writer, text string, args []any) error {
	before, rest, more := strings.Cut(text, string(markStart))
	if _, err := io.WriteString(w, unseen(before)); err != nil || !more {
		return err
	}
	i, _ := utf8.DecodeRuneInString(rest)
	_, rest, _ = strings.Cut(rest, string(markEnd))
	var err error
	if part, ok := args[i].(templ.Component); ok {
		err = part.Render(ctx, w)
	} else {
		_, err = io.WriteString(w, html.EscapeString(fmt.Sprint(args[i])))
	}
	if err != nil {
		return err
	}
	return drawMarked(ctx, w, rest, args)
}

// unseen escapes a text and hides from the eye what stands in brackets.
func unseen(text string) string {
	text = strings.ReplaceAll(html.EscapeString(text), "[", `<span class="vh">`)
	return strings.ReplaceAll(text, "]", "</span>")
}

// scriptForms are the forms of a text for the script, which counts by itself.
func scriptForms(ctx context.Context, key language.Key) string {
	forms, err := json.Marshal(language.Of(ctx).Forms(key))
	if err != nil {
		return ""
	}
	return string(forms)
}
