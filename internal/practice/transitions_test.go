package practice_test

import (
	"slices"
	"strings"
	"testing"

	"tandem/internal/partnercenter"
)

// TestTransitions asks for every pair of standings. What the service does not allow changes
// nothing.
func TestTransitions(t *testing.T) {
	closed := []string{"Closed/Won", "Closed/Lost", "Closed/Declined", "Closed/Expired"}
	allowed := map[string][]string{
		"New/Pending": append([]string{"New/Pending", "New/Received", "Active/Accepted"},
			closed...),
		"New/Received":    append([]string{"New/Received", "Active/Accepted"}, closed...),
		"Active/Accepted": append([]string{"Active/Accepted"}, closed...),
		"Closed/Won":      nil, "Closed/Lost": nil, "Closed/Declined": nil, "Closed/Expired": nil,
	}
	targets := append([]string{"New/Pending", "New/Received", "Active/Accepted", "New/Accepted",
		"New/Won", "Active/Pending", "Active/Won", "Closed/Accepted", "Closed/Pending",
		"Closed/Error", "Archived/Done"}, closed...)
	a := newAPI(t)
	call := a.as(t, priya)
	if err := a.sim.Fill(priya, 250); err != nil {
		t.Fatal(err)
	}
	fresh := map[string][]partnercenter.Referral{}
	for _, r := range a.sim.Referrals() {
		at := r.Status + "/" + r.Substatus
		if strings.HasPrefix(r.Name, "Store network") || len(r.Target) > 0 && r.Target[0].ID == "msft" {
			continue // of an odd shape, or Microsoft's
		}
		fresh[at] = append(fresh[at], r)
	}
	for from, may := range allowed {
		for _, to := range targets {
			id := a.standing(t, fresh, from)
			_, err := a.client.Patch(t.Context(), call, id, "", patchBody(t, moveTo(to)...))
			if ok := err == nil; ok != slices.Contains(may, to) {
				t.Errorf("%s to %s: %v", from, to, err)
			}
			want := from
			if slices.Contains(may, to) {
				want = to
			}
			now, err := a.client.Referral(t.Context(), call, id)
			if err != nil || now.Referral.Status+"/"+now.Referral.Substatus != want {
				t.Errorf("%s to %s leaves %s, %v", from, to, now.Referral.Raw, err)
			}
		}
	}
}

// standing returns a referral that stands so, and that no other pair was tried with.
func (a *api) standing(t *testing.T, fresh map[string][]partnercenter.Referral, at string) string {
	t.Helper()
	from := at
	if len(fresh[at]) == 0 {
		from = "Active/Accepted"
	}
	if len(fresh[from]) == 0 {
		t.Fatalf("none is left of %s", from)
	}
	r := fresh[from][0]
	fresh[from] = fresh[from][1:]
	if from != at {
		if err := a.sim.Change(r.ID, moveTo(at)...); err != nil {
			t.Fatal(err)
		}
	}
	return r.ID
}

// moveTo are the operations that bring a referral to a standing.
func moveTo(standing string) []partnercenter.Op {
	status, substatus, _ := strings.Cut(standing, "/")
	return []partnercenter.Op{partnercenter.Replace("/status", status),
		partnercenter.Replace("/substatus", substatus)}
}
