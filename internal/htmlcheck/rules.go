package htmlcheck

import (
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// Sound checks every rule below.
func (p *Page) Sound() {
	p.t.Helper()
	p.UniqueIDs()
	p.References()
	p.Labels()
	p.Legends()
	p.SummaryLinks()
	p.DefaultButtons()
	p.NoInline()
}

// UniqueIDs fails when two elements have the same id.
func (p *Page) UniqueIDs() {
	p.t.Helper()
	seen := map[string]bool{}
	p.doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
		id := s.AttrOr("id", "")
		if id == "" || seen[id] {
			p.t.Errorf("id %q is empty or used twice", id)
		}
		seen[id] = true
	})
}

// References fails when for, aria-describedby, aria-labelledby or aria-controls names an id that
// is not on the page.
func (p *Page) References() {
	p.t.Helper()
	for _, attr := range []string{"for", "aria-describedby", "aria-labelledby", "aria-controls"} {
		p.doc.Find("[" + attr + "]").Each(func(_ int, s *goquery.Selection) {
			for id := range strings.FieldsSeq(s.AttrOr(attr, "")) {
				if !p.has(id) {
					p.t.Errorf("%s of <%s> names %q, which is not there",
						attr, goquery.NodeName(s), id)
				}
			}
		})
	}
}

// Labels fails when a control has no label with text, or says what a label must say by other
// means. Hidden inputs and buttons are no controls here.
func (p *Page) Labels() {
	p.t.Helper()
	controls := p.doc.Find("input, select, textarea").Not("[type=hidden], [hidden]")
	controls.Each(func(_ int, s *goquery.Selection) {
		id := s.AttrOr("id", "")
		label := p.doc.Find(`label[for="` + id + `"]`)
		if id == "" || squash(label.Text()) == "" {
			p.t.Errorf("control %q (id %q) has no label", s.AttrOr("name", ""), id)
		}
	})
	p.None("[placeholder], [required]")
}

// Legends fails when a group of radios or checkboxes has no legend.
func (p *Page) Legends() {
	p.t.Helper()
	p.doc.Find("fieldset").Each(func(_ int, s *goquery.Selection) {
		if squash(s.ChildrenFiltered("legend").Text()) == "" {
			p.t.Errorf("fieldset %q has no legend", s.AttrOr("id", ""))
		}
	})
	p.None("input[type=radio]:not(fieldset input)")
}

// SummaryLinks fails when a line of the error summary does not lead to a control that is marked
// and described by the same words.
func (p *Page) SummaryLinks() {
	p.t.Helper()
	p.doc.Find("#error-summary a").Each(func(_ int, s *goquery.Selection) {
		id := strings.TrimPrefix(s.AttrOr("href", ""), "#")
		if !p.has(id) {
			p.t.Errorf("the error summary links to %q, which is not there", id)
			return
		}
		if text := squash(s.Text()); !p.repeats(text) {
			p.t.Errorf("no field says %q", text)
		}
	})
}

// repeats reports whether a field shows the sentence, after its hidden "Error: ".
func (p *Page) repeats(text string) bool {
	found := false
	p.doc.Find(".ds-validation-message").Each(func(_ int, s *goquery.Selection) {
		found = found || strings.TrimPrefix(squash(s.Text()), "Error: ") == text
	})
	return found
}

// DefaultButtons fails when Enter in a text field would press the wrong button: browsers press the
// first one, so a form with several starts with a hidden copy of the right one.
func (p *Page) DefaultButtons() {
	p.t.Helper()
	p.doc.Find("form").Each(func(_ int, s *goquery.Selection) {
		buttons := s.Find("button:not([type=button])")
		first := buttons.First()
		if buttons.Length() < 2 || first.HasClass("vh") && first.AttrOr("tabindex", "") == "-1" {
			return
		}
		p.t.Errorf("form %q has %d buttons and no hidden default button first",
			s.AttrOr("action", ""), buttons.Length())
	})
}

// NoInline fails on styles and scripts that the content security policy refuses.
func (p *Page) NoInline() {
	p.t.Helper()
	p.None("[style], style, script:not([src])")
	p.None("[onclick], [onload], [onchange], [onsubmit]")
}

func (p *Page) has(id string) bool {
	return p.doc.Find(`[id="`+id+`"]`).Length() > 0
}
