package store_test

import (
	"testing"
	"time"

	"tandem/internal/referral"
)

func TestPipeline(t *testing.T) {
	at := func(name string, change func(*referral.Referral)) referral.Referral {
		return shown(name, change)
	}
	forEach(t, func(t *testing.T, w *world) {
		now := w.clock.Now().Add(time.Hour)
		ms := func(name string, change func(*referral.Referral)) referral.Referral {
			return shown(name, ofMicrosoft, func(r *referral.Referral) {
				r.OpenedAt = now.AddDate(0, 0, -10)
				change(r)
			})
		}
		w.fetched(t, w.bo, shown("bo's"))
		w.fetched(t, w.ana,
			at("a", func(r *referral.Referral) { r.ClosingDate = "2027-01-14" }),
			at("b", func(r *referral.Referral) { r.ClosingDate, r.DealValue = "2027-01-20", "50.25" }),
			at("c", func(r *referral.Referral) { r.ClosingDate, r.Currency = "2027-01-20", "USD" }),
			at("d", func(r *referral.Referral) { r.Status, r.Substatus = "Closed", "Won" }),
			at("e", func(r *referral.Referral) {
				r.Status, r.Substatus, r.ExpiresAt = "New", "Received", now.AddDate(0, 0, 3)
			}),
			ms("a", func(r *referral.Referral) { r.DecidedAt = r.OpenedAt.AddDate(0, 0, 2) }),
			ms("b", func(r *referral.Referral) { r.ExpiresAt = now.AddDate(0, 0, 2) }),
			ms("c", func(r *referral.Referral) { r.ExpiresAt = now.AddDate(0, 0, 9) }),
			ms("d", func(r *referral.Referral) { r.Status = "Closed" }), // nobody knows when
		)
		p := must(w.Pipeline(t.Context(), w.ana, referral.Filter{}))(t)
		wantSame(t, "statuses", p.Statuses, []referral.StatusCount{
			{Status: "New", Substatus: "Received", Count: 1},
			{Status: "Active", Substatus: "Accepted", Count: 3},
			{Status: "Closed", Substatus: "Won", Count: 1}})
		wantSame(t, "total", p.Total, 5)
		wantSame(t, "months", p.Months, []referral.MonthValue{
			{Currency: "EUR", Count: 1, Value: 100},
			{Month: "2027-01", Currency: "EUR", Count: 2, Value: 150.25},
			{Month: "2027-01", Currency: "USD", Count: 1, Value: 100}})
		wantSame(t, "answers", p.Answers, []referral.AnswerCount{
			{UpTo: 1}, {UpTo: 3, Count: 1}, {UpTo: 7}, {UpTo: 14}, {UpTo: 0},
			{UpTo: -1, Count: 2}})
		var expiring []string
		for _, r := range p.Expiring {
			expiring = append(expiring, r.Name)
		}
		wantSame(t, "expiring", expiring, []string{"b", "e"})
		none := must(w.Pipeline(t.Context(), w.ana, referral.Filter{Country: "FR"}))(t)
		wantSame(t, "of another country", none, referral.Pipeline{})
		wantSame(t, "everybody's",
			must(w.Pipeline(t.Context(), w.admin, referral.Filter{}))(t).Total, 6)
	})
}
