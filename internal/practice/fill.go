package practice

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// filled is how many referrals the panel adds at once: more than two pages.
const filled = 250

// sample is a kind of referral. Fill adds all kinds in turn.
type sample struct {
	name              string
	status, substatus string
	// change makes the referral one of this kind; may be nil.
	change func(doc document, now time.Time)
}

// samples are ordered so that a connected referral follows the one it belongs to.
func samples() []sample {
	return []sample{
		{"Field service rollout", "Active", "Accepted", nil},
		{"Field service rollout", "Active", "Accepted", forMicrosoft},
		{"Plant analytics phase 2", "New", "Pending", nil},
		{"Retail copilots pilot", "Closed", "Won", closed("")},
		{"Bike telemetry platform", "Active", "Accepted", nil},
		{"Bike telemetry platform", "New", "Pending", forMicrosoft},
		{"Import workflow modernisation", "Active", "Accepted", teammates},
		{"Data estate assessment", "Closed", "Lost", closed("Another product was chosen")},
		{"Call centre in the cloud", "New", "Received", fromMicrosoft},
		{"Store network refresh", "Active", "Accepted", odd},
	}
}

// Fill adds n referrals that a person can see: most of them his own, some of teammates, some from
// Microsoft, and some in the odd shapes that answers can have. It is an error, and nothing is
// added, when there is no such person or no room for n more.
func (s *Simulator) Fill(email string, n int) error {
	person, ok := personByEmail(email)
	if !ok || person.Access == NoAccess {
		return errors.New("filling: nobody by this address has referrals")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.shelf.items)+n > s.capacity {
		return errors.New("filling: the simulator is full")
	}
	kinds := samples()
	for i := range n {
		s.addSample(i, kinds[i%len(kinds)], person)
	}
	return nil
}

// addSample adds the sample with number i. Higher numbers are older.
func (s *Simulator) addSample(i int, kind sample, p Person) {
	now := s.now()
	doc := sampleDocument(i, kind, p, now)
	doc["id"], doc["engagementId"] = s.newID(), s.newID()
	doc["eTag"] = s.shelf.eTag(now)
	doc["organizationId"], doc["organizationName"] = organizationID, Organisation
	if kind.change != nil {
		kind.change(doc, now)
	}
	if connected(doc) {
		last := s.shelf.items[len(s.shelf.items)-1].doc
		doc["engagementId"], doc["name"] = last["engagementId"], last["name"]
		doc["customerProfile"] = last.clone()["customerProfile"]
	}
	doc["links"] = links(doc.text("id"), doc.text("engagementId"))
	creator := p.Email
	if doc.text("direction") != "" || !doc.inTeamFirst(p.Email) {
		creator = ""
	}
	s.shelf.add(creator, doc)
}

func sampleDocument(i int, kind sample, p Person, now time.Time) document {
	customers := []string{"Contoso Customer Inc", "Fabrikam Fibre GmbH", "上海北方电器有限公司",
		"Tailspin Toys", "Adventure Works Ltd", "Wide World Importers", "Litware Inc",
		"Northwind Traders"}
	places := [][3]string{{"Redmond", "US", "USD"}, {"Berlin", "DE", "EUR"}, {"Shanghai", "CN", "CNY"},
		{"Leeds", "GB", "GBP"}, {"Sydney", "AU", "AUD"}}
	place, opened := places[i%7%5], now.Add(-time.Duration(i+1)*17*time.Hour)
	return document{
		"name": fmt.Sprintf("%s %d", kind.name, i+1), "type": "Shared",
		"status": kind.status, "substatus": kind.substatus, "qualification": "SalesQualified",
		"externalReferenceId": fmt.Sprintf("CRM-%05d", 10_000+i),
		"createdDateTime":     stamp(opened),
		"updatedDateTime":     stamp(opened.Add(time.Duration(i%17) * time.Hour)),
		"expirationDateTime":  nil,
		"customerProfile": map[string]any{
			"name": customers[i%len(customers)], "size": "51to250employees", "ids": []any{},
			"address": map[string]any{"addressLine1": fmt.Sprintf("%d Main Street", i+1),
				"city": place[0], "postalCode": fmt.Sprint(10_000 + i), "country": place[1]},
			"team": []any{member("Sue", "Smith", "sue.smith@customer.example")},
		},
		"consent": map[string]any{"consentToToShareInfoWithOthers": true, "consentToContact": true,
			"consentToShareReferralWithMicrosoftSellers": true},
		"details": map[string]any{
			"notes": "Added for practice.", "currency": place[2],
			"dealValue":       json.Number(fmt.Sprintf("%d.%02d", 1_000+i*i%97*1_250, i%4*25)),
			"closingDateTime": now.AddDate(0, 0, i%200-40).UTC().Format("2006-01-02T00:00:00Z"),
			"requirements": map[string]any{"solutions": []any{map[string]any{
				"type": "Name", "id": "SOL-34104-EBB"}},
				"additionalRequirements": map[string]any{"attributes": []any{map[string]any{
					"type": "CustomerMarketplaceIntent", "id": "HaveNotDecided"}}}},
		},
		"team": []any{member(p.GivenName, p.FamilyName, p.Email)},
		"target": []any{map[string]any{"type": "SolutionProfile",
			"id": "SOL-34104-EBB"}},
	}
}

func member(first, last, email string) map[string]any {
	return map[string]any{"firstName": first, "lastName": last, "email": email,
		"phoneNumber": "+44 20 7946 0018", "contactPreference": nil}
}

// forMicrosoft makes doc the connected referral of the sample before it. Microsoft has answered the
// active ones; the others expire one after the other.
func forMicrosoft(doc document, now time.Time) {
	doc["target"] = []any{map[string]any{"type": "BusinessProfileLocation", "id": "msft"}}
	doc["organizationId"], doc["organizationName"] = "msft", "Microsoft"
	opened, err := time.Parse(time.RFC3339, doc.text("createdDateTime"))
	if err != nil {
		opened = now
	}
	if doc.text("status") == "Active" {
		doc["acceptedDateTime"] = stamp(opened.Add(36 * time.Hour))
		return
	}
	left := time.Duration(len(doc.text("name"))%14+opened.Day()%14) * 24 * time.Hour
	doc["expirationDateTime"] = stamp(now.Add(left/2 + 12*time.Hour))
}

func closed(reason string) func(document, time.Time) {
	return func(doc document, _ time.Time) {
		doc["closedDateTime"], doc["statusReason"] = doc["updatedDateTime"], reason
	}
}

// teammates makes doc a deal that somebody else entered.
func teammates(doc document, _ time.Time) {
	team, _ := doc["team"].([]any)
	doc["team"] = append([]any{member("John", "Doe", "john.doe@northbridge.example")}, team...)
}

// fromMicrosoft makes doc a lead that Microsoft shared.
func fromMicrosoft(doc document, now time.Time) {
	doc["direction"], doc["externalReferenceId"] = "Incoming", nil
	doc["expirationDateTime"] = stamp(now.Add(time.Duration(now.Day()%5+3) * 24 * time.Hour))
}

// odd gives doc the unusual shapes that Microsoft's answers sometimes have.
func odd(doc document, _ time.Time) {
	customer, _ := doc["customerProfile"].(map[string]any)
	customer["ids"], customer["size"], customer["team"] = map[string]any{}, nil, nil
	details, _ := doc["details"].(map[string]any)
	details["dealValue"] = document(details).text("dealValue")
	delete(details, "closingDateTime")
	doc["unknownField"] = map[string]any{"kept": true}
}

// inTeamFirst tells whether the first of the team has this address: whoever enters a deal does.
func (d document) inTeamFirst(email string) bool {
	team := d.list("team")
	return len(team) > 0 && strings.EqualFold(team[0].text("email"), email)
}
