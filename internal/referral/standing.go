package referral

import "strings"

// Standing is where a referral stands: its status and substatus, as Microsoft spells them.
type Standing struct{ Status, Substatus string }

// transition says what may follow a standing. An empty substatus stands for any that has no line
// of its own, such as Error, which Partner Center shows and nothing documents.
type transition struct {
	from Standing
	to   []Standing
}

// transitions is Microsoft's table: New, then Active, then Closed; New may close directly, and
// nothing follows Closed. See "Referral status and substatus" of the Referrals API.
func transitions() []transition {
	received, accepted := Standing{"New", "Received"}, Standing{"Active", "Accepted"}
	closed := []Standing{{"Closed", "Won"}, {"Closed", "Lost"}, {"Closed", "Declined"},
		{"Closed", "Expired"}}
	fromNew := append([]Standing{accepted}, closed...)
	return []transition{
		{Standing{"New", "Pending"}, append([]Standing{received}, fromNew...)},
		{Standing{Status: "New"}, fromNew},
		{Standing{Status: "Active"}, closed},
		{Standing{Status: "Closed"}, nil},
	}
}

// ParseStanding reads status and substatus joined by a slash, such as Closed/Won; without a slash
// the substatus is empty.
func ParseStanding(s string) Standing {
	status, substatus, _ := strings.Cut(s, "/")
	return Standing{status, substatus}
}

// Standing returns where the referral stands.
func (r Referral) Standing() Standing { return Standing{r.Status, r.Substatus} }

// String returns status and substatus joined by a slash.
func (s Standing) String() string { return strings.TrimSuffix(s.Status+"/"+s.Substatus, "/") }

// In returns the standing in words of a language.
func (s Standing) In(w Words) string {
	if s.Substatus == "" {
		return w.Label(s.Status)
	}
	return w.Label(s.Status) + " – " + w.Label(s.Substatus)
}

// Closes tells whether a referral with this standing is closed. Closed referrals cannot be changed.
func (s Standing) Closes() bool { return strings.EqualFold(s.Status, "Closed") }

// NeedsReason tells whether Tandem asks for a reason. The API does not require one.
func (s Standing) NeedsReason() bool {
	return s.is(Standing{"Closed", "Lost"}) || s.is(Standing{"Closed", "Declined"})
}

// Next returns what may follow, in the order in which it is offered; nothing after Closed, and
// nothing after a status that Microsoft does not publish.
func (s Standing) Next() []Standing {
	for _, t := range transitions() {
		if s.is(t.from) || t.from.Substatus == "" && strings.EqualFold(s.Status, t.from.Status) {
			return t.to
		}
	}
	return nil
}

// MayBecome tells whether to may follow.
func (s Standing) MayBecome(to Standing) bool {
	for _, next := range s.Next() {
		if next.is(to) {
			return true
		}
	}
	return false
}

// is compares as the service does, which prints and takes any case.
func (s Standing) is(o Standing) bool {
	return strings.EqualFold(s.Status, o.Status) && strings.EqualFold(s.Substatus, o.Substatus)
}
