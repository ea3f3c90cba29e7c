package program

import (
	"fmt"
	"strings"
	"testing"

	"tandem/internal/partnercenter"
)

// TestChange changes one deal in two browsers at once, with and without JavaScript: who saves
// second chooses, meets a third change, chooses again, and nothing is lost. Then the deal is
// closed.
func TestChange(t *testing.T) {
	t.Parallel()
	for _, script := range []bool{true, false} {
		t.Run(fmt.Sprintf("script=%v", script), func(t *testing.T) {
			s := practiceProgram(t, world{now: sampleClock()})
			b := newTab(t, s.config.BaseURL, script)
			b.signIn("Priya Raman")
			b.trees = script
			draft, _ := b.ready(s)
			b.open(draft + "/check")
			b.press("Send referral")
			b.settle("Referral sent")
			deal := strings.TrimSuffix(eval[string](b, `location.pathname`), "/sent")
			b.open(deal)
			b.audit()
			b.open(deal + "/edit/deal")
			b.audit()
			if script {
				b.keptEdit(deal + "/edit/deal")
			}

			other := newTab(t, s.config.BaseURL, script)
			other.signIn("Priya Raman")
			other.open(deal + "/edit/deal")
			other.fill("details.dealValue", "58000")
			other.fill("salesStage", "Theirs")
			other.press("Save changes")
			other.settleOn("Microsoft accepted your change.")

			b.fill("details.dealValue", "65,000")
			b.fill("details.notes", "We want to start in spring.")
			b.press("Save changes")
			b.settleOn("Save my choices")
			b.conflict(s)
			b.settleOn("Microsoft accepted your change.")
			b.audit()
			now := s.practice.Simulator().Referrals()[0]
			if now.Details.DealValue != "65000" || now.SalesStage != "Again" ||
				now.Details.Notes != "We want to start in spring." {
				t.Errorf("Microsoft has %s", now.Raw)
			}
			b.otherEdits(deal)
			b.closeDeal(deal)
			if now = s.practice.Simulator().Referrals()[0]; now.Substatus != "Lost" {
				t.Errorf("Microsoft has %s – %s", now.Status, now.Substatus)
			}
		})
	}
}

// keptEdit leaves the page without a button and finds there what was typed; then it takes the last
// saved version again.
func (b *tab) keptEdit(path string) {
	b.Helper()
	b.keys("salesStage", "Kept")
	b.wantStatus("What you typed was kept at")
	b.auditAs("edit, kept")
	b.open(path)
	b.wantValue("salesStage", "Kept")
	b.auditAs("edit, restored")
	b.press("Use the last saved version")
	b.wantHeading("Change deal details")
	b.wantValue("salesStage", "")
}

// conflict chooses once without an answer, once too late, and then for good.
func (b *tab) conflict(s *server) {
	b.Helper()
	b.wantHeading("Someone else changed this referral")
	b.tree("conflict")
	b.audit()
	b.press("Save my choices")
	b.wantProblem("Select which deal value to keep")
	b.audit()
	b.tick("details.dealValue", "mine")
	sim := s.practice.Simulator()
	b.must(sim.Change(sim.Referrals()[0].ID, partnercenter.Replace("/salesStage", "Again"),
		partnercenter.Replace("/details/dealValue", "59000")))
	b.press("Save my choices")
	b.settleOn("It changed again")
	b.auditAs("it changed again")
	b.tick("details.dealValue", "mine")
	b.press("Save my choices")
}

// otherEdits looks at the other pages on which a deal is changed.
func (b *tab) otherEdits(deal string) {
	b.Helper()
	for _, section := range []string{"contacts", "team", "solutions"} {
		b.open(deal + "/edit/" + section)
		b.audit()
	}
	b.open(deal + "/edit/contacts")
	b.press("Add another contact")
	b.auditAs("contact added")
	b.press("Save changes")
	b.settleOn("nothing was saved")
}

// closeDeal closes the deal as lost, which is asked once more.
func (b *tab) closeDeal(deal string) {
	b.Helper()
	b.open(deal)
	b.press("Update status")
	b.audit()
	b.tick("status", "Closed/Lost")
	b.press("Continue")
	b.audit()
	b.press("Close the referral")
	b.wantProblem("Enter why you close this referral")
	b.fill("statusReason", "They stayed with paper.")
	b.press("Close the referral")
	b.settleOn("Microsoft accepted your change.")
	b.auditAs("closed")
}
