package views

import (
	"context"
	"strconv"

	"github.com/a-h/templ"

	"tandem/internal/form"
)

// Text is a text input: also e-mail, telephone and search by the field's type.
func Text(f form.Field) templ.Component {
	return part(func(ctx context.Context, m *markup) {
		m.question(ctx, &f, "ds-field app-group")
		m.raw(`<input`)
		m.attr("class", joinClasses("ds-input", f.Width))
		m.attr("type", inputType(f))
		m.attr("value", f.Value)
		m.control(&f)
		m.raw(`></div>`)
	})
}

// Textarea is a text of several lines, with a count when the field has a limit.
func Textarea(f form.Field) templ.Component {
	return part(func(ctx context.Context, m *markup) {
		m.question(ctx, &f, "ds-field app-group")
		m.raw(`<textarea class="ds-input"`)
		m.control(&f)
		m.attr("rows", strconv.Itoa(max(f.Rows, 2)))
		if f.Max > 0 {
			m.attr("data-max", strconv.Itoa(f.Max))
		}
		m.raw(`>`)
		m.text(areaText(f.Value))
		m.raw(`</textarea>`)
		if f.Max > 0 {
			m.part(ctx, charactersLeft(f))
		}
		m.raw(`</div>`)
	})
}

// Select is a list to choose one from.
func Select(f form.Field) templ.Component {
	return part(func(ctx context.Context, m *markup) {
		m.question(ctx, &f, "ds-field app-group")
		m.raw(`<select`)
		m.attr("class", joinClasses("ds-input", f.Width))
		m.control(&f)
		m.raw(`>`)
		m.allOptions(&f)
		m.raw(`</select></div>`)
	})
}

// allOptions are the options of a select.
func allOptions(f form.Field) templ.Component {
	return part(func(_ context.Context, m *markup) { m.allOptions(&f) })
}

func (m *markup) allOptions(f *form.Field) {
	m.options(f.Options)
	for _, g := range f.Groups {
		if g.Label != "" {
			m.raw(`<optgroup`)
			m.attr("label", g.Label)
			m.raw(`>`)
		}
		m.options(g.Options)
		if g.List != nil {
			m.list(g, f.Value)
		}
		if g.Label != "" {
			m.raw(`</optgroup>`)
		}
	}
}

func (m *markup) options(all []form.Option) {
	for _, o := range all {
		m.raw(`<option`)
		m.attr("value", o.Value)
		m.flag("selected", o.Selected)
		m.raw(`>`)
		m.text(o.Label)
		m.raw(`</option>`)
	}
}

func (m *markup) list(g form.OptionGroup, chosen string) {
	if err := g.List.Write(m.out, chosen, g.Without); m.err == nil {
		m.err = err
	}
}

// control writes the attributes that all controls share.
func (m *markup) control(f *form.Field) {
	m.filled("aria-describedby", described(*f))
	if f.Error != "" {
		m.attr("aria-invalid", "true")
	}
	m.filled("autocomplete", f.Autocomplete)
	m.flag("autofocus", f.Autofocus)
	m.filled("id", f.ID)
	m.filled("inputmode", f.InputMode)
	m.attr("name", f.Name)
	if f.NoSpellcheck {
		m.attr("spellcheck", "false")
	}
}

// question begins a question, with what stands above the control: label, hint, warning, error.
func (m *markup) question(ctx context.Context, f *form.Field, class string) {
	m.raw(`<div`)
	m.attr("class", groupClass(class, f.Error))
	m.raw(`>`)
	m.label(ctx, f, "")
	m.hint(f.ID, f.Hint)
	if f.Warning != "" {
		m.part(ctx, fieldWarning(f.ID, f.Warning))
	}
	m.fieldError(ctx, f.ID, f.Error)
}

// label is the name of a question. With a value for hx-swap-oob it takes the place of a present
// one.
func (m *markup) label(ctx context.Context, f *form.Field, instead string) {
	m.raw(`<label class="ds-label"`)
	m.attr("for", f.ID)
	m.filled("hx-swap-oob", instead)
	m.raw(`>`)
	m.text(f.Label)
	m.optional(ctx, f.Optional)
	m.raw(`</label>`)
}

// newLabel is the label of a question that stands on the page already.
func newLabel(f form.Field) templ.Component {
	return part(func(ctx context.Context, m *markup) {
		m.label(ctx, &f, "outerHTML:label[for="+f.ID+"]")
	})
}

func (m *markup) optional(ctx context.Context, is bool) {
	if is {
		m.raw(`<span class="opt">`)
		m.text(t(ctx, " (optional)"))
		m.raw(`</span>`)
	}
}

func optional(is bool) templ.Component {
	return part(func(ctx context.Context, m *markup) { m.optional(ctx, is) })
}

func (m *markup) hint(id, text string) {
	if text != "" {
		m.raw(`<p class="app-hint"`)
		m.attr("id", id+"-hint")
		m.raw(`>`)
		m.text(text)
		m.raw(`</p>`)
	}
}

func hint(id, text string) templ.Component {
	return part(func(_ context.Context, m *markup) { m.hint(id, text) })
}

func (m *markup) fieldError(ctx context.Context, id, text string) {
	if text != "" {
		m.raw(`<p class="ds-validation-message"`)
		m.attr("id", id+"-error")
		m.raw(`><span class="vh">`)
		m.text(t(ctx, "Error: "))
		m.raw(`</span>`)
		m.text(text)
		m.raw(`</p>`)
	}
}

func fieldError(id, text string) templ.Component {
	return part(func(ctx context.Context, m *markup) { m.fieldError(ctx, id, text) })
}
