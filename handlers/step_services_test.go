package handlers_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"tandem/internal/referral"
)

// withSolutions adds solutions to the settings, by code and name.
func (s *site) withSolutions(t testing.TB, pairs ...string) {
	t.Helper()
	admin := s.signIn(t, mei())
	var all []referral.Entry
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, referral.Entry{Kind: referral.OwnSolutions, Code: pairs[i],
			Name: pairs[i+1]})
	}
	must(s.AddEntries(t.Context(), admin.user.Caller(), all))(t)
}

// TestServicesAsksForTheListsOfTheSettings sees the questions, a value that was typed, and one that
// is retired after it was chosen.
func TestServicesAsksForTheListsOfTheSettings(t *testing.T) {
	b, id := draftOf(t, referral.ServicesCoSell)
	needs := stepPath(id, referral.StepNeeds)
	page := b.get(needs).want(http.StatusOK)
	page.Sound()
	if got := page.Texts("#solution-play optgroup:last-of-type option"); !slices.Equal(got,
		[]string{"Modern SecOps with Unified Platform", "Data Security",
			"Protect Cloud, AI Platform and Apps"}) {
		t.Errorf("plays of the last area: %q", got)
	}
	if !strings.Contains(page.Text("main"), "Microsoft has not published the ids") {
		t.Error("the page does not say that the ids are not published")
	}
	wrong := b.fillStep(id, referral.StepNeeds, "go=continue", goodAnswers()[referral.StepNeeds]...)
	wrong.want(http.StatusUnprocessableEntity).Sound()
	if got := wrong.Texts("#error-summary a"); !slices.Equal(got, []string{"Select the partner role",
		"Select the solution area", "Select the solution play"}) {
		t.Errorf("errors %q", got)
	}
	b.complete(id)
	b.fillStep(id, referral.StepNeeds, "go=continue", "services.otherRole", "Builder").
		want(http.StatusSeeOther)
	admin := b.site.signIn(t, mei())
	play := admin.entry(referral.SolutionPlays, "Data Security")
	admin.post("/settings/solution-plays/"+play.ID+"/retire", nil).want(http.StatusSeeOther)
	check := b.get(stepPath(id, referral.StepCheck)).want(http.StatusOK)
	check.Sound()
	want := []string{"Builder is not in your organisation’s list. Compare it with Partner Center",
		"Data Security is not offered any more. Choose another if there is one"}
	if got := check.Texts(".sendbox .ticks a"); !slices.Equal(got, want) {
		t.Errorf("warnings %q, want %q", got, want)
	}
	check.One(`.sendform button`)
	if got := check.Text("main"); !strings.Contains(got,
		"Builder (not in your organisation’s list)") {
		t.Errorf("the value that the list lacks: %q", got)
	}
	page = b.get(needs)
	page.Sound()
	if got := page.Text("#solution-play-warning"); got != want[1] {
		t.Errorf("warning at the play %q", got)
	}
	if got := page.Value("services.solutionPlay"); got != "Data Security" {
		t.Errorf("the retired play is now %q", got)
	}
}

// TestTargetOffersTheSolutionsOfTheSettings chooses from the list, and another by its id.
func TestTargetOffersTheSolutionsOfTheSettings(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	target := stepPath(id, referral.StepTarget)
	if text := b.get(target).Text("main"); !strings.Contains(text,
		"Your organisation offers no solutions to choose from. Enter a solution ID.") {
		t.Errorf("without solutions the page says %q", text)
	}
	b.site.withSolutions(t, "SOL-1-A", "Field service", "SOL-2-B", "Supply chain")
	page := b.get(target).want(http.StatusOK)
	page.Sound()
	want := []string{"Choose one", "Field service", "Supply chain", "Another solution ID"}
	if got := page.Texts("#solution-id option"); !slices.Equal(got, want) {
		t.Errorf("solutions %q, want %q", got, want)
	}
	for name, test := range map[string]struct {
		pairs       []string
		error, sent string
	}{
		"none": {[]string{"target[0].id", ""}, "Select a solution", ""},
		"one":  {[]string{"target[0].id", "SOL-2-B"}, "", "SOL-2-B"},
		"another": {[]string{"target[0].id", "other", "target[0].otherId", "SOL-3-C"}, "",
			"SOL-3-C"},
		"another without id": {[]string{"target[0].id", "other", "target[0].otherId", "x"},
			"Enter a solution ID, like SOL-34104-EBB", ""},
	} {
		a := b.fillStep(id, referral.StepTarget, "go=continue",
			append([]string{"target[0].type", "SolutionProfile"}, test.pairs...)...)
		if test.error != "" {
			a.want(http.StatusUnprocessableEntity).Sound()
			if got := a.Text("#error-summary a"); got != test.error {
				t.Errorf("%s: %q, want %q", name, got, test.error)
			}
			continue
		}
		a.want(http.StatusSeeOther)
		answers := b.stored(id).Answers
		if got := answers.TargetID(referral.TargetSolution); got != test.sent {
			t.Errorf("%s: %q, want %q", name, got, test.sent)
		}
		if again := b.get(target); again.Value("target[0].id") != test.pairs[1] {
			t.Errorf("%s: the select stands at %q", name, again.Value("target[0].id"))
		}
	}
}

// TestTargetKeepsARetiredSolution warns beside the solution that a draft has, whether or not others
// are offered, and keeps it.
func TestTargetKeepsARetiredSolution(t *testing.T) {
	for field, ids := range map[string][]string{"solution-id": nil,
		referral.ElementID(referral.OtherSolutionPath): {"SOL-2-B", "Supply chain"}} {
		b, id := draftOf(t, referral.CoSell)
		b.site.withSolutions(t, append([]string{"SOL-1-A", "Field service"}, ids...)...)
		b.fillStep(id, referral.StepTarget, "go=continue", "target[0].type", "SolutionProfile",
			"target[0].id", "SOL-1-A").want(http.StatusSeeOther)
		admin := b.site.signIn(t, mei())
		admin.post("/settings/solutions/"+admin.entry(referral.OwnSolutions, "Field service").ID+
			"/retire", nil).want(http.StatusSeeOther)
		page := b.get(stepPath(id, referral.StepTarget)).want(http.StatusOK)
		page.Sound()
		const want = "Field service is not offered any more. Choose another if there is one"
		if got := page.Text("#" + field + "-warning"); got != want {
			t.Errorf("%s: warning %q", field, got)
		}
		if got := page.Attr("#"+field, "value"); got != "SOL-1-A" {
			t.Errorf("%s: now %q", field, got)
		}
	}
}

// TestRetiredSolutionInTwoPlaces tells the two apart on the last page.
func TestRetiredSolutionInTwoPlaces(t *testing.T) {
	b, id := draftOf(t, referral.CoSell)
	b.site.withSolutions(t, "SOL-1-A", "Field service")
	b.complete(id)
	b.fillStep(id, referral.StepTarget, "go=continue", "target[0].type", "SolutionProfile",
		"target[0].id", "SOL-1-A").want(http.StatusSeeOther)
	b.fillStep(id, referral.StepNeeds, "go=continue", "details.requirements.ownSolutions", "SOL-1-A").
		want(http.StatusSeeOther)
	admin := b.site.signIn(t, mei())
	admin.post("/settings/solutions/"+admin.entry(referral.OwnSolutions, "Field service").ID+
		"/retire", nil).want(http.StatusSeeOther)
	const text = ": Field service is not offered any more. Choose another if there is one"
	got := b.get(stepPath(id, referral.StepCheck)).Texts(".sendbox .ticks a")
	if want := []string{"Target and invite" + text, "What the customer needs" + text}; !slices.Equal(
		got, want) {
		t.Errorf("warnings %q, want %q", got, want)
	}
}

// TestNeedsOfferTheSolutionsOfTheSettings sends a ticked one with its id.
func TestNeedsOfferTheSolutionsOfTheSettings(t *testing.T) {
	b, id := draftOf(t, referral.Private)
	b.site.withSolutions(t, "SOL-1-A", "Field service")
	page := b.get(stepPath(id, referral.StepNeeds)).want(http.StatusOK)
	page.Sound()
	b.fillStep(id, referral.StepNeeds, "go=continue", "details.requirements.ownSolutions",
		"SOL-1-A").want(http.StatusSeeOther)
	body := must(referral.Payload(b.stored(id).Answers, "x"))(t)
	if !strings.Contains(string(body), `"id":"SOL-1-A"`) {
		t.Errorf("not sent: %s", body)
	}
	if text := b.get(stepPath(id, referral.StepCheck)).Text("main"); !strings.Contains(
		text, "Field service (SOL-1-A)") {
		t.Error("the check page does not name the solution")
	}
}
