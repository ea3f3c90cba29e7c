package store_test

import (
	"errors"
	"strings"
	"testing"

	"tandem/internal/referral"
)

func TestDraftIsKeptAsTyped(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		d := w.draft(t, w.ana, "Contoso Azure migration")
		wantSame(t, "revision", d.Revision, 1)
		wantSame(t, "owner", d.OwnerName, "Ana Silva")
		d.Answers.Details.DealValue = " 50.000,5 "
		d.Removed = &referral.Removed{Step: referral.StepTeam, Index: 1,
			Member: referral.NewMember("de-de")}
		d.MarkDone(referral.StepCustomer)
		d.Reached = 2
		saved := must(w.SaveDraft(t.Context(), w.ana, d))(t)
		if !saved.UpdatedAt.After(d.UpdatedAt) {
			t.Errorf("updated at %v, before at %v", saved.UpdatedAt, d.UpdatedAt)
		}
		d.Revision, d.UpdatedAt = 2, saved.UpdatedAt
		wantSame(t, "saved", saved, d)
		wantSame(t, "loaded", must(w.Draft(t.Context(), w.ana, d.ID))(t), d)
	})
}

func TestSaveDraftRefusesStale(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		d := w.draft(t, w.ana, "Contoso Azure migration")
		must(w.SaveDraft(t.Context(), w.ana, d))(t)
		d.Answers.Name = "Another name"
		_, err := w.SaveDraft(t.Context(), w.ana, d)
		wantErr(t, "SaveDraft", err, referral.ErrConflict)
		present := must(w.Draft(t.Context(), w.ana, d.ID))(t)
		wantSame(t, "name", present.Answers.Name, "Contoso Azure migration")
	})
}

func TestDeleteDraft(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		d := w.draft(t, w.ana, "Contoso Azure migration")
		if err := w.DeleteDraft(t.Context(), w.ana, d.ID); err != nil {
			t.Fatal(err)
		}
		_, err := w.Draft(t.Context(), w.ana, d.ID)
		var deleted *referral.DeletedError
		if !errors.As(err, &deleted) || deleted.By != "Ana Silva" || deleted.At.IsZero() {
			t.Errorf("Draft: %v, %+v", err, deleted)
		}
		_, err = w.SaveDraft(t.Context(), w.ana, d)
		wantErr(t, "SaveDraft", err, referral.ErrGone)
		_, _, err = w.Queue(t.Context(), w.ana, ownSend(d), enqueued)
		wantErr(t, "Queue", err, referral.ErrGone)
		wantErr(t, "DeleteDraft", w.DeleteDraft(t.Context(), w.ana, d.ID), referral.ErrGone)
		_, err = w.Draft(t.Context(), w.bo, d.ID)
		wantErr(t, "another's Draft", err, referral.ErrNotFound)
		wantSame(t, "list", len(must(w.Drafts(t.Context(), w.ana))(t)), 0)
		wantErased(t, w, d.ID)
	})
}

func wantErased(t *testing.T, w *world, id string) {
	t.Helper()
	var name, customer, doc string
	err := w.Writer().QueryRow(`SELECT name, customer, doc FROM drafts WHERE id = $1`, id).
		Scan(&name, &customer, &doc)
	if err != nil || strings.Contains(name+customer+doc, "Contoso") {
		t.Errorf("still there: %q %q %q, %v", name, customer, doc, err)
	}
}

// TestDeleteDraftErasesItsSends looks for the customer in every table after a draft with a rejected
// send was deleted.
func TestDeleteDraftErasesItsSends(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		d := w.draft(t, w.ana, "Contoso Azure migration")
		send := w.ended(t, w.sending(t, w.ana, ownSend(d)), referral.Rejected,
			referral.OutcomeInvalid)
		if err := w.DeleteDraft(t.Context(), w.ana, d.ID); err != nil {
			t.Fatal(err)
		}
		var left string
		err := w.Writer().QueryRow(`SELECT name || customer || external_reference_id || outcome ||
			LENGTH(body) || (SELECT LENGTH(a.body) || a.headers FROM attempts a
				WHERE a.send_id = s.id) FROM sends s WHERE id = $1`, send.ID).Scan(&left)
		if err != nil || left != "{}00{}" {
			t.Errorf("still there: %q, %v", left, err)
		}
	})
}

func TestSendLocksDraft(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		d := w.draft(t, w.ana, "Contoso Azure migration")
		send := w.sending(t, w.ana, ownSend(d))
		locked := must(w.Draft(t.Context(), w.ana, d.ID))(t)
		wantSame(t, "send", locked.SendID, send.ID)
		wantSame(t, "state", locked.SendState, referral.Sending)
		_, err := w.SaveDraft(t.Context(), w.ana, d)
		wantErr(t, "SaveDraft", err, referral.ErrLocked)
		wantErr(t, "DeleteDraft", w.DeleteDraft(t.Context(), w.ana, d.ID), referral.ErrLocked)

		w.ended(t, send, referral.Rejected, referral.OutcomeInvalid)
		free := must(w.SaveDraft(t.Context(), w.ana, d))(t)
		wantSame(t, "send after rejection", free.SendID, "")

		done := w.accepted(t, w.ana, free)
		sent := must(w.Draft(t.Context(), w.ana, d.ID))(t)
		wantSame(t, "accepted", []string{sent.SendID, string(sent.SendState), sent.ReferralID},
			[]string{done.ID, "accepted", done.ReferralID})
		_, err = w.SaveDraft(t.Context(), w.ana, free)
		wantErr(t, "SaveDraft when sent", err, referral.ErrLocked)
	})
}

func TestDrafts(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		first := w.draft(t, w.ana, "First")
		w.accepted(t, w.ana, w.draft(t, w.ana, "Sent"))
		second := w.draft(t, w.ana, "Second")
		w.draft(t, w.bo, "Another's")
		first = must(w.SaveDraft(t.Context(), w.ana, first))(t)
		got := must(w.Drafts(t.Context(), w.ana))(t)
		wantSame(t, "drafts", got, []referral.DraftSummary{
			{ID: first.ID, OwnerName: "Ana Silva", Name: "First", Customer: "Contoso",
				Deal: referral.CoSell, Reached: 1, UpdatedAt: first.UpdatedAt},
			{ID: second.ID, OwnerName: "Ana Silva", Name: "Second", Customer: "Contoso",
				Deal: referral.CoSell, Reached: 1, UpdatedAt: second.UpdatedAt},
		})
		wantSame(t, "admin's", len(must(w.Drafts(t.Context(), w.admin))(t)), 3)
	})
}
