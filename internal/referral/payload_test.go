package referral_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/referral"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestPayloadHoldsTheSample types Microsoft's sample into the form: every path and value of the
// sample's request must be in the body, with the same types.
func TestPayloadHoldsTheSample(t *testing.T) {
	a := answers(t, seed())
	if ps := referral.CheckAll(a, today); len(ps) > 0 {
		t.Fatalf("the sample breaks rules: %v", ps)
	}
	body, err := referral.Payload(a, "TANDEM-1")
	if err != nil {
		t.Fatal(err)
	}
	var want, got any
	decode(t, readFile(t, "seed-request.json"), &want)
	decode(t, body, &got)
	if missing := notHeld("", want, got); len(missing) > 0 {
		t.Errorf("the body lacks of the sample:\n%s\nbody: %s", strings.Join(missing, "\n"), body)
	}
	if !bytes.Contains(body, []byte(`"consentToToShareInfoWithOthers":true`)) ||
		!bytes.Contains(body, []byte(`"dealValue":50000,`)) ||
		!bytes.Contains(body, []byte(`"ids":[]`)) {
		t.Errorf("spelling or types differ from the sample: %s", body)
	}
}

// notHeld returns the paths of want that got does not hold. Members of lists may stand anywhere.
func notHeld(at string, want, got any) []string {
	switch want := want.(type) {
	case map[string]any:
		var out []string
		m, _ := got.(map[string]any)
		for k, v := range want {
			out = append(out, notHeld(at+"."+k, v, m[k])...)
		}
		return out
	case []any:
		return listNotHeld(at, want, got)
	}
	if !reflect.DeepEqual(want, got) {
		return []string{at}
	}
	return nil
}

func listNotHeld(at string, want []any, got any) []string {
	list, ok := got.([]any)
	if !ok {
		return []string{at + " is no list"}
	}
	var out []string
	for _, w := range want {
		held := false
		for _, g := range list {
			held = held || len(notHeld("", w, g)) == 0
		}
		if !held {
			out = append(out, at+"[]")
		}
	}
	return out
}

func decode(t testing.TB, doc []byte, into any) {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(doc))
	dec.UseNumber()
	if err := dec.Decode(into); err != nil {
		t.Fatalf("decoding %s: %v", doc, err)
	}
}

func TestPayloadGolden(t *testing.T) {
	// Answers to questions that a private deal does not ask stay in the draft and are not sent.
	private := url.Values{"dealType": {"private"}, "statusReason": nil,
		"externalReferenceId": {"OPP-1"}}
	for name, changes := range map[string]url.Values{
		"cosell":      {},
		"partner-led": {"dealType": {"partner-led"}, "customerProfile.duns": {"15-048-3782"}},
		"private":     private,
		"services": {"dealType": {"services"}, "services.partnerRole": {"Presales envisioning"},
			"services.solutionArea": {"Security"}, "services.solutionPlay": {"Data Security"},
			"services.otherPlay": {" play-27 "}, "details.requirements.ownSolutions": {"SOL-9-Z"}},
	} {
		t.Run(name, func(t *testing.T) {
			a := with(t, changes)
			if ps := referral.CheckAll(a, today); len(ps) > 0 {
				t.Fatalf("the answers break rules: %v", ps)
			}
			body, err := referral.Payload(a, "TANDEM-1")
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name+".json", body)
			noEmpty(t, body)
		})
	}
}

func TestConnectPayloadGolden(t *testing.T) {
	a := answers(t, seed())
	c := referral.NewConnect(a)
	c.HelpCode, c.Message = "ProofOfConceptOrDemo", "We need a specialist by January."
	c.Contacts = c.Contacts[:1]
	if ps := referral.CheckConnect(a, c); len(ps) > 0 {
		t.Fatalf("the answers break rules: %v", ps)
	}
	body, err := referral.ConnectPayload(a, "TANDEM-1", "37ef26aa-1d15-4533-9f93-a69bd33ab1e5", c)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "connect.json", body)
	noEmpty(t, body)
}

// golden compares a body with a file, in which it is indented to be read.
func golden(t *testing.T, name string, body []byte) {
	t.Helper()
	var got bytes.Buffer
	if err := json.Indent(&got, body, "", "  "); err != nil {
		t.Fatal(err)
	}
	got.WriteByte('\n')
	if *update {
		if err := os.WriteFile(filepath.Join("testdata", name), got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(readFile(t, name)), got.String()); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
}

// noEmpty fails for empty texts, nulls and empty objects; the only empty lists are ids and target.
func noEmpty(t *testing.T, body []byte) {
	t.Helper()
	var v any
	decode(t, body, &v)
	var walk func(at string, v any)
	walk = func(at string, v any) {
		switch v := v.(type) {
		case map[string]any:
			if len(v) == 0 {
				t.Errorf("%s is an empty object", at)
			}
			for k, x := range v {
				walk(at+"."+k, x)
			}
		case []any:
			if len(v) == 0 && at != ".customerProfile.ids" && at != ".target" {
				t.Errorf("%s is an empty list", at)
			}
			for _, x := range v {
				walk(at+"[]", x)
			}
		case nil:
			t.Errorf("%s is null", at)
		case string:
			if v == "" {
				t.Errorf("%s is empty", at)
			}
		}
	}
	walk("", v)
}

func FuzzPayload(f *testing.F) {
	f.Add("Contoso", "50,000.00", "14", "nov", "2018", "SOL-34104-EBB", "a@example.com")
	f.Add("\x00<script>", "９９９，９９９", "３１", "13", "99999999999", "' or 1=1", "@@")
	f.Fuzz(func(t *testing.T, name, money, day, month, year, solution, email string) {
		v := seed()
		for _, at := range []string{"name", "customerProfile.name", "details.notes"} {
			v.Set(at, name)
		}
		v.Set("details.dealValue", money)
		v.Set("details.closingDateTime.day", day)
		v.Set("details.closingDateTime.month", month)
		v.Set("details.closingDateTime.year", year)
		v.Set("details.requirements.solutionIds", solution)
		v.Set("customerProfile.team[0].email", email)
		a := answers(t, v)
		problems := referral.CheckAll(a, today)
		body, err := referral.Payload(a, "TANDEM-1")
		if err != nil {
			t.Fatalf("payload: %v", err)
		}
		var out any
		decode(t, body, &out)
		if len(problems) == 0 {
			noEmpty(t, body)
		}
	})
}

func BenchmarkPayload(b *testing.B) {
	a := with(b, nil)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := referral.Payload(a, "TANDEM-1"); err != nil {
			b.Fatal(err)
		}
	}
}

// TestSolutionIDsCountOnce sends a solution once, however its id was typed, and as catalogues
// write it.
func TestSolutionIDsCountOnce(t *testing.T) {
	const guid = "01e2abcd-52b0-4af3-a3ae-1fd1530b3563"
	a := with(t, nil)
	a.Details.Requirements.Solutions = nil
	a.Details.Requirements.OwnSolutions = []string{"sol-34104-ebb"}
	a.Details.Requirements.SolutionIDs = "SOL-34104-EBB, Sol-2-b\nＳＯＬ－２－Ｂ\n" + guid + " {" +
		strings.ToUpper(guid) + "}"
	a.Target[0] = referral.Target{Type: referral.TargetSolution, ID: []string{"sol-34104-ebb"}}
	body, err := referral.Payload(a, "x")
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Target  []struct{ ID string }
		Details struct {
			Requirements struct{ Solutions []struct{ ID string } }
		}
	}
	decode(t, body, &got)
	var ids []string
	for _, s := range got.Details.Requirements.Solutions {
		ids = append(ids, s.ID)
	}
	want := []string{"SOL-34104-EBB", "SOL-2-B", guid}
	if diff := cmp.Diff(want, ids); diff != "" || got.Target[0].ID != want[0] {
		t.Errorf("target %v, solutions (-want +got):\n%s", got.Target, diff)
	}
}
