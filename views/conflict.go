package views

import "tandem/internal/form"

// ConflictPage lets a person choose between two versions of what two people changed.
type ConflictPage struct {
	Shell Shell
	// Name is what both changed, Title the heading, Lead what happened.
	Name, Title, Lead  string
	BackText, BackHref string
	Restored           Restored
	// Again is set when it changed once more, such as "It changed again at 14:55."
	Again string
	// Version names what the choices are about; its input is VersionName.
	VersionName, Version string
	Choices              []Choice
	// Theirs were changed by the other side alone, Mine by the person alone.
	Theirs, Mine KeptChanges
	// Action is where the choices are posted; empty for the page's own URL.
	Action string
	// DiscardHref is where the person's changes are given up.
	DiscardHref string
	// Closed says that nothing can be saved any more.
	Closed string
}

// Choice is an answer that both sides changed. Field.Value is "mine", "theirs" or empty.
type Choice struct {
	Field form.Field
	// MineLabel and TheirsLabel say whose the versions are; Mine and Theirs are the values.
	MineLabel, Mine, TheirsLabel, Theirs string
}

// KeptChanges are changes of one side that no choice is about. Text says what becomes of them.
type KeptChanges struct {
	Title, Text string
	Rows        []KeptRow
}

// KeptRow is one such change. Was is empty when there was nothing.
type KeptRow struct{ Label, Now, Was string }

func (k KeptChanges) rows() []SumRow {
	var rows []SumRow
	for _, r := range k.Rows {
		rows = append(rows, SumRow{Key: r.Label, Content: keptAnswer(r)})
	}
	return rows
}

func (p ConflictPage) errors() []form.Item {
	var items []form.Item
	for _, c := range p.Choices {
		items = append(items, c.Field.Errors()...)
	}
	return items
}
