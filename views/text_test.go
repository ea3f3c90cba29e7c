package views_test

import (
	"context"
	"strings"
	"testing"

	"tandem/internal/language"
	"tandem/views"
)

// TestRichText puts markup where the language wants it, and escapes what people typed.
func TestRichText(t *testing.T) {
	p := views.DeleteDraftPage{Name: "R&D \uE0F0\x00\uE0F1 <b>%s</b>"}
	for tag, want := range map[string]string{
		"en":      "All answers in <strong>R&amp;D ",
		"zh-Hans": "<p><strong>R&amp;D ",
	} {
		var out strings.Builder
		ctx := language.With(context.Background(), language.Find(tag))
		if err := views.DeleteDraft(p).Render(ctx, &out); err != nil {
			t.Fatal(err)
		}
		html := strings.Join(strings.Fields(out.String()), " ")
		html = strings.ReplaceAll(html, "<p> ", "<p>")
		if !strings.Contains(html, want) || !strings.Contains(html, "&lt;b&gt;%s&lt;/b&gt;</strong>") {
			t.Errorf("%s: %s", tag, html[strings.Index(html, "<form"):])
		}
	}
}
