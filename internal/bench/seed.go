package main

import (
	"context"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"tandem/internal/referral"
)

// drafts are complete drafts to send, each once.
type drafts struct {
	// model is the id of the draft that the others are copies of.
	model      string
	made, used atomic.Int64
}

// deal fills in the answers of the drafts.
func deal(a referral.Answers) referral.Answers {
	a.Name, a.MarketplaceIntent = "Contoso field service rollout", "HaveNotDecided"
	a.CustomerProfile.Name, a.CustomerProfile.Size = "Contoso Customer Inc", "10to50employees"
	a.CustomerProfile.Address = referral.Address{AddressLine1: "One Microsoft Way",
		City: "Redmond", State: "WA", PostalCode: "98052", Country: "US"}
	contact := referral.NewMember("en-us")
	contact.FirstName, contact.LastName = "Sue", "Smith"
	contact.Email, contact.PhoneNumber = "sue.smith@contoso.com", "1234567890"
	a.CustomerProfile.Team = []referral.Member{contact}
	a.Team[0].PhoneNumber = "+44 20 7946 0018"
	a.Consent = referral.Consent{ShareInfo: "true", Contact: "true"}
	a.Details.DealValue, a.Details.Currency = "50000", "USD"
	a.Details.Closing = referral.ClosingDate{Day: "14", Month: "1", Year: "2099"}
	a.Details.Notes = "Supply chain on Dynamics 365."
	a.Details.Requirements.Solutions = []string{"Dynamics365forFieldService"}
	a.Target = []referral.Target{{Type: referral.TargetSolution, ID: []string{"SOL-34104-EBB"}}}
	return a
}

// seedDraft stores the model.
func (b *bench) seedDraft(ctx context.Context) error {
	rep := referral.User{ID: b.rep.UserID, GivenName: "Priya", FamilyName: "Raman",
		Email: "priya.raman@northbridge.example"}
	d := referral.NewDraft(referral.CoSell, rep, referral.Last{})
	d.Answers = deal(d.Answers)
	d, err := b.db.CreateDraft(ctx, b.rep, d)
	b.drafts.model = d.ID
	return err
}

// moreDrafts makes copies of the model until n are unused.
func (b *bench) moreDrafts(ctx context.Context, n int) error {
	made := b.drafts.made.Load()
	n -= int(made - b.drafts.used.Load())
	_, err := b.db.Writer().ExecContext(ctx, `
		WITH RECURSIVE n (i) AS (SELECT $1 + 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1 + $2)
		INSERT INTO drafts (id, owner_id, name, customer, deal, reached, revision, doc, created_at,
			updated_at)
		SELECT 'bench-' || i, owner_id, name, customer, deal, reached, revision, doc, created_at,
			updated_at FROM drafts, n WHERE id = $3 AND i <= $1 + $2`, made, n, b.drafts.model)
	if err != nil {
		return fmt.Errorf("copying drafts: %w", err)
	}
	b.drafts.made.Add(int64(max(n, 0)))
	return nil
}

// next is a draft that was not used yet.
func (d *drafts) next() (string, error) {
	n := d.used.Add(1)
	if n > d.made.Load() {
		return "", fmt.Errorf("all %d drafts are used", d.made.Load())
	}
	return "bench-" + strconv.FormatInt(n, 10), nil
}

// growLists gives the rep and the bare program referrals up to n: one in seven connected, one in
// ten closed, of ten countries. Their fetch time is tomorrow, so that refreshing the list does not
// mark them as gone.
func (b *bench) growLists(ctx context.Context, n int) error {
	now := time.Now()
	_, err := b.db.Writer().ExecContext(ctx, `
		WITH RECURSIVE n (i) AS (SELECT (SELECT count(*) FROM referrals) + 1
			UNION ALL SELECT i + 1 FROM n WHERE i < $1)
		INSERT INTO referrals (id, remote_id, owner_id, engagement_id, kind, draft_id, send_id, deal,
			name, customer, external_reference_id, country, deal_value, amount, currency,
			closing_date, status, substatus, etag, search, created_at, updated_at, sender_id,
			conn_state, team, fetched_at)
		SELECT 'id-' || i, 'remote-' || i, $2, 'engagement-' || i, 'own', '', '', '', 'Deal ' || i,
			'Customer ' || (i % 997), 'CRM-' || i, 'C' || (i % 10), CAST(i * 7 % 10007 AS TEXT),
			i * 7 % 10007, 'USD', '2027-10-' || (10 + i % 18),
			CASE WHEN i % 10 = 0 THEN 'Closed' WHEN i % 2 = 0 THEN 'Active' ELSE 'New' END,
			CASE WHEN i % 10 = 0 THEN 'Won' WHEN i % 2 = 0 THEN 'Accepted' ELSE 'Pending' END, '"e"',
			'deal ' || i || ' of the customer with a usual length customer ' || (i % 997), $3,
			$3 - i * 60000000, $2, CASE WHEN i % 7 = 0 THEN 'accepted' ELSE '' END,
			'priya.raman@northbridge.example', $4
		FROM n WHERE i <= $1`, n, b.rep.UserID, now.UnixMicro(),
		now.Add(24*time.Hour).UnixMicro())
	if err != nil {
		return fmt.Errorf("making the list longer: %w", err)
	}
	return fillLimit(b.limitDB, n)
}
