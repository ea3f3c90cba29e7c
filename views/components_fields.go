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

// attribute is one of several that an element is given at once, in their order.
type attribute = templ.KeyValue[string, any]

// classes is the attribute of these classes, of which some may be empty. The class={ } of templ
// makes two maps of them.
func classes(names ...string) templ.OrderedAttributes {
	return templ.OrderedAttributes{{Key: "class", Value: strings.TrimSpace(strings.Join(names, " "))}}
}

// group is the class of a question, with a red bar when it has an error.
func group(class, err string) templ.OrderedAttributes {
	if err != "" {
		class += " has-error"
	}
	return classes(class)
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
func controlAttrs(f form.Field) templ.OrderedAttributes {
	attrs := make(templ.OrderedAttributes, 0, 8)
	add := func(name, value string) {
		if value != "" {
			attrs = append(attrs, attribute{Key: name, Value: value})
		}
	}
	add("aria-describedby", described(f))
	if f.Error != "" {
		add("aria-invalid", "true")
	}
	add("autocomplete", f.Autocomplete)
	if f.Autofocus {
		attrs = append(attrs, attribute{Key: "autofocus", Value: true})
	}
	add("id", f.ID)
	add("inputmode", f.InputMode)
	attrs = append(attrs, attribute{Key: "name", Value: f.Name})
	if f.NoSpellcheck {
		add("spellcheck", "false")
	}
	return attrs
}

// described lists the ids of what stands above the control.
func described(f form.Field) string {
	ids := describedBy(f.ID, f.Hint, f.Error)
	if f.Warning != "" {
		ids = strings.TrimSpace(ids + " " + f.ID + "-warning")
	}
	return ids
}

// areaAttrs adds the height and the limit of a text area.
func areaAttrs(f form.Field) templ.OrderedAttributes {
	attrs := append(controlAttrs(f),
		attribute{Key: "rows", Value: strconv.Itoa(max(f.Rows, 2))})
	if f.Max > 0 {
		attrs = append(attrs, attribute{Key: "data-max", Value: strconv.Itoa(f.Max)})
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
