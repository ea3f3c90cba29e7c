package program

import (
	"testing"
	"time"
)

// TestPagesToRead audits the pages that explain, the preferences and a link from a CRM.
func TestPagesToRead(t *testing.T) {
	s := practiceProgram(t, world{now: time.Now})
	b := newTab(t, s.config.BaseURL, true)
	b.signIn("Priya Raman")
	for path, heading := range map[string]string{"/help": "Help", "/privacy": "Privacy",
		"/accessibility": "Accessibility", "/preferences": "Preferences",
		"/drafts/new?customerProfile.name=Fabrikam&details.dealValue=50000&unknown=x": "Start a referral",
	} {
		b.open(path)
		b.wantHeading(heading)
		b.audit()
	}
	b.open("/preferences")
	b.trees = true
	b.tree("preferences")
	if got := b.text("#zone option"); got != "Same as my browser: "+eval[string](b,
		`Intl.DateTimeFormat().resolvedOptions().timeZone`) {
		t.Errorf("the time zone is %q", got)
	}
	b.choose("zone", "Asia/Kolkata")
	b.tick("theme", "dark")
	b.press("Save")
	b.wantFocus("#saved")
	b.audit()
	if got := eval[string](b, `document.documentElement.dataset.theme`); got != "dark" {
		t.Errorf("the theme is %q", got)
	}
}
