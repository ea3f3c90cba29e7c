package practice_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/partnercenter"
)

// patchBody is that of a change.
func patchBody(t testing.TB, ops ...partnercenter.Op) []byte {
	t.Helper()
	raw, err := partnercenter.Ops(ops...)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestChangeWithEtag(t *testing.T) {
	a := newAPI(t)
	call := a.as(t, priya)
	ref := a.create(t, call, sample(t)).Referral
	ops := []partnercenter.Op{
		partnercenter.Replace("/details/dealValue", "10000"),
		partnercenter.Add("/team/-", object{"firstName": "Jane", "Email": "jane.doe@contoso.com"}),
	}
	got, err := a.client.Patch(t.Context(), call, ref.ID, ref.ETag, patchBody(t, ops...))
	if err != nil {
		t.Fatal(err)
	}
	if got.Referral.Details.DealValue != "10000" || got.Referral.Team[1].Email != "jane.doe@contoso.com" ||
		got.ETag == ref.ETag || got.Referral.ETag != got.ETag {
		t.Errorf("changed to %s", got.Raw)
	}
	if _, ok := decode(t, got.Raw)["details"].(object)["dealValue"].(float64); !ok {
		t.Error("the deal value is not a number")
	}
	_, err = a.client.Patch(t.Context(), call, ref.ID, ref.ETag, patchBody(t, ops...))
	if e := failure(t, err); e.Status != 412 || e.Code != "preconditionFailed" {
		t.Errorf("a stale etag gives %v", err)
	}
	if err := a.sim.Change(ref.ID, partnercenter.Replace("/salesStage", "Theirs")); err != nil {
		t.Fatal(err)
	}
	if _, err = a.client.Patch(t.Context(), call, ref.ID, got.ETag, patchBody(t, ops...)); status(t, err) != 412 {
		t.Errorf("after a change at Microsoft: %v", err)
	}
	if len(a.sim.Referrals()[0].Team) != 2 {
		t.Error("a refused change was carried out")
	}
	if err := a.sim.Change("x"); err == nil {
		t.Error("a referral that is not there was changed")
	}
}

func TestChangesThatAreRefused(t *testing.T) {
	a := newAPI(t)
	call := a.as(t, priya)
	body := edit(sample(t), "consent.consentToShareReferralWithMicrosoftSellers", true)
	body = edit(body, "details.requirements.additionalRequirements.attributes", []any{
		object{"type": "CustomerMarketplaceIntent", "id": "HaveNotDecided"}})
	ref := a.create(t, call, body).Referral
	r := partnercenter.Replace
	for name, ops := range map[string][]partnercenter.Op{
		"operation":     {{Op: "remove", Path: "/statusReason"}},
		"path":          {r("/id", "x")},
		"other path":    {r("/name", "x")},
		"element":       {r("/team/0", object{})},
		"append":        {r("/team/-", object{})},
		"no sense":      {r("/details/dealValue", "-1")},
		"half a status": {r("/status", "Closed")},
		"back":          {r("/status", "New"), r("/substatus", "Pending")},
		"unshare":       {r("/consent/consentToShareReferralWithMicrosoftSellers", false)},
		"second fails":  {r("/statusReason", "x"), r("/details/currency", "")},
		"wrong kind":    {r("/team", "nobody")},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := a.client.Patch(t.Context(), call, ref.ID, "", patchBody(t, ops...))
			if err == nil || status(t, err) != 400 {
				t.Fatalf("got %v, want 400", err)
			}
			now, err := a.client.Referral(t.Context(), call, ref.ID)
			if err != nil || now.ETag != ref.ETag {
				t.Errorf("the referral changed all the same, %v", err)
			}
		})
	}
	won := []partnercenter.Op{r("/status", "Closed"), r("/substatus", "Won")}
	if _, err := a.client.Patch(t.Context(), call, ref.ID, "", patchBody(t, won...)); err != nil {
		t.Fatalf("%v: %s", err, a.note())
	}
	_, err := a.client.Patch(t.Context(), call, ref.ID, "", patchBody(t, r("/salesStage", "x")))
	if err == nil || status(t, err) != 400 {
		t.Errorf("a closed deal was changed: %v", err)
	}
}

func TestEveryDocumentedPathCanBeChanged(t *testing.T) {
	a := newAPI(t)
	call := a.as(t, priya)
	ref := a.create(t, call, sample(t)).Referral
	member := object{"firstName": "A", "lastName": "B", "phoneNumber": "1", "email": "a@b.example"}
	solution := object{"type": "Name", "id": "SOL-12345-ABC"}
	for path, value := range map[string]any{
		"/campaignId": "c", "/details/closingDateTime": "2027-01-01T00:00:00Z",
		"/details/currency": "EUR", "/details/dealValue": 5, "/details/notes": "n",
		"/details/requirements/solutions":   []any{solution},
		"/details/requirements/solutions/-": solution,
		"/customerProfile/team":             []any{member}, "/customerProfile/team/-": member,
		"/externalReferenceId": "crm-1", "/referralProgram": "p", "/salesStage": "s",
		"/statusReason": "r", "/team": []any{member}, "/team/-": member,
	} {
		op := partnercenter.Add(path, value)
		got, err := a.client.Patch(t.Context(), call, ref.ID, "", patchBody(t, op))
		if err != nil {
			t.Errorf("%s: %v, %s", path, err, a.note())
			continue
		}
		want, is := encode(t, value), encode(t, valueAt(decode(t, got.Raw), path))
		if diff := cmp.Diff(string(want), string(is)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

// valueAt follows a JSON pointer; a dash is the last element of a list.
func valueAt(doc object, path string) any {
	var v any = doc
	for _, name := range strings.Split(path, "/")[1:] {
		if list, ok := v.([]any); ok && name == "-" {
			v = list[len(list)-1]
			continue
		}
		v = v.(object)[name]
	}
	return v
}
