package views

import (
	"context"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"

	"tandem/internal/form"
	"tandem/internal/language"
)

// Cond is what radios show below one option while it is chosen: usually another field. Without a
// style sheet or in old browsers it is always shown.
type Cond struct {
	// Value is the value of the option.
	Value   string
	Content templ.Component
}

func content(conds []Cond, value string) templ.Component {
	for _, c := range conds {
		if c.Value == value {
			return c.Content
		}
	}
	return nil
}

// describedBy lists the ids of the hint and the error a control or a group has.
func describedBy(id, hint, err string) string {
	var ids []string
	if hint != "" {
		ids = append(ids, id+"-hint")
	}
	if err != "" {
		ids = append(ids, id+"-error")
	}
	return strings.Join(ids, " ")
}

// groupClass is the class of a question, with a red bar when it has an error.
func groupClass(class, err string) string {
	if err != "" {
		class += " has-error"
	}
	return class
}

// listOptions draws the options of the group's list.
func listOptions(g form.OptionGroup, chosen string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		return g.List.Write(w, chosen, g.Without)
	})
}

func inputType(f form.Field) string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

// controlAttrs are the attributes all text controls share.
func controlAttrs(f form.Field) templ.Attributes {
	attrs := templ.Attributes{"id": f.ID, "name": f.Name}
	if ids := describedBy(f.ID, f.Hint, f.Error); ids != "" {
		attrs["aria-describedby"] = ids
	}
	if f.Warning != "" {
		ids, _ := attrs["aria-describedby"].(string)
		attrs["aria-describedby"] = strings.TrimSpace(ids + " " + f.ID + "-warning")
	}
	if f.Error != "" {
		attrs["aria-invalid"] = "true"
	}
	if f.Autocomplete != "" {
		attrs["autocomplete"] = f.Autocomplete
	}
	if f.InputMode != "" {
		attrs["inputmode"] = f.InputMode
	}
	if f.NoSpellcheck {
		attrs["spellcheck"] = "false"
	}
	if f.Autofocus {
		attrs["autofocus"] = true
	}
	return attrs
}

// areaAttrs adds the height and the limit of a text area.
func areaAttrs(f form.Field) templ.Attributes {
	attrs := controlAttrs(f)
	attrs["rows"] = strconv.Itoa(max(f.Rows, 2))
	if f.Max > 0 {
		attrs["data-max"] = strconv.Itoa(f.Max)
	}
	return attrs
}

// areaText guards a first line break: browsers drop one after the opening tag.
func areaText(s string) string {
	if strings.HasPrefix(s, "\n") {
		return "\n" + s
	}
	return s
}

// remaining is the line below a text area with a limit.
func remaining(ctx context.Context, f form.Field) string {
	left := f.Max - utf8.RuneCountInString(f.Value)
	if left < 0 {
		return t(ctx, tooMany, -left)
	}
	return t(ctx, stillLeft, left)
}

const (
	stillLeft language.Key = "%d characters left"
	tooMany   language.Key = "%d characters too many"
)

// optionID is the id of the nth option of a group, counted from 0: the first one is the field's.
func optionID(f form.Field, n int) string {
	if n == 0 {
		return f.ID
	}
	return f.ID + "-" + strconv.Itoa(n+1)
}

// optionHint is the id of the nth option's hint; "-hint" alone is the group's.
func optionHint(f form.Field, n int) string {
	return f.ID + "-" + strconv.Itoa(n+1) + "-hint"
}
