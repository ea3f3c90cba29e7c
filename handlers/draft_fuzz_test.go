package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tandem/internal/referral"
)

// hostile are values that nobody types into the fields, but somebody may post.
func hostile() []string {
	return []string{
		"", " ", "\x00", "a\x00b", "\xff\xfe", "\u202Egnp.exe", "５０，０００", "\r\n\r\n",
		strings.Repeat("x", 20000), strings.Repeat("字", 5000),
		`"><script>alert(1)</script>`, `' onfocus=alert(1) autofocus '`, "</textarea><b>bold</b>",
		"{{.}}", "%s%n%d", "31", "99", "-1", "1e9", "0x10", "NaN", "99999999999999999999999",
		"false", "SolutionProfile", "BusinessProfileLocation", "javascript:alert(1)", "../../etc",
	}
}

// names are the inputs of all steps, and names that only look like some.
func names() []string {
	out := []string{"rev", "go", "add", "remove", "undo", "confirm", "dealType", "nonsense",
		"customerProfile.team[49].email", "customerProfile.team[50].email", "team[999999].email",
		"team[-1].email", "team[].email", "team[0", "target[7].type", "target[0].id[1]", "team",
		"[0]", "customerProfile", strings.Repeat("a.", 200)}
	for _, pairs := range goodAnswers() {
		for i := 0; i < len(pairs); i += 2 {
			out = append(out, pairs[i])
		}
	}
	return out
}

func FuzzStep(f *testing.F) {
	for i, value := range hostile() {
		f.Add(uint(i), uint(i), value, "continue")
	}
	f.Add(uint(1), uint(9), "50", "add")
	all := names()
	f.Fuzz(func(t *testing.T, step, name uint, value, button string) {
		b, id := draftOf(t, referral.Deals()[name%3])
		s := referral.Steps()[step%uint(len(referral.Steps()))]
		for _, n := range []string{all[name%uint(len(all))], all[(name+step)%uint(len(all))]} {
			b.postHostile(id, s, n, value, button)
		}
	})
}

// TestHostileValues posts every hostile value to every input of every step.
func TestHostileValues(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	for _, value := range hostile() {
		for _, s := range referral.Steps() {
			b.postAll(id, s, value)
		}
		b.holds(b.get(stepPath(id, referral.StepCheck)))
	}
}

func (b *browser) postHostile(id string, s referral.Step, name, value, button string) {
	b.t.Helper()
	values := b.get(stepPath(id, s)).want(http.StatusOK).form()
	values.Set(name, value)
	values.Set("go", button)
	b.holds(b.post(stepPath(id, s), values))
}

// postAll gives every input of the page the value.
func (b *browser) postAll(id string, s referral.Step, value string) {
	b.t.Helper()
	values := b.get(stepPath(id, s)).want(http.StatusOK).form()
	for name := range values {
		if name != "rev" {
			values[name] = []string{value, value}
		}
	}
	b.holds(b.post(stepPath(id, s), values))
}

// holds fails the test when the answer is a fault of ours or shows something unescaped.
func (b *browser) holds(a *answer) {
	b.t.Helper()
	if a.status >= http.StatusInternalServerError {
		b.t.Fatalf("status %d: %s", a.status, b.site.log)
	}
	for _, raw := range []string{"<script>alert", "<b>bold</b>"} {
		if strings.Contains(a.body, raw) {
			b.t.Fatalf("the page shows %q unescaped", raw)
		}
	}
	if a.All("[onfocus]").Length() > 0 {
		b.t.Fatal("an attribute was broken out of")
	}
	if a.status == http.StatusOK || a.status == http.StatusUnprocessableEntity {
		a.UniqueIDs()
		a.References()
		a.SummaryLinks()
	}
}

func TestFormsBeyondTheLimits(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	many := url.Values{}
	for i := range 3000 {
		many.Add(fmt.Sprintf("x%d", i), "")
	}
	for name, c := range map[string]struct {
		values url.Values
		status int
	}{
		"many values": {many, http.StatusBadRequest},
		"large index": {url.Values{"team[100].email": {"x"}}, http.StatusBadRequest},
		"large body":  {url.Values{"name": {strings.Repeat("x", 1<<21)}}, 413},
	} {
		if got := b.post(stepPath(id, referral.StepTeam), c.values).status; got != c.status {
			t.Errorf("%s: status %d, want %d", name, got, c.status)
		}
	}
}
