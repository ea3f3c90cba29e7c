package views

import (
	"tandem/internal/form"

	"github.com/a-h/templ"
)

// TargetQuestions ask what the referral is for and who is invited. A question without a name is
// not asked.
type TargetQuestions struct {
	Type, Solution, Location  form.Field
	Message                   form.Field
	Status, Reason, InvitedBy form.Field
	// More names the rarely needed fields, MoreOpen shows them at once.
	More     string
	MoreOpen bool
}

// Errors returns what is wrong in page order.
func (q TargetQuestions) Errors() []form.Item {
	return form.Summary(q.Type, q.Solution, q.Location, q.Message, q.Status, q.Reason,
		q.InvitedBy)
}

// Content draws the questions.
func (q TargetQuestions) Content() templ.Component { return targetContent(q) }

func (q TargetQuestions) conds() []Cond {
	return []Cond{
		{Value: q.Type.Options[0].Value, Content: Text(q.Solution)},
		{Value: q.Type.Options[1].Value, Content: Text(q.Location)},
	}
}
