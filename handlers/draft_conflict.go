package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"

	"github.com/labstack/echo/v4"

	"tandem/internal/form"
	"tandem/internal/referral"
	"tandem/views"
)

// conflictRoute is where the rep chooses between two versions of a step.
const conflictRoute = "/drafts/:d/:step/conflict"

// twoVersions are two versions of a page: what the rep typed, and what was saved meanwhile in
// another window.
type twoVersions struct {
	*visit
	merge    form.Merged
	chosen   url.Values
	problems map[string]bool
	// again says that the page was saved once more since the rep was asked.
	again    bool
	restored views.Restored
}

// clash keeps what was posted, because the page was saved in another window meanwhile, and leads to
// the page that asks which answers to keep.
func (d Deps) clash(c echo.Context, v *visit, p stepPost) error {
	if v.draft.OwnerID != v.rep.ID {
		return referral.ErrForbidden
	}
	if err := d.keepTyped(c); err != nil {
		return err
	}
	if err := d.forgetChoices(c, v); err != nil {
		return err
	}
	return sideBySide(v, p).show(c, http.StatusConflict)
}

// forgetChoices forgets what the rep chose between two versions of the page.
func (d Deps) forgetChoices(c echo.Context, v *visit) error {
	return d.Store.DeleteTyped(c.Request().Context(), caller(c), v.draft.ID, choicesPage(v.step))
}

// sideBySide compares what was typed with what is stored. Forms of an older version of Tandem do
// not say what they were made from.
func sideBySide(v *visit, p stepPost) twoVersions {
	mine, theirs := stepValues(p.typed(v.draft, v.step), v.step), stepValues(v.draft, v.step)
	var base url.Values
	if p.base != "" {
		base, _ = url.ParseQuery(p.base)
	}
	return twoVersions{visit: v,
		merge: form.Merge(base, mine, theirs, units(base, mine, theirs))}
}

// stepValues are the answers of a step as its form would post them, without empty ones.
func stepValues(d referral.Draft, s referral.Step) url.Values {
	answers := d.Answers.Only(s)
	return form.Encode(&answers)
}

// baseOf returns the answers from which a page is made, for a hidden input. It is never empty.
func baseOf(d referral.Draft, s referral.Step) string {
	values := stepValues(d, s)
	values.Set("dealType", d.Answers.DealType)
	return values.Encode()
}

// parts finds the inputs that together are one answer: those of a date, of a target or of a person.
var parts = regexp.MustCompile(`^(details\.closingDateTime|target\[0\]|(customerProfile\.)?team)` +
	`(\[\d+\])?`)

// units returns the function that names the answer to which an input belongs. If people were added
// or removed, their numbers no longer identify them, and all people are one answer.
func units(versions ...url.Values) func(string) string {
	people := map[int]bool{}
	for _, values := range versions {
		seen := map[string]bool{}
		for name := range values {
			if m := parts.FindStringSubmatch(name); m != nil && m[3] != "" {
				seen[m[0]] = true
			}
		}
		if values != nil {
			people[len(seen)] = true
		}
	}
	return func(name string) string {
		m := parts.FindStringSubmatch(name)
		switch {
		case m == nil:
			return name
		case m[3] != "" && len(people) > 1:
			return m[1]
		}
		return m[0]
	}
}

// conflicted wraps the page that asks. Without a conflict it redirects to the step.
func conflicted(d Deps, page func(echo.Context, twoVersions) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		v, err := openStep(c, d)
		if err != nil {
			return err
		}
		here := stepURL(v.draft.ID, v.step, nil)
		kept := restoredFrom(c, v.typed)
		post, err := stepOf(kept.values)
		if err != nil || !kept.found() || !v.stale(post.rev, post.typed(v.draft, v.step)) {
			return see(c, here)
		}
		return page(c, sideBySide(v, post))
	}
}

// stepConflictPage asks which answers to keep. It restores choices that were made before the rep
// was signed out.
func stepConflictPage(d Deps) echo.HandlerFunc {
	return conflicted(d, func(c echo.Context, k twoVersions) error {
		kept, err := restore(c, d.Store)
		if err != nil {
			return err
		}
		if kept.found() {
			k.choose(kept.values)
			k.restored, k.problems = kept.note, nil
			k.again = kept.values.Get("rev") != k.rev
		}
		return k.show(c, http.StatusOK)
	})
}

// settleStep saves the chosen answers, and those that one version alone has changed.
func settleStep(d Deps) echo.HandlerFunc {
	return conflicted(d, func(c echo.Context, k twoVersions) error {
		values, err := posted(c)
		if err != nil {
			return err
		}
		k.choose(values)
		if k.again = values.Get("rev") != k.rev; k.again {
			k.problems = nil
			return k.show(c, http.StatusConflict)
		}
		if len(k.problems) > 0 {
			return k.show(c, http.StatusUnprocessableEntity)
		}
		err = d.saveMerged(c, k)
		if errors.Is(err, referral.ErrConflict) {
			return see(c, k.path())
		}
		return err
	})
}

// saveMerged stores the result. The step is done once the rep has seen it and goes on from there.
func (d Deps) saveMerged(c echo.Context, k twoVersions) error {
	var answers referral.Answers
	keep := func(x form.Clash) bool { return k.chosen.Get(x.Name) == "mine" }
	if err := form.Decode(k.merge.Resolve(keep), &answers); err != nil {
		return fmt.Errorf("%w: %w", errForm, err)
	}
	next := stepPost{answers: answers}.typed(k.draft, k.step)
	markStep(&next, k.step, false)
	k.receive(&next, d.Now())
	next.Reached = nextStep(next, k.today).Number()
	if _, err := d.Store.SaveDraft(c.Request().Context(), caller(c), next); err != nil {
		return err
	}
	if err := saved(c, d.Store); err != nil {
		return err
	}
	err := d.Store.DeleteTyped(c.Request().Context(), caller(c), k.draft.ID, string(k.step))
	if err != nil {
		return err
	}
	return see(c, stepURL(k.draft.ID, k.step, nil))
}

// choose reads the choices, and notes which are missing.
func (k *twoVersions) choose(values url.Values) {
	k.chosen, k.problems = url.Values{}, map[string]bool{}
	for _, x := range k.merge.Both {
		switch v := values.Get(x.Name); v {
		case "mine", "theirs":
			k.chosen.Set(x.Name, v)
		default:
			k.problems[x.Name] = true
		}
	}
}

func (k twoVersions) path() string { return stepURL(k.draft.ID, k.step, nil) + "/conflict" }

func (k twoVersions) show(c echo.Context, status int) error {
	l, here := in(c), stepURL(k.draft.ID, k.step, nil)
	title := l.T("You changed this page in another window")
	at := nearTime(l, k.draft.UpdatedAt, now(c))
	p := views.ConflictPage{Shell: shell(c, titled(title, l.Label(k.step.Title())), "drafts"),
		Name: l.Label(k.step.Title()), Title: title, Action: k.path(),
		Restored: k.restored,
		Lead: l.T("It was saved there at %s, after you opened it here. We keep what you typed "+
			"here. For each answer, choose which one to save.", at),
		VersionName: "rev", Version: k.rev, BackText: l.T("Back to the page"), BackHref: here,
		Choices: k.choices(l), Theirs: k.onlyTheirs(l), Mine: k.onlyMine(l),
		DiscardHref: "/typed/discard?" + url.Values{"subject": {k.draft.ID},
			"page": {string(k.step)}, "return_to": {here}}.Encode()}
	if k.again {
		p.Again = l.T("It changed again at %s.", at)
	}
	p.Shell.HasErrors = len(k.problems) > 0
	return renderStatus(c, status, views.Conflict(p))
}
