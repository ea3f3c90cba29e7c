// Package htmlcheck is a test kit that looks at HTML the way a reader does: by selector, and by
// the rules every page must keep. Its methods fail the test they were given.
package htmlcheck

import (
	"io"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// Page is one parsed answer.
type Page struct {
	t   testing.TB
	doc *goquery.Document
}

// Parse reads a page or a part of one. Browsers never refuse HTML, so only reading can fail.
func Parse(t testing.TB, r io.Reader) *Page {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(r)
	if err != nil {
		t.Fatalf("reading HTML: %v", err)
	}
	return &Page{t: t, doc: doc}
}

// All returns everything the selector finds, which may be nothing.
func (p *Page) All(selector string) *goquery.Selection {
	return p.doc.Find(selector)
}

// One returns the single element the selector finds, and stops the test when it is not single.
func (p *Page) One(selector string) *goquery.Selection {
	p.t.Helper()
	found := p.doc.Find(selector)
	if found.Length() != 1 {
		p.t.Fatalf("%q finds %d elements, want 1", selector, found.Length())
	}
	return found
}

// None fails the test when the selector finds something.
func (p *Page) None(selector string) {
	p.t.Helper()
	if n := p.doc.Find(selector).Length(); n != 0 {
		p.t.Errorf("%q finds %d elements, want none", selector, n)
	}
}

// Text returns the text of the single element, with every run of space as one space.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	return squash(p.One(selector).Text())
}

// Texts returns the text of every element the selector finds.
func (p *Page) Texts(selector string) []string {
	return p.doc.Find(selector).Map(func(_ int, s *goquery.Selection) string {
		return squash(s.Text())
	})
}

// Attr returns an attribute of the single element, "" when it has none.
func (p *Page) Attr(selector, name string) string {
	p.t.Helper()
	return p.One(selector).AttrOr(name, "")
}

// Value returns what the control of this name would post: the value of an input or text area, of
// the selected option, or of the first ticked box.
func (p *Page) Value(name string) string {
	p.t.Helper()
	found := p.doc.Find(`[name="` + name + `"]`)
	if found.Length() == 0 {
		p.t.Fatalf("no control is named %q", name)
	}
	switch kind := found.AttrOr("type", ""); {
	case goquery.NodeName(found) == "textarea":
		return found.Text()
	case goquery.NodeName(found) == "select":
		return found.Find("option[selected]").AttrOr("value", "")
	case kind == "radio" || kind == "checkbox":
		return found.Filter("[checked]").AttrOr("value", "")
	}
	return found.AttrOr("value", "")
}

func squash(s string) string {
	return strings.Join(strings.Fields(s), " ")
}
