package program

import (
	"slices"
	"testing"

	"tandem/internal/referral"
)

// shownSolutions are the values that the filter of the solutions shows.
const shownSolutions = `[...document.querySelectorAll('#solutions ~ .picker__in input[type=checkbox]')]
	.filter(box => !box.closest('[hidden]')).map(box => box.value)`

// TestFilterOfAPicker finds solutions by their name, also that of the other language, and by id,
// and never hides what is ticked.
func TestFilterOfAPicker(t *testing.T) {
	t.Parallel()
	s := practiceProgram(t, world{now: sampleClock()})
	b := newTab(t, s.config.BaseURL, true)
	path := b.atCustomer()
	needs := path[:len(path)-len(referral.StepCustomer)] + string(referral.StepNeeds)
	for _, lang := range []string{"en", "zh-Hans"} {
		b.open(needs + "?lang=" + lang)
		b.unfold("#solutions")
		b.tick("details.requirements.solutions", "Blockchain")
		for text, want := range map[string]string{"internet of THINGS": "InternetofThings",
			"物联网": "InternetofThings", "sapon": "SAPonAzure", "SAP on": "SAPonAzure"} {
			b.fillAt("#solutions-find", text)
			got := eval[[]string](b, shownSolutions)
			if !slices.Equal(got, []string{"Blockchain", want}) {
				t.Errorf("%s: %q shows %q", lang, text, got)
			}
		}
	}
}
