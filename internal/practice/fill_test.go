package practice_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tandem/internal/partnercenter"
)

// TestFill reads what was added as the person sees it: every kind, in pages of a hundred.
func TestFill(t *testing.T) {
	a := newAPI(t)
	if err := a.sim.Fill(priya, 250); err != nil {
		t.Fatal(err)
	}
	kinds, ids := map[string]int{}, map[string]bool{}
	var q partnercenter.Query
	for pages := 1; ; pages++ {
		page, err := a.client.List(t.Context(), a.as(t, priya), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Value {
			ids[r.ID] = true
			count(kinds, r)
		}
		if q.Next = page.Next; q.Next == "" {
			if pages != 3 || page.Count != 250 {
				t.Errorf("%d pages of %d referrals", pages, page.Count)
			}
			break
		}
	}
	if len(ids) != 250 {
		t.Errorf("%d different ids", len(ids))
	}
	for _, kind := range []string{"connected", "of teammates", "from Microsoft", "closed", "expires",
		"value as text", "ids as an object", "no size", "no closing date", "of US", "of CN"} {
		if kinds[kind] == 0 {
			t.Errorf("none is %s: %v", kind, kinds)
		}
	}
}

func count(kinds map[string]int, r partnercenter.Referral) {
	raw := string(r.Raw)
	for kind, is := range map[string]bool{
		"connected":        len(r.Target) > 0 && r.Target[0].ID == "msft",
		"of teammates":     len(r.Team) > 1,
		"from Microsoft":   r.Direction == "Incoming",
		"closed":           r.Status == "Closed",
		"expires":          !r.Expires.IsZero(),
		"value as text":    strings.Contains(raw, `"dealValue":"`),
		"ids as an object": strings.Contains(raw, `"ids":{}`),
		"no size":          strings.Contains(raw, `"size":null`),
		"no closing date":  r.Details.ClosingDateTime.IsZero(),
		"of " + r.CustomerProfile.Address.Country: true,
	} {
		if is {
			kinds[kind]++
		}
	}
}

func TestFillRefusesStrangersAndTooMany(t *testing.T) {
	a := newAPI(t)
	for _, email := range []string{"", "nobody@northbridge.example",
		"sam.carter@northbridge.example"} {
		if a.sim.Fill(email, 1) == nil {
			t.Errorf("filled for %q", email)
		}
	}
	if a.sim.Fill(priya, 1<<20) == nil || a.sim.Count() != 0 {
		t.Errorf("holds %d referrals", a.sim.Count())
	}
}

func TestPanelFills(t *testing.T) {
	a := newAPI(t)
	if got := a.page(t).Find("#person option").Length(); got != 3 {
		t.Errorf("%d people are offered", got)
	}
	for person, want := range map[string]int{priya: http.StatusSeeOther,
		"nobody": http.StatusUnprocessableEntity} {
		res := a.press(t, "/practice/referrals/fill", url.Values{"person": {person}})
		if res.StatusCode != want {
			t.Errorf("%s: status %d", person, res.StatusCode)
		}
	}
	if a.sim.Count() != 250 {
		t.Errorf("it holds %d", a.sim.Count())
	}
}
