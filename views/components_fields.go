package views

import (
	"context"
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

// classes is the class attribute with these names, of which some may be empty. It is cheaper than
// templ's class={ }, which makes two maps.
func classes(names ...string) templ.OrderedAttributes {
	return templ.OrderedAttributes{{Key: "class", Value: joinClasses(names...)}}
}

func joinClasses(names ...string) string { return strings.TrimSpace(strings.Join(names, " ")) }

// group is the attribute of groupClass.
func group(class, err string) templ.OrderedAttributes { return classes(groupClass(class, err)) }

// groupClass is the class of a question, with a red bar when it has an error.
func groupClass(class, err string) string {
	if err != "" {
		class += " has-error"
	}
	return class
}

func inputType(f form.Field) string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

// described lists the ids of what stands above the control.
func described(f form.Field) string {
	ids := describedBy(f.ID, f.Hint, f.Error)
	if f.Warning != "" {
		ids = strings.TrimSpace(ids + " " + f.ID + "-warning")
	}
	return ids
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
