package program

import (
	"context"
	"database/sql"
	"strings"
	"testing"
	"time"

	"tandem/internal/referral"
)

// TestLeftBehind erases somebody who left without settling what he sent.
func TestLeftBehind(t *testing.T) {
	t.Parallel()
	s := practiceProgram(t, world{now: time.Now})
	b := newTab(t, s.config.BaseURL, true)
	b.signIn("Mei Lin")
	left, err := s.store.SignIn(t.Context(), referral.User{Key: "1:left", Name: "Tom Archer",
		GivenName: "Tom", FamilyName: "Archer", Email: "tom.archer@northbridge.example"})
	b.must(err)
	lost := s.leave(t, left, "Fabrikam warehouse scanners")
	s.leave(t, left, "Contoso field service rollout")
	_, err = s.store.Writer().Exec(`UPDATE sends SET state = 'unknown',
		outcome = '{"kind":"lookup-error","status":401}' WHERE id = $1`, lost)
	b.must(err)
	erase := "/settings/people/" + left.ID + "/erase"
	b.open(erase)
	b.auditAs("not done")
	b.press("End what is not done")
	if got := b.text("#ended"); got != "What was not done is ended" {
		t.Errorf("the page says %q", got)
	}
	b.auditAs("ended")
	b.open("/sends/" + lost)
	b.wantHeading("An administrator ended this send")
	b.audit()
	b.open(erase)
	b.press("Erase data")
	if got := b.text("main"); !strings.Contains(got, "The person’s data is erased") {
		t.Errorf("the page says %q", got)
	}
}

// leave queues a send of somebody's that nobody carries out, and returns its id.
func (s *server) leave(t *testing.T, rep referral.User, name string) string {
	t.Helper()
	d := referral.NewDraft(referral.CoSell, rep, referral.Last{})
	d.Answers = answered(d.Answers)
	d.Answers.Name = name
	d, err := s.store.CreateDraft(t.Context(), rep.Caller(), d)
	if err != nil {
		t.Fatal(err)
	}
	send, _, err := s.store.Queue(t.Context(), rep.Caller(), referral.Send{Kind: referral.Own,
		DraftID: d.ID, Revision: d.Revision, Name: name, Customer: d.Answers.CustomerProfile.Name,
		ExternalReferenceID: d.Stamp(), Body: []byte(`{}`)},
		func(context.Context, *sql.Tx, string) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	return send.ID
}
