package views

import (
	"context"

	"github.com/a-h/templ"

	"tandem/internal/form"
)

// choice is the nth radio or checkbox of a group, counted from 0.
func choice(f form.Field, n int, o form.Option, kind literal) templ.Component {
	return part(func(_ context.Context, m *markup) {
		id := optionID(f, n)
		m.box(kind, id, f.Name, o)
		m.flag("autofocus", f.Autofocus && n == 0)
		if o.Hint != "" {
			m.attr("aria-describedby", optionHint(f, n))
		}
		if f.Error != "" && kind == "checkbox" {
			m.attr("aria-invalid", "true")
		}
		m.raw(`>`)
		m.labelFor(id, o.Label)
		if o.Hint != "" {
			m.raw(`<p class="app-hint"`)
			m.attr("id", optionHint(f, n))
			m.raw(`>`)
			m.text(o.Hint)
			m.raw(`</p>`)
		}
		m.raw(`</div>`)
	})
}

// box is one of the many checkboxes of a field.
func box(f form.Field, id string, o form.Option) templ.Component {
	return part(func(_ context.Context, m *markup) {
		m.box("checkbox", id, f.Name, o)
		m.filled("data-also", o.Also)
		m.raw(`>`)
		m.labelFor(id, o.Label)
		m.raw(`</div>`)
	})
}

// Checkbox is one box with a sentence, ticked by Field.Checked; it posts Field.Value.
func Checkbox(f form.Field) templ.Component {
	return part(func(ctx context.Context, m *markup) {
		m.raw(`<div`)
		m.attr("class", groupClass("app-group", f.Error))
		m.raw(`>`)
		m.fieldError(ctx, f.ID, f.Error)
		m.raw(`<div class="ds-field app-opt"><input class="ds-input" type="checkbox"`)
		m.attr("value", f.Value)
		m.flag("checked", f.Checked)
		m.control(&f)
		m.raw(`>`)
		m.labelFor(f.ID, f.Label)
		m.hint(f.ID, f.Hint)
		m.raw(`</div></div>`)
	})
}

// box begins a radio or a checkbox, up to the attributes that not all have.
func (m *markup) box(kind literal, id, name string, o form.Option) {
	m.raw(`<div class="ds-field app-opt"><input class="ds-input" type="`)
	m.raw(kind)
	m.raw(`"`)
	m.attr("id", id)
	m.attr("name", name)
	m.attr("value", o.Value)
	m.flag("checked", o.Selected)
}

func (m *markup) labelFor(id, text string) {
	m.raw(`<label class="ds-label"`)
	m.attr("for", id)
	m.raw(`>`)
	m.text(text)
	m.raw(`</label>`)
}
