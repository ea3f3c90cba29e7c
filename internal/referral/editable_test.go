package referral_test

import (
	"slices"
	"strings"
	"testing"

	"tandem/internal/referral"
)

// TestEditables holds the list against Microsoft's PATCH paths.
func TestEditables(t *testing.T) {
	var got []string
	for _, e := range referral.Editables() {
		got = append(got, e.Pointer)
		if want := "/" + strings.ReplaceAll(e.Path, ".", "/"); e.Pointer != want {
			t.Errorf("%s is %s on the wire, want %s", e.Path, e.Pointer, want)
		}
		if reason := referral.FrozenReason(e.Path); reason != "" {
			t.Errorf("%s can be changed, but: %s", e.Path, reason)
		}
	}
	want := []string{
		"/campaignId", "/consent/consentToShareReferralWithMicrosoftSellers",
		"/customerProfile/team", "/details/closingDateTime", "/details/currency",
		"/details/dealValue", "/details/notes", "/details/requirements/solutions",
		"/externalReferenceId", "/referralProgram", "/salesStage", "/status", "/statusReason",
		"/substatus", "/team",
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("can be changed: %q", got)
	}
}

func TestFrozenAnswersHaveAReason(t *testing.T) {
	for path, frozen := range map[string]bool{
		"name": true, "qualification": true, "marketplaceIntent": true,
		"customerProfile.name": true, "customerProfile.address.city": true,
		"customerProfile.duns": true, "consent.consentToContact": true,
		"consent.consentToToShareInfoWithOthers": true, "target[0].id": true,
		"inviteContext.notes": true, "details.requirements.industries": true,
		"customerProfile.team[0].email": false, "team[3].firstName": false,
		"details.notes": false, "details.closingDateTime.day": false,
	} {
		reason := referral.FrozenReason(path)
		if (reason != "") != frozen {
			t.Errorf("%s: %q", path, reason)
		}
		if frozen && !strings.HasSuffix(reason, ".") {
			t.Errorf("%s: %q is no sentence", path, reason)
		}
	}
}
