package views

import (
	"context"
	"html"
	"io"

	"github.com/a-h/templ"
	"github.com/a-h/templ/runtime"
)

// part is a component that is written by hand. Templates are easier to read, so this is only for
// components that pages have so many of that templates would take half of a page's time.
type part func(ctx context.Context, m *markup)

// Render implements templ.Component.
func (p part) Render(ctx context.Context, w io.Writer) error {
	out, shared := runtime.GetBuffer(w)
	m := markup{out: out}
	p(ctx, &m)
	if shared {
		return m.err
	}
	err := runtime.ReleaseBuffer(out)
	if m.err != nil {
		return m.err
	}
	return err
}

// markup writes HTML. Errors in writing are reported by the buffer below it when that is flushed.
type markup struct {
	out *runtime.Buffer
	err error
}

// literal is HTML from the source code. Only constants convert to it implicitly, so that what a
// person typed has to be escaped.
type literal string

func (m *markup) raw(h literal) { _, _ = m.out.WriteString(string(h)) }

// text writes what people read, escaped.
func (m *markup) text(s string) {
	if needsEscape(s) {
		s = html.EscapeString(s)
	}
	_, _ = m.out.WriteString(s)
}

// needsEscape looks for the characters that html.EscapeString replaces; most texts have none.
func needsEscape(s string) bool {
	for i := range len(s) {
		switch s[i] {
		case '&', '\'', '<', '>', '"':
			return true
		}
	}
	return false
}

func (m *markup) attr(name literal, value string) {
	m.raw(" ")
	m.raw(name)
	m.raw(`="`)
	m.text(value)
	m.raw(`"`)
}

// filled is attr, but writes nothing without a value.
func (m *markup) filled(name literal, value string) {
	if value != "" {
		m.attr(name, value)
	}
}

// flag writes an attribute without a value.
func (m *markup) flag(name literal, is bool) {
	if is {
		m.raw(" ")
		m.raw(name)
	}
}

// part writes a component.
func (m *markup) part(ctx context.Context, c templ.Component) {
	if err := c.Render(ctx, m.out); m.err == nil {
		m.err = err
	}
}
