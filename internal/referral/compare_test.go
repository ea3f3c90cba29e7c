package referral_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/referral"
)

// TestCompareSample holds Microsoft's own sample: the answer lacks the closing date, and the
// status went from New to Active.
func TestCompareSample(t *testing.T) {
	c, err := referral.Compare(readFile(t, "seed-request.json"), readFile(t, "seed-response.json"))
	if err != nil {
		t.Fatal(err)
	}
	want := []referral.Row{
		{Path: "status", Sent: "New", Returned: "Active", Result: referral.Changed},
		{Path: "substatus", Sent: "Pending", Returned: "Accepted", Result: referral.Changed},
		{Path: "details.closingDateTime", Sent: "2018-11-14T00:00:00Z",
			Result: referral.NotReturned},
		{Path: "id", Returned: "4111fffc-f9ee-4d53-bba6-569135228642", Result: referral.Added},
		{Path: "engagementId", Returned: "37ef26aa-1d15-4533-9f93-a69bd33ab1e5",
			Result: referral.Added},
		{Path: "createdDateTime", Returned: "2019-02-23T02:05:23.2931817Z", Result: referral.Added},
		{Path: "organizationId", Returned: "7d23e5ca-19dc-4eaa-aac8-5e6b559f0d1d",
			Result: referral.Added},
		{Path: "organizationName", Returned: "Contoso Company", Result: referral.Added},
		{Path: "updatedDateTime", Returned: "2019-02-23T02:05:23.2931817Z", Result: referral.Added},
	}
	if diff := cmp.Diff(want, c.Different()); diff != "" {
		t.Errorf("different rows (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want[2:3], c.Missing()); diff != "" {
		t.Errorf("missing rows (-want +got):\n%s", diff)
	}
}

func TestCompareValues(t *testing.T) {
	tests := map[string]struct {
		sent, returned string
		want           []referral.Result
	}{
		"number and text":  {`{"a":50000}`, `{"a":"50000.0"}`, []referral.Result{referral.Same}},
		"null is empty":    {`{"a":null,"b":""}`, `{"b":null}`, nil},
		"missing":          {`{"a":"x"}`, `{"a":null}`, []referral.Result{referral.NotReturned}},
		"ids in any order": {`{"a":[{"id":"x"},{"id":"y"}]}`, `{"a":[{"id":"y"},{"id":"x"}]}`, []referral.Result{referral.Same}},
		"attributes by type": {`{"attributes":[{"type":"A","id":"x"},{"type":"B","id":"y"}]}`,
			`{"attributes":[{"type":"B","id":"y"},{"type":"A","id":"z"}]}`,
			[]referral.Result{referral.Changed}},
		"one id gone":           {`{"a":[{"id":"x"},{"id":"y"}]}`, `{"a":[{"id":"y"}]}`, []referral.Result{referral.Changed}},
		"ids as object":         {`{"ids":[]}`, `{"ids":{}}`, nil},
		"names in another case": {`{"dealValue":1}`, `{"DealValue":1}`, []referral.Result{referral.Same}},
		"fraction of a second":  {`{"a":"2027-01-14T00:00:00Z"}`, `{"a":"2027-01-14T00:00:00.0000000Z"}`, []referral.Result{referral.Same}},
		"another day":           {`{"a":"2027-01-14T00:00:00Z"}`, `{"a":"2027-01-15T00:00:00Z"}`, []referral.Result{referral.Changed}},
		"added":                 {`{}`, `{"a":true}`, []referral.Result{referral.Added}},
		"links say nothing":     {`{}`, `{"links":{"self":{"uri":"x"}},"eTag":"1"}`, nil},
		"text that differs":     {`{"a":"x"}`, `{"a":"y"}`, []referral.Result{referral.Changed}},
		"people by place":       {`{"team":[{"email":"a"}]}`, `{"team":[{"email":"b"}]}`, []referral.Result{referral.Changed}},
		"huge exponent":         {`{"a":1}`, `{"a":1e999999999}`, []referral.Result{referral.Changed}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c, err := referral.Compare([]byte(tt.sent), []byte(tt.returned))
			if err != nil {
				t.Fatal(err)
			}
			var got []referral.Result
			for _, r := range c.Rows {
				got = append(got, r.Result)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("results (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCompareRefusesWhatIsNoObject(t *testing.T) {
	for _, doc := range []string{"", "<html>", "[]", `"x"`, "{"} {
		if _, err := referral.Compare([]byte(`{}`), []byte(doc)); err == nil {
			t.Errorf("Compare accepted %q", doc)
		}
	}
}

func FuzzCompare(f *testing.F) {
	f.Add([]byte(`{"a":[{"id":"x"}]}`), []byte(`{"a":[1,null,{"id":2}]}`))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		c, err := referral.Compare(a, b)
		if err == nil && len(c.Different()) > len(c.Rows) {
			t.Errorf("more different rows than rows")
		}
		if same, err := referral.Compare(a, a); err == nil && len(same.Different()) > 0 {
			t.Errorf("%q differs from itself: %v", a, same.Different())
		}
	})
}
