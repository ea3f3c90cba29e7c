package views

import (
	"tandem/internal/form"

	"github.com/a-h/templ"
)

// EditPage is a page on which a referral that was sent is changed.
type EditPage struct {
	Shell Shell
	// Name is the referral's, Title the heading. Lead is empty for none.
	Name, Title, Lead string
	// BackHref is the referral's page.
	BackHref string
	// Fresh says how old the values are, or why they are not newer.
	Fresh string
	// Note is set when the page could not be saved: its heading, and what to do.
	Note Notice
	// ETag names the version that is edited, Replaces a change that this one takes the place of.
	ETag, Replaces string
	// Questions are nil when Microsoft's version is not known.
	Questions Questions
	// Pickers says that the questions are pickers, which have their own kind of sheet.
	Pickers bool
	// Autosave is where the script keeps what is typed, Restored what it kept before.
	Autosave string
	Restored Restored
	// Frozen are the answers that cannot be changed, each with the reason.
	Frozen []FrozenRow
}

// Notice is a heading and a sentence; without a heading there is none.
type Notice struct{ Title, Text string }

// FrozenRow is an answer that cannot be changed, and why.
type FrozenRow struct{ Label, Value, Reason string }

func (p EditPage) errors() []form.Item {
	if p.Questions == nil {
		return nil
	}
	return p.Questions.Errors()
}

func (p EditPage) frozenRows() []SumRow {
	var rows []SumRow
	for _, f := range p.Frozen {
		row := SumRow{Key: f.Label, Content: frozenAnswer(f)}
		rows = append(rows, row)
	}
	return rows
}

// EditDealQuestions ask for the facts of a deal that can still be changed.
type EditDealQuestions struct {
	DealQuestions
	Stage, Campaign form.Field
}

// Errors returns what is wrong in page order.
func (q EditDealQuestions) Errors() []form.Item {
	return form.Summary(q.Value, q.Currency, q.Closing, q.Stage, q.Campaign, q.CRM, q.Notes)
}

// Content draws the questions.
func (q EditDealQuestions) Content() templ.Component { return editDealContent(q) }
