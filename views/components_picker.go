package views

import (
	"context"
	"strconv"

	"tandem/internal/form"
	"tandem/internal/language"
)

// PickerData is many checkboxes in a box that opens. The field's id is on the line that opens it.
type PickerData struct {
	Field form.Field
	Open  bool
	// Find is the label of the filter, such as "Find a solution"; empty leaves the filter out.
	// Shown says how many of how many options the filter shows.
	Find  string
	Shown language.Key
}

// Errors returns the field's error; the link leads to the line that opens the box.
func (p PickerData) Errors() []form.Item {
	return p.Field.Errors()
}

func (p PickerData) count(ctx context.Context) string {
	return t(ctx, selected, len(p.Field.Chosen()))
}

const selected language.Key = "%d selected"

func (p PickerData) chosen(ctx context.Context) string {
	return language.Of(ctx).List(p.Field.Chosen())
}

// box is the id of the nth checkbox, counted from 0. ID itself is the line that opens the box.
func (p PickerData) box(n int) (id string) {
	return p.Field.ID + "-" + strconv.Itoa(n+1)
}

// firstOf is the number of the first option of a group, among all options.
func (p PickerData) firstOf(group int) int {
	n := len(p.Field.Options)
	for _, g := range p.Field.Groups[:group] {
		n += len(g.Options)
	}
	return n
}

func (p PickerData) groupID(group int) string {
	return p.Field.ID + "-group-" + strconv.Itoa(group+1)
}
