package handlers

import (
	"fmt"
	"slices"
	"time"

	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

// longestAxis is how many months are drawn side by side, those without a deal included.
const longestAxis = 36

// valueCharts draw the values by closing month, one chart for each currency on the same axis.
func valueCharts(l *language.Locale, p referral.Pipeline, now time.Time) []views.Columns {
	axis := monthAxis(p.Months)
	var currencies []string
	of := map[string][]referral.MonthValue{}
	for _, m := range p.Months {
		if of[m.Currency] == nil {
			currencies = append(currencies, m.Currency)
		}
		of[m.Currency] = append(of[m.Currency], m)
	}
	slices.Sort(currencies)
	var out []views.Columns
	for _, currency := range currencies {
		out = append(out, columnsOf(l, currency, of[currency], axis, now))
	}
	return out
}

// monthAxis are the months from the first to the last, or only those with a deal when it would be
// too long.
func monthAxis(all []referral.MonthValue) []string {
	var months []string
	for _, m := range all {
		if m.Month != "" && !slices.Contains(months, m.Month) {
			months = append(months, m.Month)
		}
	}
	slices.Sort(months)
	if len(months) == 0 {
		return nil
	}
	first, err := time.Parse("2006-01", months[0])
	if err != nil {
		return months
	}
	var axis []string
	for at := first; len(axis) < longestAxis; at = at.AddDate(0, 1, 0) {
		axis = append(axis, at.Format("2006-01"))
		if axis[len(axis)-1] == months[len(months)-1] {
			return axis
		}
	}
	return months[max(0, len(months)-longestAxis):]
}

func columnsOf(l *language.Locale, currency string, months []referral.MonthValue, axis []string,
	now time.Time,
) views.Columns {
	v := views.Columns{ID: "value-" + currency, Table: views.Chart{
		ID: "value-" + currency, Label: l.T("Closing month"), Value: l.T("Deal value"),
		Count: l.T("Referrals")}}
	var sum, largest float64
	count, of := 0, map[string]referral.MonthValue{}
	for _, m := range months {
		sum, count, of[m.Month] = sum+m.Value, count+m.Count, m
		if m.Month != "" {
			largest = max(largest, m.Value)
		}
		v.Table.Rows = append(v.Table.Rows, views.ChartRow{Label: monthText(l, m.Month),
			Value: amount(m.Value, currency), Count: fmt.Sprint(m.Count)})
	}
	v.Title, v.Text = amount(sum, currency), l.T("%d referrals", count)
	if n := of[""].Count; n > 0 {
		v.Text += " · " + l.T("%d without a closing date", n)
	}
	v.More = l.T("Numbers in %s", currency)
	for _, month := range axis {
		at, _ := time.Parse("2006-01", month) // which the store made of dates
		bar := views.Column{Month: l.ShortMonth(at), Year: at.Format("2006"), Colour: "info",
			Height: share(of[month].Value, largest)}
		if month < now.Format("2006-01") {
			bar.Colour = "neutral"
		}
		bar.Title = fmt.Sprintf("%s: %s", monthText(l, month), amount(of[month].Value, currency))
		v.Bars = append(v.Bars, bar)
	}
	return v
}

func amount(value float64, currency string) string {
	decimals := min(2, referral.Decimals(currency))
	return dealValue(fmt.Sprintf("%.*f", decimals, value), currency)
}

func monthText(l *language.Locale, month string) string {
	at, err := time.Parse("2006-01", month)
	if err != nil {
		return l.T("No closing date")
	}
	return l.MonthYear(at)
}
