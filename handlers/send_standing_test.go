package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/referral"
	"tandem/internal/store"
)

// TestSendThatIsOver looks at a refused send after its draft was changed, sent again, and deleted.
func TestSendThatIsOver(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	b.complete(id)
	site := &sendSite{site: b.site, TB: t}
	refuse := func() string {
		to := b.post("/drafts/"+id+"/send", nil).header.Get("Location")
		site.attempt(strings.TrimPrefix(to, "/sends/"), refused())
		return to
	}
	first := refuse()
	wantButtons(t, b.get(first), "Try again", "Check your answers")
	b.fillStep(id, referral.StepNeeds, "go=continue", "details.requirements.services", "DeploymentOrMigration")
	wantButtons(t, b.get(first), "Check your answers")
	second := refuse()
	wantButtons(t, b.get(second), "Try again", "Check your answers")
	page := b.get(first)
	wantButtons(t, page, "See what came of it")
	if got := page.Attr(".actions a", "href"); got != "/drafts/"+id {
		t.Errorf("a send that was repeated leads to %q", got)
	}
	third := b.post("/drafts/"+id+"/send", nil).header.Get("Location")
	if got := b.get(second).Attr(".actions a", "href"); got != third {
		t.Errorf("a send that was repeated leads to %q, want %q", got, third)
	}
	site.attempt(strings.TrimPrefix(third, "/sends/"), refused())
	b.post("/drafts/"+id+"/delete", nil).leadsTo("/drafts")
	gone := b.get(third).want(http.StatusNotFound)
	if got := gone.Text("main"); !strings.Contains(got, "This draft was deleted on") {
		t.Errorf("the send of a deleted draft says %q", got)
	}
}

func wantButtons(t *testing.T, a *answer, want ...string) {
	t.Helper()
	a.want(http.StatusOK).Sound()
	if diff := cmp.Diff(want, a.Texts(".actions .ds-button")); diff != "" {
		t.Errorf("buttons (-want +got):\n%s", diff)
	}
}

// TestGivingUpOpensTheDraft takes back what Microsoft does not have.
func TestGivingUpOpensTheDraft(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	s := priya.queue(contoso())
	site.attempt(s.ID, store.Result{State: referral.Unknown,
		Outcome: referral.Outcome{Kind: referral.OutcomeNotFound}})
	page := priya.page("/sends/"+s.ID, http.StatusOK)
	priya.post(page.Attr(`form[action$="/cancel"]`, "action"), nil).leadsTo("/sends/" + s.ID)
	page = priya.page("/sends/"+s.ID, http.StatusOK)
	if got := page.Text("h1"); got != "You stopped this send" {
		t.Errorf("h1 %q", got)
	}
	priya.page(page.Attr(".actions a", "href"), http.StatusOK)
}

func TestSendOfMicrosoftsReferralThatIsOver(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	_, own := priya.sent(contoso())
	first := priya.connect(own, refused())
	wantButtons(t, priya.get("/sends/"+first), "Try again", "Check your answers")
	second := priya.connect(own, refused())
	page := priya.get("/sends/" + first)
	wantButtons(t, page, "See what came of it")
	if got := page.Attr(".actions a", "href"); got != "/sends/"+second {
		t.Errorf("leads to %q, want %q", got, "/sends/"+second)
	}
}
