// Package form holds what a page knows about its form: the fields with their labels, values and
// errors, the error summary made from them, and the way from posted values back to a struct.
//
// A Field is built once by a page and feeds the component that draws it, the error summary and
// the tests alike. The name of a field is the JSON path of the API it fills.
package form

import "slices"

// Field is one question of a form: a text input, a text area, a select, a group of radios or
// checkboxes, or a single checkbox. The component that draws it decides which.
type Field struct {
	// Name is the name of the posted value, ID the element's id. The id of the first radio or
	// checkbox of a group is ID itself, so that a link to #ID always lands on a control.
	Name, ID string
	// Label asks the question. Hint is one short sentence without a full stop, empty for none.
	Label, Hint string
	// Value is what the person typed, or what a single checkbox posts. It is never corrected.
	Value string
	// Error is the whole sentence shown beside the field and in the summary, empty for none.
	Error string
	// Warning is a whole sentence about a value that is let through all the same, empty for none.
	Warning string

	// Optional adds "(optional)" to the label; every other field is required.
	Optional bool
	// Checked ticks a single checkbox.
	Checked bool
	// Autofocus moves the keyboard here when the page or the part of it arrives.
	Autofocus bool
	// NoSpellcheck is for names, e-mail addresses and ids.
	NoSpellcheck bool

	// Type is the type of a text input; empty means text. InputMode picks the keyboard of a phone.
	Type, InputMode string
	// Autocomplete is the attribute of that name; empty leaves it out.
	Autocomplete string
	// Width says how much to type: "w2", "w4", "w20", "w28", or empty for the full width.
	Width string

	// Options are the choices of a select, radios or checkboxes; Groups follow them under headings.
	Options []Option
	Groups  []OptionGroup

	// Rows is the height of a text area in lines. Max is the most characters it takes, shown as a
	// count below it; zero shows none.
	Rows, Max int
}

// Option is one choice. Value is posted, Label is read.
type Option struct {
	Value, Label, Hint string
	// Also is what it is called in other languages, for those who look for it by such a name.
	Also     string
	Selected bool
}

// OptionGroup is choices under a heading, which is never posted; without one when Label is empty.
type OptionGroup struct {
	Label   string
	Options []Option
	// List holds further choices of a select, nil for none; those with a value of Without are left
	// out. The one of the field's Value is selected.
	List    *List
	Without []string
}

// Choose returns the field with the options of these values selected and all others not, and with
// Value set to the first of them. Values that are no option are kept in Value only.
func (f Field) Choose(values ...string) Field {
	f.Value = ""
	if len(values) > 0 {
		f.Value = values[0]
	}
	f.Options = choose(f.Options, values)
	f.Groups = slices.Clone(f.Groups)
	for i := range f.Groups {
		f.Groups[i].Options = choose(f.Groups[i].Options, values)
	}
	return f
}

func choose(options []Option, values []string) []Option {
	chosen := slices.Clone(options)
	for i := range chosen {
		chosen[i].Selected = slices.Contains(values, chosen[i].Value)
	}
	return chosen
}

// Chosen returns the labels of the selected options, in the order they are shown, but of no List.
func (f Field) Chosen() []string {
	var labels []string
	for _, o := range f.All() {
		if o.Selected {
			labels = append(labels, o.Label)
		}
	}
	return labels
}

// All returns every option, those in groups after those outside, but those of no List.
func (f Field) All() []Option {
	all := slices.Clone(f.Options)
	for _, g := range f.Groups {
		all = append(all, g.Options...)
	}
	return all
}

// Errors returns the field's line of the error summary, or nothing.
func (f Field) Errors() []Item {
	if f.Error == "" {
		return nil
	}
	return []Item{{ID: f.ID, Text: f.Error}}
}
