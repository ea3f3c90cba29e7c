package form

import "cmp"

// Date is one date asked in three text inputs. The names of the inputs are
// Name with ".day", ".month" and ".year", the ids ID with "-day", "-month" and "-year".
type Date struct {
	Name, ID    string
	Label, Hint string
	// Day, Month and Year are what the person typed.
	Day, Month, Year string
	// Error is the sentence for the whole date. Wrong is the part it is about, "day", "month" or
	// "year"; empty means all three.
	Error, Wrong string
	Optional     bool
	// Order is the order of "day", "month" and "year", in this order when empty. The labels of the
	// three inputs are English when empty.
	Order                           []string
	DayLabel, MonthLabel, YearLabel string
}

// Parts returns the three inputs in the order they are asked.
func (d Date) Parts() []Field {
	order := d.Order
	if len(order) == 0 {
		order = []string{"day", "month", "year"}
	}
	var out []Field
	for _, name := range order {
		switch name {
		case "day":
			out = append(out, d.part(name, cmp.Or(d.DayLabel, "Day"), d.Day, "w2"))
		case "month":
			out = append(out, d.part(name, cmp.Or(d.MonthLabel, "Month"), d.Month, "w2"))
		case "year":
			out = append(out, d.part(name, cmp.Or(d.YearLabel, "Year"), d.Year, "w4"))
		}
	}
	return out
}

// part leaves Error empty where the input is not to be marked; the sentence itself is shown once,
// above the inputs.
func (d Date) part(name, label, value, width string) Field {
	f := Field{
		Name:         d.Name + "." + name,
		ID:           d.ID + "-" + name,
		Label:        label,
		Value:        value,
		Width:        width,
		InputMode:    "numeric",
		Autocomplete: "off",
	}
	if d.Wrong == "" || d.Wrong == name {
		f.Error = d.Error
	}
	return f
}

// Errors returns the date's line of the error summary, linked to the first wrong input.
func (d Date) Errors() []Item {
	for _, p := range d.Parts() {
		if p.Error != "" {
			return p.Errors()
		}
	}
	return nil
}
