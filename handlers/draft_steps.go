package handlers

import (
	"strconv"
	"strings"

	"tandem/internal/referral"
	"tandem/views"
)

// stepList is the list of numbered steps beside a page. The two pages of step 4 are one item.
func stepList(d referral.Draft, current referral.Step, today referral.Date) views.Steps {
	out := views.Steps{Title: "New referral", Current: current.Number() - 1}
	for _, s := range referral.Steps() {
		if s == referral.StepNeeds {
			continue
		}
		out.Items = append(out.Items, views.StepItem{
			Name:   s.Title(),
			Href:   stepURL(d.ID, s, nil),
			Number: s.Number(),
			State:  stepState(d, s, current, today),
			Detail: stepDetail(d.Answers, s),
		})
	}
	last := views.StepItem{Name: "Check your answers", Number: referral.StepCount, State: "wait"}
	if nextStep(d, today) == referral.StepCheck {
		last.State, last.Href = "todo", stepURL(d.ID, referral.StepCheck, nil)
	}
	out.Items = append(out.Items, last)
	return out
}

// stepState says where a numbered step stands, over all its pages.
func stepState(d referral.Draft, s, current referral.Step, today referral.Date) string {
	pages := []referral.Step{s}
	if s == referral.StepDeal {
		pages = append(pages, referral.StepNeeds)
	}
	done, wrong, begun := 0, 0, current.Number() == s.Number()
	for _, p := range pages {
		switch {
		case complete(d, p, today):
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
func stepDetail(a referral.Answers, s referral.Step) string {
	switch s {
	case referral.StepCustomer:
		return referral.Clean(a.CustomerProfile.Name)
	case referral.StepContacts:
		return countPeople(len(referral.People(a.CustomerProfile.Team)))
	case referral.StepConsent:
		if a.Consent.ShareInfo == "true" && a.Consent.Contact == "true" {
			return "Given"
		}
		return "Not given"
	}
	return ""
}

func countPeople(n int) string {
	switch n {
	case 0:
		return "Nobody"
	case 1:
		return "1 person"
	}
	return strconv.Itoa(n) + " people"
}

// rail tells what was answered on the pages before this one.
func rail(d referral.Draft, current referral.Step) views.RailData {
	out := railNote(current)
	for _, item := range []struct {
		asked referral.Step
		fact  views.RailItem
	}{
		{referral.StepCustomer, customerFact(d.Answers)},
		{referral.StepContacts, contactsFact(d.Answers)},
		{referral.StepConsent, consentFact(d.Answers)},
		{referral.StepDeal, dealFact(d.Answers)},
	} {
		if item.fact.Text != "" && (item.asked.Number() < current.Number() ||
			item.asked == referral.StepDeal && current == referral.StepNeeds) {
			out.Items = append(out.Items, item.fact)
		}
	}
	return out
}

func railNote(s referral.Step) views.RailData {
	if s == referral.StepContacts {
		return views.RailData{Note: "Ask each person before you add them. The next page asks about " +
			"their consent."}
	}
	return views.RailData{Note: "Nothing is sent to Microsoft until you choose",
		Button: "Send referral", After: "on the last page."}
}

func customerFact(a referral.Answers) views.RailItem {
	at := a.CustomerProfile.Address
	return views.RailItem{Key: "Customer", Text: referral.Clean(a.CustomerProfile.Name),
		Detail: joined(", ", at.City, at.State, referral.CountryName(at.Country))}
}

func contactsFact(a referral.Answers) views.RailItem {
	var names []string
	for _, m := range referral.People(a.CustomerProfile.Team) {
		names = append(names, m.FullName())
	}
	return views.RailItem{Key: "Contacts", Text: joined(", ", names...)}
}

func consentFact(a referral.Answers) views.RailItem {
	item := views.RailItem{Key: "Consent"}
	switch a.Consent {
	case referral.Consent{}:
	case referral.Consent{ShareInfo: "true", Contact: "true"}:
		item.Text = "Share and contact: yes"
	case referral.Consent{ShareInfo: "true", Contact: "false"}:
		item.Text = "Share: yes, contact: no"
	default:
		item.Text = "Not given"
	}
	return item
}

func dealFact(a referral.Answers) views.RailItem {
	item := views.RailItem{Key: "Deal", Text: typedValue(a)}
	if day, ok := a.Details.Closing.Date(); ok {
		item.Detail = "Closing " + day.Long()
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
