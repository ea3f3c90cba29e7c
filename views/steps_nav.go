package views

import (
	"context"

	"github.com/a-h/templ"

	"tandem/internal/language"
)

// Steps is the list of steps beside a page.
type Steps struct {
	// Title stands above the list, such as "New referral".
	Title string
	Items []StepItem
	// Current is the index of the step this page belongs to, -1 for none.
	Current int
}

// StepItem is one step. State is "done", "now", "todo", "wait" or "problem"; Detail is what is
// known of a done step, such as "2 people". Without Href the step is text.
type StepItem struct {
	Name, Href, State, Detail string
	Number                    int
}

// class marks the step of this page whatever its state.
// class draws only the page's own step as the current one: another may be in progress too.
func (s Steps) class(i int) string {
	switch {
	case i == s.Current:
		return "is-now"
	case s.Items[i].State == "now":
		return "is-todo"
	}
	return "is-" + s.Items[i].State
}

func (s Steps) shown() bool {
	return s.Current >= 0 && s.Current < len(s.Items)
}

// progress says where the person is, such as "Step 4 of 7".
func (s Steps) progress(ctx context.Context) string {
	return t(ctx, "Step %d of %d", s.Items[s.Current].Number, len(s.Items))
}

func (i StepItem) status(ctx context.Context) string {
	text := t(ctx, i.state())
	if i.State == "done" && i.Detail != "" {
		text += " · " + i.Detail
	}
	return text
}

func (i StepItem) state() language.Key {
	switch i.State {
	case "done":
		return "Completed"
	case "now":
		return "In progress"
	case "todo":
		return "Not started"
	case "wait":
		return "Cannot start yet"
	case "problem":
		return "There is a problem"
	}
	return ""
}

// RailData is what is known of the referral so far.
type RailData struct {
	Items []RailItem
	// Note is one sentence below; nil for none.
	Note templ.Component
}

// RailItem is one fact; Detail is a second, paler line.
type RailItem struct {
	Key, Text, Detail string
}
