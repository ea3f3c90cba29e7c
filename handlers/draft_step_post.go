package handlers

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"tandem/internal/form"
	"tandem/internal/referral"
)

// The buttons of a step page.
type stepButton string

const (
	buttonContinue stepButton = "continue"
	buttonLater    stepButton = "later"
	buttonAdd      stepButton = "add"
	buttonRemove   stepButton = "remove"
	buttonUndo     stepButton = "undo"
)

// stepPost is a posted step page.
type stepPost struct {
	answers referral.Answers
	// base are the stored answers from which the form was made, rev is their fingerprint.
	rev, base string
	button    stepButton
	// number is the person to remove, from 1.
	number int
	// confirmed says that the rep means to remove himself.
	confirmed bool
}

// readStep reads a step page from the body. Parameters of the URL are no answers.
func readStep(c echo.Context) (stepPost, error) {
	if _, err := posted(c); err != nil {
		return stepPost{}, err
	}
	return stepOf(c.Request().PostForm)
}

// stepOf reads the values of a step page.
func stepOf(values url.Values) (stepPost, error) {
	p := stepPost{rev: values.Get("rev"), base: values.Get("base"), confirmed: values.Has("confirm")}
	if err := form.Decode(values, &p.answers); err != nil {
		return p, fmt.Errorf("%w: %w", errForm, err)
	}
	p.button, p.number = pressed(values)
	return p, nil
}

// pressed returns the button and the person it is about. Browsers post no other button than the
// one that was pressed.
func pressed(values url.Values) (stepButton, int) {
	switch {
	case values.Has("add"):
		return buttonAdd, 0
	case values.Has("undo"):
		return buttonUndo, 0
	case values.Has("remove"):
		n, err := strconv.Atoi(values.Get("remove"))
		if err != nil {
			return buttonRemove, 0
		}
		return buttonRemove, n
	case values.Get("go") == string(buttonLater):
		return buttonLater, 0
	}
	return buttonContinue, 0
}

// typed returns the draft with the posted answers of the step. Answers that the page did not ask
// for, because of the deal type, stay.
func (p stepPost) typed(d referral.Draft, s referral.Step) referral.Draft {
	from := p.answers
	if s == referral.StepTarget && !d.Deal().HasTarget() {
		from.Target, from.InviteContext = d.Answers.Target, d.Answers.InviteContext
	}
	d.Answers.Put(s, from)
	return d
}

// apply returns the draft with what was typed, and with the person added, removed or brought back
// for whom the button is.
func (p stepPost) apply(v *visit) referral.Draft {
	d := p.typed(v.draft, v.step)
	list := peopleOf(&d.Answers, v.step)
	removed := d.Removed
	d.Removed = nil
	switch {
	case list == nil:
	case p.button == buttonAdd && len(*list) < mostPeople(v.step):
		*list = append(slices.Clone(*list), referral.NewMember(v.last.Locale))
	case p.removes(v, *list):
		i := p.number - 1
		d.Removed = &referral.Removed{Step: v.step, Index: i, Member: (*list)[i]}
		*list = slices.Delete(slices.Clone(*list), i, i+1)
		if len(*list) == 0 {
			*list = []referral.Member{referral.NewMember(v.last.Locale)}
		}
	case p.button == buttonUndo && removed != nil && removed.Step == v.step:
		*list = slices.Insert(slices.Clone(*list), min(removed.Index, len(*list)), removed.Member)
	}
	return d
}

// removes tells whether the post removes a person. Reps who would remove themselves are asked
// first.
func (p stepPost) removes(v *visit, list []referral.Member) bool {
	return p.button == buttonRemove && p.number >= 1 && p.number <= len(list) &&
		!p.asksFirst(v, list)
}

func (p stepPost) asksFirst(v *visit, list []referral.Member) bool {
	return v.step == referral.StepTeam && !p.confirmed &&
		v.isRep(p.number-1, list[p.number-1])
}

// leadsTo is the page that follows; v holds the saved draft.
func (p stepPost) leadsTo(v *visit) string {
	query := url.Values{}
	switch p.button {
	case buttonLater:
		return "/drafts"
	case buttonContinue:
		return v.forward()
	case buttonAdd:
		if list := peopleOf(&v.draft.Answers, v.step); list != nil {
			query.Set("focus", strconv.Itoa(len(*list)))
		}
	case buttonRemove:
		n := strconv.Itoa(p.number)
		if v.draft.Removed != nil {
			query.Set("removed", n)
		} else if v.step == referral.StepTeam && !p.confirmed {
			query.Set("confirm", n)
		}
	}
	if v.query.toCheck {
		query.Set("return", "check")
	}
	return stepURL(v.draft.ID, v.step, query)
}

// forward is where "Save and continue" leads.
func (v *visit) forward() string {
	switch {
	case halted(v.draft, v.step):
		return "/drafts/" + v.draft.ID + "/consent/stop"
	case v.query.toCheck:
		return stepURL(v.draft.ID, referral.StepCheck, nil)
	}
	return stepURL(v.draft.ID, v.step.After(), nil)
}

// stepQuery is what the URL of a step page says.
type stepQuery struct {
	// toCheck is true when the rep came from the check page and goes back there.
	toCheck bool
	// copied is true when the draft was made from a referral just now.
	copied bool
	// focus, removed and confirm are numbers of people; 0 for nobody.
	focus, removed, confirm int
}

// back returns the part of the query that the following pages need; nil for nothing.
func (q stepQuery) back() url.Values {
	if q.toCheck {
		return url.Values{"return": {"check"}}
	}
	return nil
}

func readQuery(c echo.Context) stepQuery {
	number := func(name string) int {
		n, err := strconv.Atoi(c.QueryParam(name))
		if err != nil || n < 0 {
			return 0
		}
		return n
	}
	return stepQuery{toCheck: c.QueryParam("return") == "check",
		copied: c.QueryParams().Has("copied"), focus: number("focus"),
		removed: number("removed"), confirm: number("confirm")}
}
