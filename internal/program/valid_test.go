package program

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// validator checks files against the HTML standard.
const validator = "../../node_modules/html-validate/bin/html-validate.mjs"

// validated returns a folder for pages, named by what they show. When the test ends, one run of the
// validator checks all of them.
func validated(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	t.Cleanup(func() {
		if pages, err := filepath.Glob(filepath.Join(dir, "*.html")); err != nil || len(pages) == 0 {
			t.Errorf("no pages to validate: %v", err)
			return
		}
		// One line for each mistake: page, line, column, words and rule.
		out, err := exec.Command("node", validator, "--preset", "standard",
			"--max-warnings", "0", "--formatter", "text", dir).CombinedOutput()
		if err != nil {
			t.Errorf("not valid HTML: %v (make assets installs the validator)\n%s", err,
				regexp.MustCompile(`(?m)^.*/`+filepath.Base(dir)+`/`).ReplaceAllString(string(out), ""))
		}
	})
	return dir
}

// keepSource leaves the page in the folder as the server sent it.
func (b *tab) keepSource(dir, name string) {
	b.Helper()
	b.mu.Lock()
	id := b.document
	b.mu.Unlock()
	body, err := chromedp.Call(b.ctx, network.GetResponseBody,
		network.GetResponseBodyParams{RequestID: id})
	b.must(err)
	b.must(os.WriteFile(filepath.Join(dir, name+".html"), []byte(body.Body), 0o600))
}
