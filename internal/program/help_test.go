package program

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	shots "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"tandem/internal/language"
)

// helpPictures saves the top of the page in each language, as the help shows it. It needs
// -pictures.
func (b *tab) helpPictures(name string) {
	b.Helper()
	if *pictures == "" || b.mouseless {
		return
	}
	here := eval[string](b, `location.pathname`)
	quality, beyond := int64(55), true
	part := shots.Viewport{Width: 1280, Height: 1360, Scale: 1}
	for _, l := range language.All() {
		b.open(here + "?lang=" + l.Tag())
		b.size(1280, "light")
		shot, err := chromedp.Call(b.ctx, shots.CaptureScreenshot, shots.CaptureScreenshotParams{
			Format: shots.CaptureScreenshotFormatWebp, Quality: &quality, Clip: &part,
			CaptureBeyondViewport: &beyond})
		b.must(err)
		file := fmt.Sprintf("help-%s-%s.webp", name, l.Tag())
		b.must(os.WriteFile(filepath.Join(*pictures, file), shot.Data, 0o644))
	}
	b.open(here + "?lang=en")
}

// TestHelpHasPictures looks for the pictures of the running program in each language.
func TestHelpHasPictures(t *testing.T) {
	t.Parallel()
	s := practiceProgram(t, world{now: time.Now})
	b := newTab(t, s.config.BaseURL, true)
	for _, l := range language.All() {
		b.open("/help?lang=" + l.Tag())
		shown := eval[int](b, `Promise.all([...document.querySelectorAll('.helppic')].map(x => {
			x.loading = 'eager'; return x.decode().then(() => x.src.includes('-`+l.Tag()+`.')); }))
			.then(all => all.filter(Boolean).length)`)
		if shown != 2 {
			t.Errorf("the help in %s has %d pictures in its language", l.Tag(), shown)
		}
	}
}

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
