package partnercenter_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/partnercenter"
)

func TestParseTheDocumentedAnswer(t *testing.T) {
	raw, err := os.ReadFile("testdata/created.json")
	if err != nil {
		t.Fatal(err)
	}
	got, err := partnercenter.ParseReferral(raw)
	if err != nil {
		t.Fatal(err)
	}
	created := time.Date(2019, 2, 23, 2, 5, 23, 293181700, time.UTC)
	if !got.Created.Equal(created) || !got.Expires.IsZero() {
		t.Errorf("created %v, expires %v", got.Created, got.Expires)
	}
	if got.ETag != `"00006d10-0000-0000-0000-5c70aa630000"` || got.Details.DealValue != "50000" {
		t.Errorf("etag %s, deal value %s", got.ETag, got.Details.DealValue)
	}
	solutions := []partnercenter.Solution{{Type: "Category", ID: "Dynamics365forFieldService",
		Name: "Dynamics 365 for Field Service"}}
	if diff := cmp.Diff(solutions, got.Details.Requirements.Solutions); diff != "" {
		t.Errorf("solutions (-want +got):\n%s", diff)
	}
	if c := got.Consent; c.ShareInfoWithOthers == nil || !*c.ShareInfoWithOthers ||
		c.ShareWithSellers != nil {
		t.Errorf("consent is %+v", c)
	}
	if got.CustomerProfile.Team[1].Email != "joe.hansen@contoso.com" ||
		got.InviteContext.InvitedBy.OrganizationID != "msft" {
		t.Errorf("referral is %+v", got)
	}
}

func TestParseIsLenient(t *testing.T) {
	yes, long := true, strings.Repeat("f", 256)
	for name, tc := range map[string]struct {
		raw  string
		want partnercenter.Referral
	}{
		"other case": {`{"ID":"r","EngagementId":"e","ETAG":"\"1\""}`,
			partnercenter.Referral{ID: "r", EngagementID: "e", ETag: `"1"`}},
		"ids as object": {`{"id":"r","customerProfile":{"name":"C","ids":{},"size":null}}`,
			partnercenter.Referral{ID: "r", CustomerProfile: partnercenter.CustomerProfile{Name: "C"}}},
		"ids as list": {`{"id":"r","customerProfile":{"ids":[{"profileType":"Duns","id":"1"}]}}`,
			partnercenter.Referral{ID: "r", CustomerProfile: partnercenter.CustomerProfile{
				IDs: partnercenter.IDs{{ProfileType: "Duns", ID: "1"}}}}},
		"deal value as text": {`{"id":"r","details":{"dealValue":"10000.50","currency":"USD"}}`,
			partnercenter.Referral{ID: "r",
				Details: partnercenter.Details{DealValue: "10000.50", Currency: "USD"}}},
		"deal value as nonsense": {`{"id":"r","details":{"dealValue":"12a","currency":"USD"}}`,
			partnercenter.Referral{ID: "r", Details: partnercenter.Details{Currency: "USD"}}},
		"wrong kinds are skipped": {`{"name":7,"team":{"a":1},"details":[],"status":null,` +
			`"createdDateTime":12,"consent":{"consentToContact":true},"id":"r"}`,
			partnercenter.Referral{ID: "r", Consent: partnercenter.Consent{Contact: &yes}}},
		"ids that are none": {`{"id":"r","engagementId":"` + long + `1","etag":"` + long + `2"}`,
			partnercenter.Referral{ID: "r"}},
		"long ids": {`{"id":"` + long + `","engagementId":"` + long + `","etag":"` + long + `"}`,
			partnercenter.Referral{ID: long, EngagementID: long, ETag: long}},
		"date without zone": {`{"id":"r","details":{"closingDateTime":"2026-03-01T00:00:00"}}`,
			partnercenter.Referral{ID: "r", Details: partnercenter.Details{ClosingDateTime: partnercenter.Time{
				Time: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := partnercenter.ParseReferral([]byte(tc.raw))
			if err != nil {
				t.Fatal(err)
			}
			if string(got.Raw) != tc.raw {
				t.Errorf("raw is %s", got.Raw)
			}
			got.Raw = nil
			if diff := cmp.Diff(&tc.want, got); diff != "" {
				t.Errorf("referral (-want +got):\n%s", diff)
			}
		})
	}
}
