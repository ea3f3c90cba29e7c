package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/referral"
	"tandem/internal/store"
)

func TestStartAsksForTheDealType(t *testing.T) {
	b := newSite(t).signIn(t, priya())
	page := b.get("/drafts/new").want(http.StatusOK)
	page.Sound()
	page.None("input[checked]")
	page = b.post("/drafts/new", url.Values{"dealType": {"nonsense"}})
	page.want(http.StatusUnprocessableEntity).Sound()
	if got := page.Texts("#error-summary a"); !cmp.Equal(got,
		[]string{"Select who will work on this deal"}) {
		t.Errorf("error summary %q", got)
	}
	if all := must(b.site.Drafts(t.Context(), b.user.Caller()))(t); len(all) != 0 {
		t.Errorf("%d drafts were created", len(all))
	}
}

func TestChangeOfDealType(t *testing.T) {
	b, id := draftOf(t, referral.Private)
	path := "/drafts/" + id + "/type"
	page := b.get(path).want(http.StatusOK)
	page.Sound()
	if got := page.Value("dealType"); got != "private" {
		t.Errorf("chosen: %q", got)
	}
	b.post(path, url.Values{"dealType": {"x"}}).want(http.StatusUnprocessableEntity).Sound()
	b.post(path, url.Values{"dealType": {"cosell"}}).
		leadsTo(stepPath(id, referral.StepCustomer))
	b.post(path+"?return=check", url.Values{"dealType": {"partner-led"}}).
		leadsTo(stepPath(id, referral.StepCheck))
	if got := b.stored(id).Deal(); got != referral.PartnerLed {
		t.Errorf("deal type %q", got)
	}
}

func TestPrivateDealKeepsTheTarget(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	b.complete(id)
	before := b.stored(id).Answers
	b.post("/drafts/"+id+"/type", url.Values{"dealType": {"private"}})
	page := b.get(stepPath(id, referral.StepTarget))
	page.None(`[name="target[0].type"], [name^="inviteContext"]`)
	check := b.get(stepPath(id, referral.StepCheck)).Text("[aria-labelledby=card-target]")
	if strings.Contains(check, "Invite") {
		t.Errorf("the check page shows an invitation: %q", check)
	}
	if got := page.Text(".lead"); got != "A private deal has no target and invites nobody." {
		t.Errorf("lead %q", got)
	}
	b.fillStep(id, referral.StepTarget, "go=continue").
		leadsTo(stepPath(id, referral.StepCheck))
	after := b.stored(id).Answers
	if diff := cmp.Diff(before.Only(referral.StepTarget), after.Only(referral.StepTarget)); diff != "" {
		t.Errorf("a page that did not ask changed (-before +after):\n%s", diff)
	}
}

func TestTargetKeepsBothBranches(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	const location = "01e2abcd-52b0-4af3-a3ae-1fd1530b3563"
	page := b.get(stepPath(id, referral.StepTarget))
	values := page.fill("target[0].type", referral.TargetLocation, "go", "continue")
	values["target[0].id"] = []string{"SOL-34104-EBB", location}
	b.post(stepPath(id, referral.StepTarget), values).
		leadsTo(stepPath(id, referral.StepCheck))
	page = b.get(stepPath(id, referral.StepTarget))
	got := []string{page.Attr("#solution-id", "value"), page.Attr("#location-id", "value")}
	if diff := cmp.Diff([]string{"SOL-34104-EBB", location}, got); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
}

func TestNoConsentYet(t *testing.T) {
	for _, c := range []struct {
		deal           referral.Deal
		share, contact string
		reason         string
	}{
		{referral.CoSell, "false", "true",
			"Microsoft may not see Contoso’s details until they agree."},
		{referral.PartnerLed, "false", "false",
			"Microsoft may not see Contoso’s details until they agree."},
		{referral.CoSell, "true", "false",
			"Microsoft cannot help without contacting the customer."},
		{referral.PartnerLed, "true", "false", ""},
		{referral.Private, "false", "false", "Microsoft accepts no deal, not even a private one, " +
			"until Contoso agrees to share their information."},
		{referral.Private, "true", "false", ""},
	} {
		b, id := draftOf(t, c.deal)
		b.fillStep(id, referral.StepCustomer, "go=later", "customerProfile.name", "Contoso")
		a := b.fillStep(id, referral.StepConsent, "go=continue",
			"consent.consentToToShareInfoWithOthers", c.share, "consent.consentToContact", c.contact)
		stop := "/drafts/" + id + "/consent/stop"
		if c.reason == "" {
			a.leadsTo(stepPath(id, referral.StepDeal))
			b.get(stop).leadsTo(stepPath(id, referral.StepConsent))
			continue
		}
		a.leadsTo(stop)
		page := b.get(stop).want(http.StatusOK)
		page.Sound()
		if got := page.Text(".lead"); got != c.reason {
			t.Errorf("%+v: reason %q", c, got)
		}
		if b.stored(id).IsDone(referral.StepConsent) {
			t.Errorf("%+v: the step is done", c)
		}
		if c.share == "false" {
			page.None("button[name=dealType]")
			b.post(stop, nil).leadsTo(stop)
			continue
		}
		page.One("button[name=dealType]")
		b.post(stop, nil).leadsTo(stepPath(id, referral.StepDeal))
		if d := b.stored(id); d.Deal() != referral.Private || !d.IsDone(referral.StepConsent) {
			t.Errorf("%+v: deal %q, done %v", c, d.Deal(), d.Done)
		}
	}
}

func TestDraftsList(t *testing.T) {
	b := newSite(t).signIn(t, priya())
	page := b.get("/drafts").want(http.StatusOK)
	page.Sound()
	if got := page.Text("#no-drafts"); got != "No drafts" {
		t.Errorf("heading %q", got)
	}
	page.One(`main a[href="/drafts/new"]`)
	id := b.start(referral.CoSell)
	b.fillStep(id, referral.StepCustomer, "go=continue", goodAnswers()[referral.StepCustomer]...)
	b.start(referral.Private)
	page = b.get("/drafts")
	page.Sound()
	want := []string{"Untitled referral", "Contoso Customer Inc"}
	got := page.Texts(".c-name a")
	less := func(a, b string) bool { return a < b }
	if diff := cmp.Diff(want, got, cmpSorted(less)); diff != "" {
		t.Errorf("drafts (-want +got):\n%s", diff)
	}
	row := page.All(`tr:has(a[href="/drafts/` + id + `"])`)
	if got := row.Find(`[data-l="Step reached"]`).Text(); got != "2 of 7" {
		t.Errorf("step reached %q", got)
	}
}

func TestDraftsListShowsWhatIsBeingSent(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	tests := []struct {
		state  referral.State
		action []string
	}{
		{referral.Waiting, []string{"Sending: Waiting"}},
		{referral.Unknown, []string{"Outcome unknown: Unknown"}},
		{referral.NeedsSignIn, []string{"Sign in to send: Needs-sign-in"}},
		{referral.Rejected, []string{"Continue Rejected", "Delete Rejected"}},
	}
	sends := map[string]referral.Send{}
	for _, tt := range tests {
		a := contoso()
		a.Name = strings.ToUpper(string(tt.state[:1])) + string(tt.state[1:])
		s := priya.queue(a)
		site.attempt(s.ID, store.Result{State: tt.state, WaitUntil: site.clock.Now().Add(time.Hour)})
		sends[a.Name] = s
	}
	page := priya.page("/drafts", http.StatusOK)
	for _, tt := range tests {
		name := strings.ToUpper(string(tt.state[:1])) + string(tt.state[1:])
		row := page.All(`tr:contains("` + name + `")`)
		links := row.Find(`[data-l="Actions"] a`)
		if diff := cmp.Diff(tt.action, texts(links)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.state, diff)
		}
		want := "/sends/" + sends[name].ID
		if tt.state == referral.Rejected {
			want = "/drafts/" + sends[name].DraftID
		}
		if got := links.AttrOr("href", ""); got != want || row.Find("th a").AttrOr("href", "") != want {
			t.Errorf("%s leads to %q, want %q", tt.state, got, want)
		}
	}
}

func TestDeleteDraft(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	path := "/drafts/" + id + "/delete"
	b.get(path).want(http.StatusOK).Sound()
	b.post(path, nil).leadsTo("/drafts")
	page := b.get("/drafts/" + id + "/customer").want(http.StatusNotFound)
	if got := page.Text("main"); !strings.Contains(got, "This draft was deleted on ") {
		t.Errorf("the page does not say who deleted the draft: %q", got)
	}
}
