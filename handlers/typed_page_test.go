package handlers_test

import (
	"bytes"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/partnercenter"
	"tandem/internal/referral"
)

// typing is a form that people type into, as they leave it half done.
type typing struct {
	route, path string
	// page shows the form, if that is another than path; form is the form's selector there, if it
	// is not the page's sheet.
	page, form string
	typed      url.Values
}

// nothingTyped are the routes on which people only press buttons, sign in, or answer the script.
func nothingTyped() []string {
	return []string{"POST /auth/sign-in", "POST /auth/sign-out", "POST /session/keep",
		"POST /typed/discard", "POST /referrals/refresh", "POST /referrals/:r/refresh",
		"POST /referrals/:r/seen", "POST /referrals/:r/copy", "POST /referrals/:r/connect/send",
		"POST /drafts/:d/send", "POST /drafts/:d/delete", "POST /drafts/:d/consent/stop",
		"POST /sends/:s/check", "POST /sends/:s/again", "POST /sends/:s/cancel",
		"POST /changes/:c/again", "POST /changes/:c/drop",
		"POST /settings/people/:p/erase", "POST /settings/people/:p/end",
		"POST /settings/:kind/:id/retire", "POST /settings/:kind/:id/restore"}
}

// byScript are the routes by which the script keeps what is typed: TestSignedOutAutosave and
// TestSignedOutOnEdits hold them to the same.
func byScript(route string) bool { return strings.HasSuffix(route, "/autosave") }

// TestEveryTypedPageComesBack posts each form that people type into after the session has ended.
// What was typed waits sealed, and is back after the sign-in.
func TestEveryTypedPageComesBack(t *testing.T) {
	left := map[string]bool{}
	for _, r := range newGuarded(t).routes(t) {
		if r.method == http.MethodPost && r.pattern != "/practice/*" && !byScript(r.String()) {
			left[r.String()] = true
		}
	}
	for _, route := range nothingTyped() {
		if !left[route] {
			t.Errorf("there is no %s", route)
		}
		delete(left, route)
	}
	for name, open := range map[string]func(*testing.T) (*browser, []typing){
		"drafts": typedInDrafts, "a deal": typedInDeals, "a wizard": typedInWizard,
		"two versions": typedInConflict, "settings": typedInSettings,
	} {
		t.Run(name, func(t *testing.T) {
			b, all := open(t)
			for _, x := range all {
				delete(left, x.route)
				b.comesBack(x)
			}
		})
	}
	for route := range left {
		t.Errorf("nobody knows whether people type in %s", route)
	}
}

// comesBack leaves the form half done, signs in and finds it again.
func (b *browser) comesBack(x typing) {
	b.t.Helper()
	if x.page == "" {
		x.page = x.path
	}
	if x.form == "" {
		x.form = "form.sheet"
	}
	before := b.get(x.page).want(http.StatusOK).formAt(x.form)
	typed := maps.Clone(before)
	maps.Copy(typed, x.typed)
	if cmp.Equal(before, typed) {
		b.t.Fatalf("%s: nothing is typed", x.route)
	}
	back := b.postTooLate(x.path, typed)
	b.waitsSealed(typed)
	if to := b.comeIn(b.user, back); to != x.page {
		b.t.Fatalf("%s: the sign-in leads to %s, want %s", x.route, to, x.page)
	}
	page := b.get(x.page).want(http.StatusOK)
	page.Sound()
	if got := page.Text("#restored p"); got != signedOutNote {
		b.t.Errorf("%s: note %q", x.route, got)
	}
	if diff := cmp.Diff(typed, page.formAt(x.form)); diff != "" {
		b.t.Errorf("%s (-typed +shown):\n%s", x.route, diff)
	}
	b.post("/typed/discard", page.formAt("#restored")).leadsTo(x.page)
	page = b.get(x.page).want(http.StatusOK)
	page.None("#restored")
	if diff := cmp.Diff(before, page.formAt(x.form)); diff != "" {
		b.t.Errorf("%s: last saved version (-want +got):\n%s", x.route, diff)
	}
}

// waitsSealed looks at the one page that waits.
func (b *browser) waitsSealed(typed url.Values) {
	b.t.Helper()
	var sealed []byte
	err := b.site.Writer().QueryRow(`SELECT sealed FROM stashes`).Scan(&sealed)
	if err != nil || bytes.Contains(sealed, []byte(typed.Encode())) {
		b.t.Fatalf("%q waits: %v", sealed, err)
	}
}

func typedInDrafts(t *testing.T) (*browser, []typing) {
	b, id := lateBrowser(t)
	name := "customerProfile.name"
	asked := b.windows(id, referral.StepCustomer, []string{name, "Theirs"}, []string{name, "Mine"})
	return b, []typing{
		{route: "POST /drafts/new", path: "/drafts/new", typed: url.Values{"dealType": {"private"}}},
		{route: "POST /drafts/:d/type", path: "/drafts/" + id + "/type",
			typed: url.Values{"dealType": {"partner-led"}}},
		{route: "POST /drafts/:d/:step", path: stepPath(id, referral.StepDeal),
			typed: url.Values{"details.notes": {"half a sen"}}},
		{route: "POST /drafts/:d/:step/conflict", path: asked.Attr("form.sheet", "action"),
			typed: url.Values{name: {"mine"}}},
	}
}

// late is a browser of the site in which the person has signed in.
func (s *liveSite) late(t *testing.T) *browser {
	b := s.arrive(t)
	b.comeIn(s.priya.user, "/")
	return b
}

func typedInDeals(t *testing.T) (*browser, []typing) {
	s := newLiveSite(t, referral.Private)
	lost := s.path("/close?status=Closed%2FLost")
	return s.late(t), []typing{
		{route: "POST /referrals/:r/edit/:section", path: s.path("/edit/deal"),
			typed: url.Values{"details.notes": {"half a sen"}}},
		{route: "POST /referrals/:r/edit/sharing", path: s.path("/edit/sharing"),
			typed: agreed("cosell", "true", "false")},
		{route: "POST /referrals/:r/status", path: s.path("/status"),
			typed: url.Values{"status": {"Closed/Lost"}}},
		{route: "POST /referrals/:r/close", path: lost,
			typed: url.Values{"statusReason": {"They stayed with paper."}}},
	}
}

func typedInWizard(t *testing.T) (*browser, []typing) {
	s := newLiveSite(t, referral.CoSell)
	return s.late(t), []typing{{route: "POST /referrals/:r/connect", path: s.path("/connect"),
		typed: url.Values{"inviteContext.notes": {"Help with a de"}}}}
}

func typedInConflict(t *testing.T) (*browser, []typing) {
	s, at := inConflict(t)
	return s.late(t), []typing{{route: "POST /referrals/:r/conflict/:c", path: at,
		typed: url.Values{"details.notes": {"theirs"}}}}
}

func typedInSettings(t *testing.T) (*browser, []typing) {
	b := newSite(t).arrive(t)
	b.comeIn(mei(), "/")
	plays := "/settings/solution-plays"
	play := url.Values{"name": {"Half a na"}, "area": {"Security"}, "from.day": {"3"}}
	list := url.Values{"list": {"One\nTwo; play-2\nThr"}, "area": {"Security"}}
	return b, []typing{
		{route: "POST /preferences", path: "/preferences",
			typed: url.Values{"phone": {"+49 30 12"},
				"theme": {"dark"}, "currency": {"EUR"}}},
		{route: "POST /settings", path: "/settings",
			typed: url.Values{"organizationId": {"msft-mpn-43"}}},
		{route: "POST /settings/contacts", path: "/settings/contacts",
			typed: url.Values{"email": {"sue.gra"}}},
		{route: "POST /settings/:kind", path: plays, typed: play},
		{route: "POST /settings/:kind/import", path: plays + "/import", page: plays,
			form: "form[action$='/import']", typed: list},
		{route: "POST /settings/:kind/:id", path: "/settings/partner-roles/role-1",
			typed: url.Values{"code": {"half an i"}}},
	}
}

// TestNewVersionsAreChosenAnew asks without a choice when the page was saved elsewhere once more,
// and says so to who has chosen already.
func TestNewVersionsAreChosenAnew(t *testing.T) {
	s, at := inConflict(t)
	b := s.late(t)
	typed := b.get(at).formAt("form.sheet")
	typed.Set("details.notes", "theirs")
	back := b.postTooLate(at, typed)
	s.changes(partnercenter.Replace("/details/dealValue", "59000"))
	b.comeIn(b.user, back)
	b.post(s.path("/refresh"), nil).want(http.StatusSeeOther)
	var page *answer
	s.until(func() bool {
		page = b.get(at).want(http.StatusOK)
		return strings.Contains(page.body, "59,000")
	})
	if got := page.Text("#again h2"); !strings.HasPrefix(got, "It changed again") {
		t.Errorf("note %q", got)
	}

	d, id := lateBrowser(t)
	name := "customerProfile.name"
	asked := d.windows(id, referral.StepCustomer, []string{name, "Theirs"}, []string{name, "Mine"})
	path := asked.Attr("form.sheet", "action")
	choice := asked.formAt("form.sheet")
	choice.Set(name, "mine")
	d.comeIn(d.user, d.postTooLate(path, choice))
	d.get(path).want(http.StatusOK).One("main input[checked]")
	d.site.clock.move(time.Minute)
	d.windows(id, referral.StepCustomer, []string{name, "Third"}, []string{name, "Mine"}).
		None("main input[checked]")
	d.get(path).want(http.StatusOK).None("main input[checked]")
}
