package views

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"tandem/internal/form"
	"tandem/internal/language"
)

// Questions are what a step page asks: how they look, and what is wrong with them in page order.
type Questions interface {
	form.Problem
	Content() templ.Component
}

// StepPage is a page of the guided form.
type StepPage struct {
	Shell Shell
	// Caption says where the person is: "Step 4 of 7". Lead is empty for none.
	Caption, Title, Lead string
	// BackText is the whole text of the link, such as "Back to consent".
	BackText, BackHref string
	// Saved is when the draft was saved last; zero before the first save.
	Saved time.Time
	// Primary is the text of the main button, Rev the fingerprint of the stored answers that the
	// shown ones were made from, Base those answers.
	Primary, Rev, Base string
	Restored           Restored
	// Note is said once above the questions; empty for none.
	Note string
	// Autosave is the URL that keeps what is typed, empty for none.
	Autosave  string
	Questions Questions
	Steps     Steps
	Rail      RailData
}

// instant is the time for machines, fullTime the same for people who ask for it.
func instant(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func fullTime(ctx context.Context, t time.Time) string { return language.Of(ctx).FullTime(t) }

// isPicker tells whether the page is made of pickers, which have their own kind of sheet.
func (p StepPage) isPicker() bool {
	_, ok := p.Questions.(NeedsQuestions)
	return ok
}
