package store_test

import (
	"strings"
	"testing"

	"tandem/internal/referral"
)

// TestConsentStaysWithTheSend keeps the receipt of the moment of sending, whatever becomes of the
// draft.
func TestConsentStaysWithTheSend(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		d := w.draft(t, w.ana, "Deal")
		receipt := referral.ConsentReceipt{Language: "en", By: w.ana.UserID, ByName: "Ana Silva",
			At: w.clock.Now(), Contacts: []referral.ConsentContact{{FirstName: "Sue", LastName: "Smith",
				Email: "sue@contoso.com"}},
			Said: []referral.ConsentSaid{{Question: "May we?", Answer: "Yes"}}}
		d.Receipt = &receipt
		d = must(w.SaveDraft(ctx, w.ana, d))(t)
		first := w.ended(t, w.sending(t, w.ana, ownSend(d)), referral.Rejected,
			referral.OutcomeInvalid)
		later := receipt
		later.Contacts, d.Receipt = nil, &later
		d = must(w.SaveDraft(ctx, w.ana, d))(t)
		wantSame(t, "receipt", must(w.Consent(ctx, w.ana, first.ID))(t), &receipt)
		second := w.queued(t, w.ana, ownSend(d))
		wantSame(t, "later receipt", must(w.Consent(ctx, w.admin, second.ID))(t), &later)
		wantSame(t, "another's", must(w.Consent(ctx, w.bo, first.ID))(t),
			(*referral.ConsentReceipt)(nil))
		plain := w.queued(t, w.ana, ownSend(w.draft(t, w.ana, "Without")))
		wantSame(t, "without", must(w.Consent(ctx, w.ana, plain.ID))(t),
			(*referral.ConsentReceipt)(nil))
	})
}

// TestConsentGoesWithADeletedDraft erases what named the customer's people.
func TestConsentGoesWithADeletedDraft(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		d := w.draft(t, w.ana, "Deal")
		d.Receipt = &referral.ConsentReceipt{Contacts: []referral.ConsentContact{{FirstName: "Sue"}}, At: w.clock.Now()}
		d = must(w.SaveDraft(ctx, w.ana, d))(t)
		send := w.ended(t, w.sending(t, w.ana, ownSend(d)), referral.Rejected,
			referral.OutcomeInvalid)
		wantErr(t, "delete", w.DeleteDraft(ctx, w.ana, d.ID), nil)
		wantSame(t, "receipt", must(w.Consent(ctx, w.ana, send.ID))(t),
			(*referral.ConsentReceipt)(nil))
	})
}

// TestConsentForgetsAnErasedContact takes name and address out of the receipt of a send.
func TestConsentForgetsAnErasedContact(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		d := w.draft(t, w.ana, "Deal")
		d.Receipt = &referral.ConsentReceipt{At: w.clock.Now(), Contacts: []referral.ConsentContact{
			{FirstName: "Sue", LastName: "Smith", Email: "sue@contoso.com"},
			{FirstName: "Joe", LastName: "Hansen", Email: "joe@contoso.com"}}}
		d = must(w.SaveDraft(ctx, w.ana, d))(t)
		send := w.accepted(t, w.ana, d)
		must(w.EraseContact(ctx, w.admin, "Sue@contoso.com"))(t)
		r := must(w.Consent(ctx, w.ana, send.ID))(t)
		if got := r.Contacts[0].String() + r.Contacts[1].String(); strings.Contains(got, "Sue") ||
			strings.Contains(got, "sue@") || !strings.Contains(got, "Joe Hansen") {
			t.Errorf("after erasing: %s", got)
		}
	})
}
