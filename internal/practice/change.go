package practice

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"tandem/internal/partnercenter"
)

// change applies a JSON patch (RFC 6902, add and replace), all of it or nothing.
func (s *Simulator) change(c call, g grant) answer {
	it, ok := s.shelf.find(c.id)
	if !ok || !it.visibleTo(g.person) {
		return refusal(http.StatusNotFound, "itemNotFound", "The referral was not found.")
	}
	if etag := c.header.Get("If-Match"); etag != "" && etag != it.doc.text("eTag") {
		return refusal(http.StatusPreconditionFailed, "preconditionFailed", "The eTag is stale.")
	}
	if reason := s.patch(it, c.body); reason != "" {
		return invalid(reason)
	}
	if !strings.EqualFold(c.header.Get("Prefer"), "return=representation") {
		return answer{status: http.StatusNoContent}.with("ETag", it.doc.text("eTag"))
	}
	return jsonAnswer(http.StatusOK, it.doc).with("ETag", it.doc.text("eTag"))
}

// patch changes the referral, or says why it does not.
func (s *Simulator) patch(it *stored, body []byte) string {
	v, err := decodeJSON(body)
	ops, ok := v.([]any)
	if err != nil || !ok {
		return "the body is not a list of operations"
	}
	after := it.doc.clone()
	for _, op := range ops {
		if reason := apply(after, op); reason != "" {
			return reason
		}
	}
	tidyNumbers(after)
	if reason := changeReason(it.doc, after); reason != "" {
		return reason
	}
	s.decide(after, it.doc.text("status"))
	s.touch(it, after)
	return ""
}

// touch stores a new version.
func (s *Simulator) touch(it *stored, doc document) {
	doc["eTag"] = s.shelf.eTag(s.now())
	doc["updatedDateTime"] = stamp(s.now())
	it.put(doc)
}

// decide records when a referral was accepted or closed.
func (s *Simulator) decide(doc document, before string) {
	status := strings.ToLower(doc.text("status"))
	if status == strings.ToLower(before) {
		return
	}
	if field, ok := map[string]string{"active": "acceptedDateTime",
		"closed": "closedDateTime"}[status]; ok {
		doc[field] = stamp(s.now())
	}
}

func apply(doc document, op any) string {
	o, _ := op.(map[string]any)
	kind, path := document(o).text("op"), document(o).text("path")
	value, given := o["value"]
	switch {
	case kind != "add" && kind != "replace":
		return fmt.Sprintf("operation %q is not supported", kind)
	case !slices.Contains(changeable(), path):
		return fmt.Sprintf("path %q cannot be changed", path)
	case !given:
		return fmt.Sprintf("path %q has no value", path)
	case strings.HasSuffix(path, "/-") && kind == "replace":
		return fmt.Sprintf("path %q can only be added to", path)
	}
	set(doc, strings.Split(path, "/")[1:], camelCased(value))
	return ""
}

// set writes value at the path and creates missing parents.
func set(node map[string]any, path []string, value any) {
	name := path[0]
	switch {
	case len(path) == 1:
		node[name] = value
	case path[1] == "-":
		items, _ := node[name].([]any)
		node[name] = append(items, value)
	default:
		child, ok := node[name].(map[string]any)
		if !ok {
			child = map[string]any{}
			node[name] = child
		}
		set(child, path[1:], value)
	}
}

// changeable are the paths the service documents for a change.
func changeable() []string {
	return []string{
		"/campaignId", "/consent/consentToShareReferralWithMicrosoftSellers",
		"/customerProfile/team", "/customerProfile/team/-", "/details/closingDateTime",
		"/details/currency", "/details/dealValue", "/details/notes",
		"/details/requirements/solutions", "/details/requirements/solutions/-",
		"/externalReferenceId", "/referralProgram", "/salesStage", "/status", "/substatus",
		"/statusReason", "/team", "/team/-",
	}
}

// changeReason says why the service would refuse the step from one state of a
// referral to the next: closed deals are frozen, a deal does not go back, and
// sharing cannot be taken back.
func changeReason(before, after document) string {
	const shared = "consent.consentToShareReferralWithMicrosoftSellers"
	rank := []string{"new", "active", "closed"}
	from := slices.Index(rank, strings.ToLower(before.text("status")))
	to := slices.Index(rank, strings.ToLower(after.text("status")))
	switch {
	case from == len(rank)-1:
		return "the referral is closed"
	case to < from, oneOf(before.text("substatus"), "Received") &&
		oneOf(after.text("substatus"), "Pending"):
		return "the status cannot go back"
	case before.yes(shared) && !after.yes(shared):
		return "sharing with Microsoft cannot be taken back"
	}
	return refuseReason(after)
}

// Change changes a referral from the other side, as somebody at Microsoft or a
// colleague would: its eTag is a new one afterwards. An error means that there is
// no such referral or that the service would refuse the operations.
func (s *Simulator) Change(id string, ops ...partnercenter.Op) error {
	body, err := json.Marshal(ops)
	if err != nil {
		return fmt.Errorf("changing referral %s: %w", id, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	it, ok := s.shelf.find(id)
	if !ok {
		return fmt.Errorf("changing referral %s: not stored", id)
	}
	if reason := s.patch(it, body); reason != "" {
		return fmt.Errorf("changing referral %s: %s", id, reason)
	}
	return nil
}

// MicrosoftAnswers lets Microsoft accept or decline every connected referral
// that still waits, and returns how many there were.
func (s *Simulator) MicrosoftAnswers(accept bool) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	status, substatus, answered := "Closed", "Declined", 0
	if accept {
		status, substatus = "Active", "Accepted"
	}
	for _, it := range s.shelf.items {
		if !connected(it.doc) || !strings.EqualFold(it.doc.text("status"), "New") {
			continue
		}
		answered++
		before := it.doc.text("status")
		it.doc["status"], it.doc["substatus"] = status, substatus
		if !accept {
			it.doc["statusReason"] = "The customer is in no segment that we cover"
		}
		s.decide(it.doc, before)
		s.touch(it, it.doc)
	}
	return answered
}
