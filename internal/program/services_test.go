package program

import (
	"strings"
	"testing"
	"time"

	"tandem/internal/practice"
	"tandem/internal/referral"
)

// TestServicesJourney answers what a services co-sell deal is asked on top, sends it, creates the
// connected referral, and looks at the referral's page; with lists that an administrator has
// changed.
func TestServicesJourney(t *testing.T) {
	t.Parallel()
	s := practiceProgram(t, world{now: time.Now})
	admin := newTab(t, s.config.BaseURL, false)
	admin.signIn("Mei Lin")
	admin.trees = true
	admin.settings()
	b := newTab(t, s.config.BaseURL, true)
	b.signIn("Priya Raman")
	path, owner := b.ready(s)
	d, err := s.store.Draft(t.Context(), owner, strings.TrimPrefix(path, "/drafts/"))
	b.must(err)
	d.Answers.DealType = string(referral.ServicesCoSell)
	d.Answers.Details.Closing = referral.ClosingDate{Day: "14", Month: "1", Year: "2099"}
	_, err = s.store.SaveDraft(t.Context(), owner, d)
	b.must(err)
	b.open(path)
	b.wantHeading("What the customer needs")
	b.audit()
	b.choose("services.partnerRole", "Presales envisioning")
	b.choose("services.solutionArea", "Security")
	b.press("Save and continue")
	b.wantProblem("Select the solution play")
	b.audit()
	b.choose("services.solutionPlay", "play-27")
	b.press("Save and continue")
	b.open(path + "/target")
	b.wantHeading("Target and invite")
	b.audit()
	b.open(path + "/check")
	b.audit()
	b.sendReferral()
	b.connect()
	attributes := sentAttributes(t, s.practice.Simulator().Requests())
	want := "CustomerMarketplaceIntent=HaveNotDecided PartnerRole=Presales envisioning " +
		"SolutionArea=Security SolutionPlay=play-27"
	if len(attributes) != 2 || attributes[0] != want || attributes[1] != want {
		t.Errorf("sent %q, want twice %q", attributes, want)
	}
	b.open("/referrals")
	b.press("Test Cosell Invite_20")
	b.audit()
	if text := b.text("main"); !strings.Contains(text, "play-27") {
		t.Errorf("the referral's page lacks the play\non %s", b.where())
	}
}

// settings goes through the pages of the settings as an administrator.
func (b *tab) settings() {
	b.Helper()
	b.open("/settings")
	b.wantHeading("Settings")
	b.tree("settings")
	b.audit()
	b.open("/settings/solution-plays")
	b.wantHeading("Solution plays")
	b.audit()
	b.press("Add")
	b.wantProblem("Enter the name")
	b.audit()
	b.fill("name", "A new play")
	b.fill("code", "play-27")
	b.choose("area", "Security")
	b.press("Add")
	b.open("/settings/solutions")
	b.audit()
	b.fill("name", "Field service")
	b.fill("code", "SOL-34104-EBB")
	b.press("Add")
	b.press("Change Field service")
	b.wantHeading("Field service")
	b.audit()
	b.press("Save")
	b.open("/settings")
	b.audit()
}

// sentAttributes are the attributes of every referral that was posted, as type=id.
func sentAttributes(t *testing.T, requests []practice.Request) []string {
	t.Helper()
	var out []string
	for _, r := range requests {
		if r.Method != "POST" {
			continue
		}
		body, _ := parse(t, r.Body).(map[string]any)
		details, _ := body["details"].(map[string]any)
		needs, _ := details["requirements"].(map[string]any)
		more, _ := needs["additionalRequirements"].(map[string]any)
		list, _ := more["attributes"].([]any)
		var all []string
		for _, item := range list {
			a, _ := item.(map[string]any)
			kind, _ := a["type"].(string)
			id, _ := a["id"].(string)
			all = append(all, kind+"="+id)
		}
		out = append(out, strings.Join(all, " "))
	}
	return out
}
