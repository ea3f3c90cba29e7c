package handlers

import (
	"context"
	"fmt"

	"github.com/labstack/echo/v4"

	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

type pipelineStore interface {
	// Listing returns how far a person's referrals are fetched from Microsoft.
	Listing(ctx context.Context, userID string) (referral.Listing, error)
	Pipeline(ctx context.Context, c referral.Caller, f referral.Filter) (referral.Pipeline, error)
}

// pipelinePage sums the list up, with the list's own filters.
func pipelinePage(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		listing, err := d.Store.Listing(c.Request().Context(), caller(c).UserID)
		if err != nil {
			return err
		}
		if listing, err = d.look(c, listing); err != nil {
			return err
		}
		q := readListQuery(c.QueryParams()).at("/pipeline")
		p, err := d.Store.Pipeline(c.Request().Context(), caller(c), q.filter(d.here(c)))
		if err != nil {
			return err
		}
		l := in(c)
		v := views.Pipeline{Live: liveLine(l, listing, q, now(c)), List: q.at("/referrals").href()}
		v.Live.Actions = nil
		switch {
		case p.Total > 0:
			v.Charts = []views.Chart{statusChart(l, p, q), answerChart(l, p)}
			v.Values = valueCharts(l, p, d.here(c))
			v.Expiring = expiringRows(l, p)
		case len(q.values) > 0:
			v.Empty = noMatches(l, q)
		default:
			v.Empty = noReferrals(l)
		}
		if p.Total > 0 || len(q.values) > 0 {
			v.Filters, v.Chips = q.form(l), q.chips(l)
			v.Count = l.T("%d referrals", p.Total)
		}
		sh := shell(c, l.T("Pipeline"), "pipeline")
		return render(c, views.PipelinePage(sh, v))
	}
}

// share is the length of a value's bar. The largest value has 100, and any above zero at least 1.
func share(value, largest float64) int {
	if value <= 0 || largest <= 0 {
		return 0
	}
	return max(1, int(100*value/largest+0.5))
}

// statusChart counts the referrals by status, with a link to those of each.
func statusChart(l *language.Locale, p referral.Pipeline, q listQuery) views.Chart {
	chart := views.Chart{ID: "statuses", Title: l.T("Where the referrals stand"),
		Label: l.T("Status"), Value: l.T("Referrals")}
	largest := 0
	for _, n := range p.Statuses {
		largest = max(largest, n.Count)
	}
	for _, n := range p.Statuses {
		chart.Rows = append(chart.Rows, views.ChartRow{
			Label: standingText(l, n.Status, n.Substatus), Value: fmt.Sprint(n.Count),
			Bar: share(float64(n.Count), float64(largest)), Colour: statusColour(n.Status),
			Href: q.at("/referrals").with("status", n.Status).with("substatus", n.Substatus).href()})
	}
	return chart
}

// answerChart shows how long Microsoft took to answer.
func answerChart(l *language.Locale, p referral.Pipeline) views.Chart {
	chart := views.Chart{ID: "answers", Title: l.T("How long Microsoft took to answer"),
		Label: l.T("Time"), Value: l.T("Referrals"),
		Empty: l.T("No referral is connected with one of Microsoft’s.")}
	texts := map[int]language.Key{0: "Longer", 1: "Up to 1 day", 3: "2 to 3 days", 7: "4 to 7 days",
		14: "8 to 14 days", -1: "Not answered yet"}
	largest := 0
	for _, n := range p.Answers {
		largest = max(largest, n.Count)
	}
	for _, n := range p.Answers {
		colour := "success"
		if n.UpTo < 1 {
			colour = "neutral"
		}
		chart.Rows = append(chart.Rows, views.ChartRow{Label: l.T(texts[n.UpTo]),
			Value: fmt.Sprint(n.Count), Bar: share(float64(n.Count), float64(largest)),
			Colour: colour})
	}
	return chart
}

func expiringRows(l *language.Locale, p referral.Pipeline) []views.ExpiringRow {
	var rows []views.ExpiringRow
	for _, r := range p.Expiring {
		row := views.ExpiringRow{ID: r.ID, Name: r.Name, Customer: r.Customer, At: r.ExpiresAt,
			Whose: l.T("Microsoft")}
		if r.Status == "New" && r.Connection.Status != "New" {
			row.Whose = l.T("Us")
		}
		rows = append(rows, row)
	}
	return rows
}
