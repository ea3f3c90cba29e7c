package form

// Item is one line of the error summary: the id of the control it links to, and the sentence.
type Item struct {
	ID, Text string
}

// Problem is a part of a form that may be wrong: a Field, a Date, or a set of them.
type Problem interface {
	// Errors returns what is wrong in page order, or nothing.
	Errors() []Item
}

// Summary returns the errors of the parts in the order given, which is the order on the page.
func Summary(parts ...Problem) []Item {
	var items []Item
	for _, p := range parts {
		items = append(items, p.Errors()...)
	}
	return items
}
