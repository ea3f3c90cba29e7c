package handlers_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/handlers"
	"tandem/internal/referral"
	"tandem/internal/store"
)

func TestStepsFromStartToCheck(t *testing.T) {
	for _, deal := range referral.Deals() {
		t.Run(string(deal), func(t *testing.T) {
			b, id := draftOf(t, deal)
			for _, s := range referral.Steps() {
				b.get("/drafts/" + id).leadsTo(stepPath(id, s))
				page := b.get(stepPath(id, s)).want(http.StatusOK)
				page.Sound()
				page.None(".ds-validation-message")
				if got := page.Text("h1"); got != s.Title() {
					t.Errorf("h1 of %s is %q", s, got)
				}
				b.fillStep(id, s, "go=continue", goodFor(deal, s)...).leadsTo(stepPath(id, s.After()))
			}
			b.get("/drafts/" + id).leadsTo(stepPath(id, referral.StepCheck))
			b.get(stepPath(id, referral.StepCheck)).want(http.StatusOK).Sound()
		})
	}
}

func TestStepShowsWhatWasTyped(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	typed := []string{"name", "", "details.dealValue", "fifty <b>thousand</b>",
		"details.closingDateTime.day", "14", "details.closingDateTime.month", "11",
		"details.closingDateTime.year", "2018", "details.notes", "\nSecond line"}
	page := b.fillStep(id, referral.StepDeal, "go=continue", typed...)
	page.want(http.StatusUnprocessableEntity).Sound()
	for i := 0; i < len(typed); i += 2 {
		if got := page.Value(typed[i]); strings.TrimLeft(got, "\n") !=
			strings.TrimLeft(typed[i+1], "\n") {
			t.Errorf("%s shows %q, want %q", typed[i], got, typed[i+1])
		}
	}
	if got := page.Text("title"); got != "Error: Deal details – New referral – Tandem" {
		t.Errorf("title %q", got)
	}
	want := []string{"Enter a referral name",
		"Deal value must be a number, like 50000 or 50,000.50", "Select a currency",
		"Closing date must be today or in the future",
		"Select whether the customer means to buy through Microsoft Marketplace"}
	if diff := cmp.Diff(want, page.Texts("#error-summary a")); diff != "" {
		t.Errorf("error summary (-want +got):\n%s", diff)
	}
	if got := b.stored(id).Answers.Details.DealValue; got != "fifty <b>thousand</b>" {
		t.Errorf("stored %q", got)
	}
}

func TestStepDoneBecomesWrong(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	b.complete(id)
	b.fillStep(id, referral.StepDeal, "go=continue", "name", "").
		want(http.StatusUnprocessableEntity)
	if b.stored(id).IsDone(referral.StepDeal) {
		t.Error("a step that was saved with an error is still done")
	}
	b.get("/drafts/" + id).leadsTo(stepPath(id, referral.StepDeal))
}

func TestSaveAndFinishLaterNeverValidates(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	b.fillStep(id, referral.StepCustomer, "go=later", "customerProfile.name", " Contoso ").
		leadsTo("/drafts")
	if got := b.stored(id).Answers.CustomerProfile.Name; got != " Contoso " {
		t.Errorf("stored %q, want it as typed", got)
	}
}

func TestReturnToCheck(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	b.complete(id)
	path := stepPath(id, referral.StepCustomer) + "?return=check"
	page := b.get(path).want(http.StatusOK)
	if got := page.Text(".actions button[value=continue]"); got != "Save and return" {
		t.Errorf("button %q", got)
	}
	values := page.fill("go", "continue")
	b.post(path, values).leadsTo(stepPath(id, referral.StepCheck))
}

func TestAnswersInTheURLAreNotTaken(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	values := b.get(stepPath(id, referral.StepCustomer)).fill("go", "later")
	values.Del("customerProfile.name")
	b.post(stepPath(id, referral.StepCustomer)+"?customerProfile.name=Planted", values)
	if got := b.stored(id).Answers.CustomerProfile.Name; got != "" {
		t.Errorf("stored %q from the URL", got)
	}
}

func TestSameFormTwiceIsNoConflict(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	path := stepPath(id, referral.StepContacts)
	values := b.get(path).fill("customerProfile.team[0].firstName", "Sue", "add", "1")
	for range 2 {
		b.post(path, values).leadsTo(path + "?focus=2")
	}
	if n := len(b.stored(id).Answers.CustomerProfile.Team); n != 2 {
		t.Errorf("%d contacts after a double click, want 2", n)
	}
}

// busyStore lets the first saves meet another one.
type busyStore struct {
	*store.Store
	conflicts int
}

func (s *busyStore) SaveDraft(
	ctx context.Context, c referral.Caller, d referral.Draft,
) (referral.Draft, error) {
	if s.conflicts > 0 {
		s.conflicts--
		return referral.Draft{}, referral.ErrConflict
	}
	return s.Store.SaveDraft(ctx, c, d)
}

func TestStepIsSavedAgainAfterAnotherPage(t *testing.T) {
	for conflicts, status := range []int{303, 303, 303, 409} {
		b, id := draftOf(t, referral.CoSell)
		deps := b.site.deps
		deps.Store = &busyStore{Store: b.site.Store, conflicts: conflicts}
		b.site.Handler = handlers.New(deps)
		s := referral.StepCustomer
		b.fillStep(id, s, "go=continue", goodAnswers()[s]...).want(status)
	}
}

func TestDefaultsComeFromTheLastDraft(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	b.complete(id)
	next := b.stored(b.start(referral.CoSell)).Answers
	got := []string{next.CustomerProfile.Address.Country, next.Details.Currency,
		next.Team[0].PhoneNumber, next.Team[0].Email}
	want := []string{"US", "USD", "+44 20 7946 0018", priya().Email}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("next draft (-want +got):\n%s", diff)
	}
}

func TestDraftsOfOthers(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	bo := b.site.signIn(t, referral.User{Key: "tid:bo", Name: "Bo Lind"})
	admin := b.site.signIn(t, referral.User{Key: "tid:chen", Name: "Chen Li", Admin: true})
	for _, page := range []string{"", "/customer", "/check", "/type", "/delete", "/payload.json",
		"/consent/stop"} {
		bo.get("/drafts/" + id + page).want(http.StatusNotFound)
	}
	values := b.get(stepPath(id, referral.StepCustomer)).fill("go", "continue")
	for who, status := range map[*browser]int{bo: http.StatusNotFound,
		admin: http.StatusForbidden} {
		who.post(stepPath(id, referral.StepCustomer), values).want(status)
		who.post("/drafts/"+id+"/type", url.Values{"dealType": {"private"}}).want(status)
		who.post("/drafts/"+id+"/consent/stop", nil).want(status)
		who.post("/drafts/"+id+"/delete", nil).want(status)
	}
	admin.get(stepPath(id, referral.StepCustomer)).want(http.StatusOK)
	b.get("/drafts/" + id + "/nonsense").want(http.StatusNotFound)
}

func TestStepListTellsWhereTheRepIs(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	b.complete(id)
	b.fillStep(id, referral.StepNeeds, "go=later", "details.requirements.solutionIds", "wrong")
	got := b.get(stepPath(id, referral.StepTeam)).Texts(".steps li small")
	want := []string{"Completed · Contoso Customer Inc", "Completed · 1 person",
		"Completed · Given", "There is a problem", "Completed", "Completed", "Cannot start yet"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("step list (-want +got):\n%s", diff)
	}
	page := b.get(stepPath(id, referral.StepTeam))
	if got := page.Attr(`.steps [aria-current="step"]`, "href"); got !=
		stepPath(id, referral.StepTeam) {
		t.Errorf("current step %q", got)
	}
	if got := page.Text(".railnote"); got !=
		"Nothing is sent to Microsoft until you choose Send referral on the last page." {
		t.Errorf("note %q", got)
	}
	if got := page.Text(".railnote strong"); got != "Send referral" {
		t.Errorf("emphasised %q", got)
	}
	if got := page.Text("#save-status"); got != "Draft saved at 14:32 UTC" {
		t.Errorf("saved note %q", got)
	}
}

// TestSavingADraftThatWasSent posts a page that was open in one window while the draft was changed
// and sent in another: it says so and asks for no versions, of which none could be saved.
func TestSavingADraftThatWasSent(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	b.complete(id)
	path := stepPath(id, referral.StepCustomer)
	old := b.get(path).want(http.StatusOK)
	b.fillStep(id, referral.StepCustomer, "go=continue", "customerProfile.name", "Contoso Ltd").
		want(http.StatusSeeOther)
	b.post("/drafts/"+id+"/send", nil).want(http.StatusSeeOther)
	mine := old.fill("customerProfile.name", "Contoso Inc", "go", "continue")
	page := b.post(path, mine).want(http.StatusConflict)
	if got := page.Text("h1"); got != "This draft is being sent" {
		t.Errorf("while it is sent: h1 %q", got)
	}
	b.site.accept(t, b.stored(id).SendID)
	page = b.post(path, mine).want(http.StatusConflict)
	page.Sound()
	if got := page.Text("h1"); got != "This draft was sent" {
		t.Errorf("afterwards: h1 %q", got)
	}
}
