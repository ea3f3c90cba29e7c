package referral_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/referral"
)

func TestErasePerson(t *testing.T) {
	for name, test := range map[string]struct{ doc, want string }{
		"a contact": {
			`{"team": [ {"firstName":"Sue","lastName":"Smith","email":"Sue.Smith@contoso.com",
				"phoneNumber":"1","contactPreference":{"locale":"en-us"}},
				{"firstName":"Joe","email":"joe@contoso.com"} ], "dealValue": 50000.0}`,
			`{"team": [ {"firstName":"","lastName":"","email":"",
				"phoneNumber":"","contactPreference":{"locale":"en-us"}},
				{"firstName":"Joe","email":"joe@contoso.com"} ], "dealValue": 50000.0}`},
		"names before and after, in any case": {
			`{"FirstName":"Sue","Email":" sue.smith@contoso.com ","LastName":"Smith","x":null}`,
			`{"FirstName":"","Email":"","LastName":"","x":null}`},
		"escapes": {
			`{"firstName":"S\u00fce","email":"sue.smith\u0040contoso.com","notes":"a\"b\u00e9"}`,
			`{"firstName":"","email":"","notes":"a\"b\u00e9"}`},
		"texts": {
			`{"notes":"Ask Sue.Smith@Contoso.com. Or <joe@contoso.com>, 联系sue.smith@contoso.com。"}`,
			`{"notes":"Ask [erased]. Or <joe@contoso.com>, 联系[erased]。"}`},
		"other addresses": {
			`["xsue.smith@contoso.com","a.sue.smith@contoso.com","sue.smith@contoso.com.au"]`,
			`["xsue.smith@contoso.com","a.sue.smith@contoso.com","sue.smith@contoso.com.au"]`},
		"a list of addresses": {`["sue.smith@contoso.com","joe@contoso.com"]`,
			`["[erased]","joe@contoso.com"]`},
		"the deal's name stays": {
			`{"name":"Deal","customerProfile":{"name":"C","team":[{"email":"sue.smith@contoso.com"}]}}`,
			`{"name":"Deal","customerProfile":{"name":"C","team":[{"email":""}]}}`},
		"nothing": {`{"email":null,"a":[1,2,{"email":3}],"b":true}`,
			`{"email":null,"a":[1,2,{"email":3}],"b":true}`},
		"a name that looks like an address": {`{"sue.smith@contoso.com":1}`,
			`{"sue.smith@contoso.com":1}`},
	} {
		out, found, err := referral.ErasePerson([]byte(test.doc), "sue.smith@contoso.com")
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(test.want, string(out)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if found != (test.doc != test.want) {
			t.Errorf("%s: found %v", name, found)
		}
	}
}

func TestErasePersonNeedsJSON(t *testing.T) {
	for _, doc := range []string{"", "<html>", `{"a":`, `{} {}`, `{"a" 1}`} {
		if _, _, err := referral.ErasePerson([]byte(doc), "sue@contoso.com"); err == nil {
			t.Errorf("%q was read", doc)
		}
	}
}

// TestErasedBodyReadsAsBefore erases a contact from the bodies that Tandem itself makes.
func TestErasedBodyReadsAsBefore(t *testing.T) {
	for _, name := range []string{"cosell", "private", "connect", "seed-request", "seed-response"} {
		body, err := os.ReadFile(filepath.Join("testdata", name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		before, err := referral.ReadAnswers(body)
		if err != nil {
			t.Fatal(err)
		}
		if len(before.CustomerProfile.Team) == 0 {
			continue
		}
		address, ok := referral.EmailAddress(before.CustomerProfile.Team[0].Email)
		if !ok {
			t.Fatalf("%s: no address %q", name, before.CustomerProfile.Team[0].Email)
		}
		out, found, err := referral.ErasePerson(body, address)
		if err != nil || !found || !json.Valid(out) {
			t.Errorf("%s: found %v, %v", name, found, err)
		}
		after, err := referral.ReadAnswers(out)
		if err != nil || !after.CustomerProfile.Team[0].Blank() {
			t.Errorf("%s: the contact is %+v, %v", name, after.CustomerProfile.Team[0], err)
		}
		after.CustomerProfile.Team[0] = before.CustomerProfile.Team[0]
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("%s: something else changed (-before +after):\n%s", name, diff)
		}
	}
}

func FuzzErasePerson(f *testing.F) {
	f.Add(`{"email":"sue@contoso.com","a":["x",1.0,null]}`)
	f.Add(`{"a":"\u0073ue@contoso.com\n"}`)
	f.Fuzz(func(t *testing.T, doc string) {
		out, found, err := referral.ErasePerson([]byte(doc), "sue@contoso.com")
		if err != nil {
			return
		}
		if json.Valid([]byte(doc)) && !json.Valid(out) {
			t.Errorf("%q became %q", doc, out)
		}
		if !found && string(out) != doc {
			t.Errorf("%q changed to %q without being found", doc, out)
		}
		if _, again, _ := referral.ErasePerson(out, "sue@contoso.com"); again {
			t.Errorf("%q still names the person", out)
		}
	})
}
