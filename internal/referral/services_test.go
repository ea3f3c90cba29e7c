package referral_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/referral"
)

// services are the seed's answers as a services co-sell deal, with some inputs changed.
func services(t *testing.T, changes url.Values) referral.Answers {
	t.Helper()
	v := url.Values{"dealType": {"services"}, "services.partnerRole": {"Presales envisioning"},
		"services.solutionArea": {"SEC"}, "services.solutionPlay": {"Data Security"}}
	for name, values := range changes {
		v[name] = values
	}
	return with(t, v)
}

// TestServicesAsksWhatMicrosoftRequires holds the rules of services co-sell.
func TestServicesAsksWhatMicrosoftRequires(t *testing.T) {
	for name, test := range map[string]struct {
		changes    url.Values
		path, want string
	}{
		"complete": {nil, "", ""},
		"typed":    {url.Values{"services.solutionPlay": nil, "services.otherPlay": {"X"}}, "", ""},
		"no role": {url.Values{"services.partnerRole": nil}, "services.partnerRole",
			"Select the partner role"},
		"no area": {url.Values{"services.solutionArea": nil, "services.otherArea": {" "}},
			"services.solutionArea", "Select the solution area"},
		"no play": {url.Values{"services.solutionPlay": nil}, "services.solutionPlay",
			"Select the solution play"},
		"no phone": {url.Values{"customerProfile.team[0].phoneNumber": nil},
			"customerProfile.team[0].phoneNumber", "Enter a phone number for contact 1"},
		"no notes": {url.Values{"details.notes": nil}, "details.notes",
			"Enter notes for the people working on the deal"},
		"another deal": {url.Values{"dealType": {"cosell"}, "services.partnerRole": nil}, "", ""},
	} {
		var all referral.Problems
		for _, ps := range referral.CheckAll(services(t, test.changes), today) {
			all = append(all, ps...)
		}
		if got := all.At(test.path); got != test.want || (test.path == "") != (len(all) == 0) {
			t.Errorf("%s: %v, want %q", name, all, test.want)
		}
	}
	if referral.Stop(services(t, url.Values{"consent.consentToContact": {"false"}})) !=
		referral.StopContact {
		t.Error("a services co-sell deal goes on without the consent to contact")
	}
}

// TestServicesReadBack reads what was sent out of Microsoft's answer.
func TestServicesReadBack(t *testing.T) {
	a := services(t, nil)
	body, err := referral.Payload(a, "TANDEM-1")
	if err != nil {
		t.Fatal(err)
	}
	back, err := referral.ReadAnswers(body)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(a.Services, back.Services); diff != "" || back.MarketplaceIntent == "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
	c, err := referral.Compare(body, body)
	if err != nil {
		t.Fatal(err)
	}
	labels := map[string]string{}
	for _, r := range c.Rows {
		f, _, _ := referral.FieldOf(r.Path)
		labels[f.Label] = r.Sent
	}
	for label, want := range map[string]string{"Partner role": "Presales envisioning",
		"Solution area": "SEC", "Solution play": "Data Security"} {
		if labels[label] != want {
			t.Errorf("%s is %q, want %q", label, labels[label], want)
		}
	}
}

func TestWarnings(t *testing.T) {
	now := day(2026, time.November, 22)
	set := lists()
	set.Entries = append(set.Entries,
		referral.Entry{Kind: referral.PartnerRoles, Code: "Presales envisioning",
			Name: "Presales envisioning"},
		referral.Entry{Kind: referral.OwnSolutions, Code: "SOL-34104-EBB", Name: "Supply chain",
			Until: day(2026, time.June, 30)})
	set.Entries[5].Until = day(2026, time.June, 30)
	fine := url.Values{"target[0].type": {"BusinessProfileLocation"}}
	for name, test := range map[string]struct {
		changes url.Values
		path    string
		want    string
	}{
		"nothing": {nil, "", ""},
		"typed": {url.Values{"services.otherRole": {"Builder"}}, "services.partnerRole",
			"Builder is not in your organisation’s list. Compare it with Partner Center"},
		"retired": {url.Values{"services.solutionPlay": {"Old"}}, "services.solutionPlay",
			"Old is not offered any more. Choose another if there is one"},
		"another area": {url.Values{"services.solutionArea": {"AI"}}, "services.solutionPlay",
			"Data Security belongs to the solution area Security"},
		"a retired target": {url.Values{"target[0].type": {"SolutionProfile"}}, "target[0].id",
			"Supply chain is not offered any more. Choose another if there is one"},
		"a retired solution": {url.Values{"details.requirements.solutionIds": {"SOL-1-A"}},
			"details.requirements.solutionIds",
			"Field service is not offered any more. Choose another if there is one"},
	} {
		changes := url.Values{}
		for _, more := range []url.Values{fine, test.changes} {
			for k, v := range more {
				changes[k] = v
			}
		}
		ps := referral.Warnings(services(t, changes), set, now)
		if got := ps.At(test.path); got != test.want || (test.path == "") != (len(ps) == 0) {
			t.Errorf("%s: %v, want %q", name, ps, test.want)
		}
	}
	a := services(t, url.Values{"dealType": {"private"}, "services.otherRole": {"Builder"}})
	if ps := referral.Warnings(a, set, now); len(ps) > 0 {
		t.Errorf("a private deal: %v", ps)
	}
}
