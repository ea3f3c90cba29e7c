package form_test

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/form"
)

type member struct {
	Email string `form:"email"`
	Phone string `form:"phoneNumber"`
}

type posted struct {
	Name     string `form:"name"`
	Customer struct {
		Team []member `form:"team"`
	} `form:"customerProfile"`
	Details struct {
		Requirements struct {
			Products []string `form:"products"`
		} `form:"requirements"`
	} `form:"details"`
	Target []struct {
		Type string `form:"type"`
	} `form:"target"`
}

func TestDecodeReadsPaths(t *testing.T) {
	var got posted
	err := form.Decode(url.Values{
		"name":                           {"Rollout"},
		"customerProfile.team[1].email":  {"joe@contoso.com"},
		"customerProfile.team[0].email":  {"sue@contoso.com"},
		"details.requirements.products":  {"Azure", "DynamicsAX,GP,NAV,SL"},
		"target[0].type":                 {"SolutionProfile"},
		"customerProfile.team[0].salary": {"unknown names are ignored"},
		"go":                             {"continue"},
	}, &got)
	if err != nil {
		t.Fatal(err)
	}
	var want posted
	want.Name = "Rollout"
	want.Customer.Team = []member{{Email: "sue@contoso.com"}, {Email: "joe@contoso.com"}}
	want.Details.Requirements.Products = []string{"Azure", "DynamicsAX,GP,NAV,SL"}
	want.Target = append(want.Target, struct {
		Type string `form:"type"`
	}{"SolutionProfile"})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("decoded (-want +got):\n%s", diff)
	}
}

func TestDecodeMakesTextWhole(t *testing.T) {
	tests := []struct{ name, typed, want string }{
		{"line ends", "one\r\ntwo\rthree", "one\ntwo\nthree"},
		{"broken UTF-8", "caf\xe9", "caf\uFFFD"},
		{"NUL and bell", "a\x00b\x07c\td", "abc\td"},
		{"C1 controls", "a\u0085b", "ab"},
		{"outer space is kept", "  Contoso ", "  Contoso "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got posted
			if err := form.Decode(url.Values{"name": {test.typed}}, &got); err != nil {
				t.Fatal(err)
			}
			if got.Name != test.want {
				t.Errorf("name = %q, want %q", got.Name, test.want)
			}
		})
	}
}

func TestDecodeRefusesTooMany(t *testing.T) {
	scattered := url.Values{}
	for i := range form.MaxValues + 1 {
		scattered.Set("field"+strconv.Itoa(i), "")
	}
	tests := map[string]url.Values{
		"index":        {fmt.Sprintf("customerProfile.team[%d].email", form.MaxIndex): {"x"}},
		"endless":      {"customerProfile.team[" + strings.Repeat("9", 100) + "].email": {"x"}},
		"repeated":     {"details.requirements.products": make([]string, form.MaxRepeats+1)},
		"whole form":   scattered,
		"of no struct": {fmt.Sprintf("unknown[%d]", form.MaxIndex+1): {"x"}},
	}
	for name, values := range tests {
		t.Run(name, func(t *testing.T) {
			if err := form.Decode(values, new(posted)); !errors.Is(err, form.ErrTooMany) {
				t.Errorf("error = %v, want %v", err, form.ErrTooMany)
			}
		})
	}
}

func TestDecodeTakesTheLastIndex(t *testing.T) {
	var got posted
	last := fmt.Sprintf("customerProfile.team[%d].email", form.MaxIndex-1)
	values := url.Values{last: {"last@contoso.com"}}
	if err := form.Decode(values, &got); err != nil {
		t.Fatal(err)
	}
	if n := len(got.Customer.Team); n != form.MaxIndex {
		t.Errorf("team has %d members, want %d", n, form.MaxIndex)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("name=a&customerProfile.team[0].email=b&details.requirements.products=c")
	f.Add("customerProfile.team[=x&customerProfile.team]=y&target[0=z&[0]=&.=")
	f.Add("customerProfile=x&customerProfile.team=y&target[0]=z&name[0]=q&name.x=1")
	f.Add("details.requirements.products[3]=a&details.requirements.products=b")
	f.Fuzz(func(t *testing.T, query string) {
		values, _ := url.ParseQuery(query)
		var got posted
		if err := form.Decode(values, &got); err != nil {
			return
		}
		if len(got.Customer.Team) > form.MaxIndex+form.MaxRepeats {
			t.Errorf("team grew to %d", len(got.Customer.Team))
		}
		if !utf8.ValidString(got.Name) || strings.ContainsAny(got.Name, "\x00\r") {
			t.Errorf("name is not whole: %q", got.Name)
		}
	})
}
