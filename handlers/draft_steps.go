package handlers

import (
	"slices"
	"strings"

	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

// stepList is the list of numbered steps beside a page. The two pages of step 4 are one item.
func stepList(
	l *language.Locale, d referral.Draft, current referral.Step, today referral.Date,
) views.Steps {
	out := views.Steps{Title: l.T("New referral"), Current: current.Number() - 1,
		Items: make([]views.StepItem, 0, referral.StepCount)}
	done := completed(d, today)
	for _, s := range referral.Steps() {
		if s == referral.StepNeeds {
			continue
		}
		out.Items = append(out.Items, views.StepItem{
			Name:   l.Label(s.Title()),
			Href:   stepURL(d.ID, s, nil),
			Number: s.Number(),
			State:  stepState(d, s, current, done),
			Detail: stepDetail(l, d.Answers, s),
		})
	}
	last := views.StepItem{Name: l.T("Check your answers"), Number: referral.StepCount,
		State: "wait"}
	if len(done) == len(referral.Steps()) {
		last.State, last.Href = "todo", stepURL(d.ID, referral.StepCheck, nil)
	}
	out.Items = append(out.Items, last)
	return out
}

// stepState says where a numbered step stands, over all its pages, of which some are complete.
func stepState(d referral.Draft, s, current referral.Step, complete []referral.Step) string {
	pages := []referral.Step{s}
	if s == referral.StepDeal {
		pages = append(pages, referral.StepNeeds)
	}
	done, wrong, begun := 0, 0, current.Number() == s.Number()
	for _, p := range pages {
		switch {
		case slices.Contains(complete, p):
			done++
		case d.IsDone(p):
			wrong++
		}
		begun = begun || d.IsDone(p) || started(d.Answers, p)
	}
	return stateWord(done == len(pages), wrong > 0, begun)
}

func stateWord(done, wrong, begun bool) string {
	switch {
	case done:
		return "done"
	case wrong:
		return "problem"
	case begun:
		return "now"
	}
	return "todo"
}

// stepDetail is what is known of a done step; empty for nothing.
func stepDetail(l *language.Locale, a referral.Answers, s referral.Step) string {
	switch s {
	case referral.StepCustomer:
		return referral.Clean(a.CustomerProfile.Name)
	case referral.StepContacts:
		return countPeople(l, len(referral.People(a.CustomerProfile.Team)))
	case referral.StepConsent:
		if a.Consent.ShareInfo == "true" && a.Consent.Contact == "true" {
			return l.T("Given")
		}
		return l.T("Not given")
	}
	return ""
}

func countPeople(l *language.Locale, n int) string {
	if n == 0 {
		return l.T("Nobody")
	}
	return l.T("%d people", n)
}

// rail tells what was answered on the pages before this one.
func rail(l *language.Locale, d referral.Draft, current referral.Step) views.RailData {
	out := railNote(l, current)
	for _, item := range []struct {
		asked referral.Step
		fact  func(*language.Locale, referral.Answers) views.RailItem
	}{
		{referral.StepCustomer, customerFact},
		{referral.StepContacts, contactsFact},
		{referral.StepConsent, consentFact},
		{referral.StepDeal, dealFact},
	} {
		if item.asked.Number() >= current.Number() &&
			(item.asked != referral.StepDeal || current != referral.StepNeeds) {
			break
		}
		if fact := item.fact(l, d.Answers); fact.Text != "" {
			out.Items = append(out.Items, fact)
		}
	}
	return out
}

func railNote(l *language.Locale, s referral.Step) views.RailData {
	if s == referral.StepContacts {
		return views.RailData{Note: views.Rich("Ask each person before you add them. " +
			"The next page asks about their consent.")}
	}
	return views.RailData{
		Note: views.Rich("Nothing is sent to Microsoft until you choose %s on the last page.",
			views.Strong(l.T("Send referral")))}
}

func customerFact(l *language.Locale, a referral.Answers) views.RailItem {
	at := a.CustomerProfile.Address
	return views.RailItem{Key: l.T("Customer"), Text: referral.Clean(a.CustomerProfile.Name),
		Detail: area(l, at)}
}

func contactsFact(l *language.Locale, a referral.Answers) views.RailItem {
	return views.RailItem{Key: l.T("Contacts"),
		Text: names(l, referral.People(a.CustomerProfile.Team))}
}

func consentFact(l *language.Locale, a referral.Answers) views.RailItem {
	item := views.RailItem{Key: l.T("Consent")}
	switch a.Consent {
	case referral.Consent{}:
	case referral.Consent{ShareInfo: "true", Contact: "true"}:
		item.Text = l.T("Share and contact: yes")
	case referral.Consent{ShareInfo: "true", Contact: "false"}:
		item.Text = l.T("Share: yes, contact: no")
	default:
		item.Text = l.T("Not given")
	}
	return item
}

func dealFact(l *language.Locale, a referral.Answers) views.RailItem {
	item := views.RailItem{Key: l.T("Deal"), Text: typedValue(a)}
	if day, ok := a.Details.Closing.Date(); ok {
		item.Detail = l.T("Closing %s", longDay(l, day))
	}
	return item
}

// typedValue is the value for people, such as USD 50,000.00; empty when it cannot be read.
func typedValue(a referral.Answers) string {
	m, ok := referral.ParseMoney(a.Details.DealValue, a.Details.Currency)
	if !ok {
		return ""
	}
	return m.Format(a.Details.Currency)
}

// joined puts the parts that are not empty together.
func joined(sep string, parts ...string) string {
	var out []string
	for _, p := range parts {
		if p = referral.Clean(p); p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, sep)
}
