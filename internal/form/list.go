package form

import (
	"html"
	"io"
	"slices"
	"strings"
)

// List is a long list of choices that is the same on every page of a language, such as that of the
// countries. Its options are written as HTML once, and only copied into each page.
type List struct {
	options []Option
	written []string
}

// NewList returns the list of these choices.
func NewList(options []Option) *List {
	l := &List{options: options}
	for _, o := range options {
		l.written = append(l.written, `<option value="`+html.EscapeString(o.Value)+`">`+
			html.EscapeString(o.Label)+`</option>`)
	}
	return l
}

// Write writes the options of a select, the chosen one selected, without those of some values.
func (l *List) Write(w io.Writer, chosen string, without []string) error {
	for i, o := range l.options {
		text := l.written[i]
		switch {
		case slices.Contains(without, o.Value):
			continue
		case o.Value == chosen:
			text = strings.Replace(text, ">", " selected>", 1)
		}
		if _, err := io.WriteString(w, text); err != nil {
			return err
		}
	}
	return nil
}
