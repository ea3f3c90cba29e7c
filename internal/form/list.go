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
	// written is the HTML of all options; ends are the offsets at which they end.
	written string
	ends    []int
}

// NewList returns the list of these choices.
func NewList(options []Option) *List {
	l := &List{options: options}
	var all strings.Builder
	for _, o := range options {
		all.WriteString(`<option value="` + html.EscapeString(o.Value) + `">` +
			html.EscapeString(o.Label) + `</option>`)
		l.ends = append(l.ends, all.Len())
	}
	l.written = all.String()
	return l
}

// Write writes the options of a select, the chosen one selected, without those of some values.
func (l *List) Write(w io.Writer, chosen string, without []string) error {
	var pieces []string
	from, start := 0, 0 // of what is not written yet, and of the option
	for i, o := range l.options {
		end := l.ends[i]
		switch {
		case slices.Contains(without, o.Value):
			pieces = append(pieces, l.written[from:start])
			from = end
		case o.Value == chosen:
			mark := start + strings.IndexByte(l.written[start:end], '>')
			pieces = append(pieces, l.written[from:mark], " selected")
			from = mark
		}
		start = end
	}
	for _, p := range append(pieces, l.written[from:]) {
		if _, err := io.WriteString(w, p); err != nil {
			return err
		}
	}
	return nil
}
