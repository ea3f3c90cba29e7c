package views

import (
	"tandem/internal/form"

	"github.com/a-h/templ"
)

// TargetQuestions ask what the referral is for and who is invited. A question without a name is
// not asked.
type TargetQuestions struct {
	Type, Solution, Location form.Field
	// OtherSolution takes the id of a solution that is not in the list of Solution. NoSolutions
	// says that there is no list, so that Solution takes the id itself.
	OtherSolution             form.Field
	NoSolutions               bool
	Message                   form.Field
	Status, Reason, InvitedBy form.Field
	// More names the rarely needed fields, MoreOpen shows them at once.
	More     string
	MoreOpen bool
}

// Errors returns what is wrong in page order.
func (q TargetQuestions) Errors() []form.Item {
	return form.Summary(q.Type, q.Solution, q.OtherSolution, q.Location, q.Message, q.Status, q.Reason,
		q.InvitedBy)
}

// Content draws the questions.
func (q TargetQuestions) Content() templ.Component { return targetContent(q) }

func (q TargetQuestions) conds() []Cond {
	return []Cond{
		{Value: q.Type.Options[0].Value, Content: solutionQuestion(q)},
		{Value: q.Type.Options[1].Value, Content: Text(q.Location)},
	}
}
