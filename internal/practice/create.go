package practice

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// printedBase is what the service prints in links, misspelling included.
const printedBase = "https://api.partner.microsoft.com/v1.0/engagments/referrals"

// microsoftAnswersIn is when a referral that Microsoft has not answered expires.
const microsoftAnswersIn = 14 * 24 * time.Hour

func (s *Simulator) create(c call, g grant) answer {
	doc, err := parseDocument(c.body)
	if err != nil {
		return invalid("the body is not a JSON object")
	}
	if reason := refuseReason(doc); reason != "" {
		return invalid(reason)
	}
	if reason := s.engagementReason(doc, g.person); reason != "" {
		return invalid(reason)
	}
	if len(s.shelf.items) >= s.capacity {
		return refusal(http.StatusInsufficientStorage, "generalException", "Practice is full.")
	}
	s.complete(doc)
	s.shelf.add(g.person.Email, doc)
	// The documented sample answers a create without the closing date, and so
	// does this, although a look-up has it.
	return jsonAnswer(http.StatusCreated, doc.without("details", "closingDateTime")).
		with("ETag", doc.text("eTag"))
}

// engagementReason says why the engagement id given is not acceptable: only a
// referral for Microsoft may join an engagement, and it must exist.
func (s *Simulator) engagementReason(doc document, p Person) string {
	id := doc.text("engagementId")
	if id == "" {
		return ""
	}
	if !connected(doc) {
		return "engagementId is only for the connected Microsoft referral"
	}
	for _, it := range s.shelf.items {
		if strings.EqualFold(it.doc.text("engagementId"), id) && it.visibleTo(p) {
			return ""
		}
	}
	return "engagementId is of no engagement this person can see"
}

// connected says whether a referral is the one for Microsoft.
func connected(doc document) bool {
	for _, target := range doc.list("target") {
		if strings.EqualFold(target.text("type"), "BusinessProfileLocation") &&
			strings.EqualFold(target.text("id"), "msft") {
			return true
		}
	}
	return false
}

// complete sets the fields that the service sets, whatever the caller sent in them.
func (s *Simulator) complete(doc document) {
	now := s.now()
	id := s.newID()
	if doc.text("engagementId") == "" {
		doc["engagementId"] = s.newID()
	}
	doc["id"] = id
	doc["eTag"] = s.shelf.eTag(now)
	doc["createdDateTime"], doc["updatedDateTime"] = stamp(now), stamp(now)
	doc["expirationDateTime"] = nil
	if _, ok := doc["externalReferenceId"]; !ok {
		doc["externalReferenceId"] = nil
	}
	doc["links"] = links(id, doc.text("engagementId"))
	tidyNumbers(doc)
	s.settle(doc, now)
}

// settle sets the first status. A partner's own referral that is sent as New
// comes back Active, as in the documented sample; Microsoft's waits for
// somebody at Microsoft.
func (s *Simulator) settle(doc document, now time.Time) {
	if doc.text("status") == "" {
		doc["status"], doc["substatus"] = "New", "Pending"
	}
	if connected(doc) {
		doc["organizationId"], doc["organizationName"] = "msft", "Microsoft"
		doc["expirationDateTime"] = stamp(now.Add(microsoftAnswersIn))
		return
	}
	doc["organizationId"], doc["organizationName"] = organizationID, Organisation
	if strings.EqualFold(doc.text("status"), "New") {
		doc["status"], doc["substatus"] = "Active", "Accepted"
	}
}

// tidyNumbers stores a deal value that was sent as text as a number.
func tidyNumbers(doc document) {
	details, _ := doc["details"].(map[string]any)
	if value, ok := details["dealValue"].(string); ok {
		details["dealValue"] = json.Number(strings.TrimSpace(value))
	}
}

func links(id, engagement string) map[string]any {
	return map[string]any{
		"relatedReferrals": map[string]any{
			"uri":    printedBase + "?$filter=engagementId eq '" + engagement + "'",
			"method": http.MethodGet,
		},
		"self": map[string]any{"uri": printedBase + "/" + id, "method": http.MethodGet},
	}
}

// read answers one referral, or 404 to somebody who may not see it.
func (s *Simulator) read(c call, g grant) answer {
	it, ok := s.shelf.find(c.id)
	if !ok || !it.visibleTo(g.person) {
		return refusal(http.StatusNotFound, "itemNotFound", "The referral was not found.")
	}
	return jsonAnswer(http.StatusOK, it.doc).with("ETag", it.doc.text("eTag"))
}
