package referral

import (
	"slices"
	"strings"
)

// Revise returns the edits that the answers of one section make to the referral with this JSON.
// They are compared with what the page showed, so that values that nobody touched stay as Microsoft
// wrote them.
func Revise(raw []byte, s Section, a Answers) ([]Edit, error) {
	from, err := readDocument(raw)
	if err != nil {
		return nil, err
	}
	to, err := readDocument(raw)
	if err != nil {
		return nil, err
	}
	was, err := ReadAnswers(raw)
	if err != nil {
		return nil, err
	}
	switch s {
	case SectionDeal:
		to.setDeal(was, a)
	case SectionContacts:
		to.set("customerProfile.team",
			revisedPeople(from.list("customerProfile.team"), a.CustomerProfile.Team))
	case SectionTeam:
		to.set("team", revisedPeople(from.list("team"), a.Team))
	case SectionSolutions:
		to.set(solutionsPath, revisedSolutions(from.list(solutionsPath), a.Details.Requirements))
	}
	return editsBetween(from, to)
}

const solutionsPath = "details.requirements.solutions"

// Share returns the edit that lets Microsoft's sellers see a private deal.
func Share(raw []byte) ([]Edit, error) {
	return setOne(raw, map[string]any{
		"consent.consentToShareReferralWithMicrosoftSellers": true})
}

// Move returns the edits that bring a referral to another standing. An empty reason leaves the
// present one.
func Move(raw []byte, to Standing, reason string) ([]Edit, error) {
	values := map[string]any{statusPath: to.String()}
	if reason = Clean(reason); reason != "" {
		values["statusReason"] = reason
	}
	return setOne(raw, values)
}

func setOne(raw []byte, values map[string]any) ([]Edit, error) {
	from, err := readDocument(raw)
	if err != nil {
		return nil, err
	}
	to, err := readDocument(raw)
	if err != nil {
		return nil, err
	}
	for path, v := range values {
		to.set(path, v)
	}
	return editsBetween(from, to)
}

// setDeal writes the deal's answers that differ from what was shown. The value is text, as in
// Microsoft's samples of a PATCH.
func (d document) setDeal(was, a Answers) {
	was.ExternalReferenceID = GivenReference(was.ExternalReferenceID)
	for _, text := range []struct{ path, was, now string }{
		{"externalReferenceId", was.ExternalReferenceID, a.ExternalReferenceID},
		{"salesStage", was.SalesStage, a.SalesStage},
		{"campaignId", was.CampaignID, a.CampaignID},
		{"details.currency", was.Details.Currency, a.Details.Currency},
		{"details.notes", was.Details.Notes, a.Details.Notes},
	} {
		if Clean(text.was) != Clean(text.now) {
			d.set(text.path, Clean(text.now))
		}
	}
	before, _ := ParseMoney(was.Details.DealValue, was.Details.Currency)
	if m, ok := ParseMoney(a.Details.DealValue, a.Details.Currency); ok && m != before {
		d.set("details.dealValue", string(m))
	}
	day, ok := a.Details.Closing.Date()
	if shown, _ := was.Details.Closing.Date(); ok && day != shown {
		d.set("details.closingDateTime", day.Wire())
	}
}

// stampPrefix begins the reference that Tandem gives to a referral without a CRM reference.
const stampPrefix = "TANDEM-"

// GivenReference is the CRM reference that a rep gave; a stamp of ours is none.
func GivenReference(ref string) string {
	if strings.HasPrefix(ref, stampPrefix) {
		return ""
	}
	return ref
}

// revisedPeople returns the entries for the people on the page. An unchanged person keeps the
// entry; a changed one keeps the members that Tandem does not know.
func revisedPeople(entries []any, people []Member) []any {
	out := []any{}
	for _, m := range People(people) {
		entry := entryOf(entries, m)
		if entry == nil {
			out = append(out, newPerson(m))
			continue
		}
		out = append(out, revisedPerson(entry, m))
	}
	return out
}

// entryOf finds the entry of a person: one that equals what was shown, or else has the same e-mail
// address.
func entryOf(entries []any, m Member) map[string]any {
	for _, same := range []func(Member) bool{
		func(was Member) bool { return tidy(was) == tidy(m) },
		func(was Member) bool { return PersonKey(m) != "" && PersonKey(was) == PersonKey(m) },
	} {
		i := slices.IndexFunc(entries, func(e any) bool {
			entry, ok := e.(map[string]any)
			return ok && same(shownPerson(entry))
		})
		if i >= 0 {
			return entries[i].(map[string]any)
		}
	}
	return nil
}

// shownPerson is a person as pages show an entry.
func shownPerson(entry map[string]any) Member {
	text := func(name string) string { s, _ := entry[name].(string); return s }
	preference, _ := entry["contactPreference"].(map[string]any)
	locale, _ := preference["locale"].(string)
	m := Member{FirstName: text("firstName"), LastName: text("lastName"), Email: text("email"),
		PhoneNumber: text("phoneNumber")}
	m.ContactPreference.Locale = strings.ToLower(locale)
	if disabled, _ := preference["disableNotifications"].(bool); !disabled {
		m.ContactPreference.DisableNotifications = "false"
	}
	return m
}

// tidy normalises a person as a form does, so that an unchanged person compares equal.
func tidy(m Member) Member {
	p := m.ContactPreference
	if p.DisableNotifications != "false" {
		p.DisableNotifications = ""
	}
	return Member{Clean(m.FirstName), Clean(m.LastName), Mailbox(m.Email), Phone(m.PhoneNumber), p}
}

// Untouched tells whether the person is among those shown exactly as typed. What Microsoft has
// already is not checked again.
func Untouched(shown []Member, m Member) bool {
	return slices.ContainsFunc(shown, func(was Member) bool { return tidy(was) == tidy(m) })
}

func newPerson(m Member) map[string]any {
	p := tidy(m)
	return map[string]any{
		"firstName": p.FirstName, "lastName": p.LastName, "email": p.Email,
		"phoneNumber": p.PhoneNumber, "contactPreference": map[string]any{
			"locale":               p.ContactPreference.Locale,
			"disableNotifications": p.ContactPreference.DisableNotifications != "false"},
	}
}

// revisedPerson is the entry with the answers that differ from those shown.
func revisedPerson(entry map[string]any, m Member) map[string]any {
	was, now := newPerson(shownPerson(entry)), newPerson(m)
	if sameMembers(was, now) {
		return entry
	}
	out := map[string]any{}
	for name, v := range entry {
		out[name] = v
	}
	for name, v := range now {
		if !sameAt("", was[name], v) {
			out[name] = v
		}
	}
	return out
}

// revisedSolutions keeps the entries that are still chosen, and adds the new ones at the end.
func revisedSolutions(entries []any, r Requirements) []any {
	chosen := map[string]solution{}
	var order []string
	add := func(s solution) {
		if _, ok := chosen[strings.ToLower(s.ID)]; !ok {
			order = append(order, strings.ToLower(s.ID))
			chosen[strings.ToLower(s.ID)] = s
		}
	}
	for _, id := range r.Solutions {
		add(solution{LabelOf(Solutions(), id), "Category", id})
	}
	for _, id := range r.Given() {
		add(solution{Type: "Name", ID: id})
	}
	out := []any{}
	for i, key := range keysOf(entries) {
		if _, ok := chosen[key]; ok || !asked(key) {
			out = append(out, entries[i])
			order = slices.DeleteFunc(order, func(s string) bool { return s == key })
		}
	}
	for _, key := range order {
		out = append(out, newSolution(chosen[key]))
	}
	return out
}

func newSolution(s solution) map[string]any {
	entry := map[string]any{"type": s.Type, "id": s.ID}
	if s.Name != "" {
		entry["name"] = s.Name
	}
	return entry
}

// asked tells whether a page can show the solution as an answer: as a tag, or as an id of one word.
func asked(key string) bool {
	tag := slices.ContainsFunc(Solutions(), func(c Choice) bool {
		return strings.EqualFold(c.ID, key)
	})
	return tag || key != "" && !strings.ContainsFunc(key, isSeparator)
}

// SplitSolutions returns the requirements as a page shows them: tags to tick, and other ids as
// text.
func (r Requirements) SplitSolutions() Requirements {
	var tags, ids []string
	for _, id := range r.Solutions {
		switch {
		case Has(Solutions(), id):
			tags = append(tags, id)
		case asked(strings.ToLower(id)):
			ids = append(ids, id)
		}
	}
	r.Solutions, r.SolutionIDs = tags, strings.Join(ids, "\n")
	return r
}
