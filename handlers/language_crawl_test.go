package handlers_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/internal/store"
)

// TestNoEnglishInChinese walks through every page that links lead to, and through what comes back
// when each form is posted as it is, and looks for words that are not Chinese.
func TestNoEnglishInChinese(t *testing.T) {
	s := newSendSite(t)
	p := s.rep("Priya Raman", true)
	s.everyState(p)
	p.inChinese()
	settings := must(s.Settings(t.Context(), p.caller()))(t)
	w := walk{rep: p, allowed: allowedWords(settings), seen: map[string]bool{}, told: map[string]bool{}}
	for _, path := range []string{"/referrals", "/referrals?tab=attention", "/drafts",
		"/drafts/new", "/nowhere", "/referrals/none", "/preferences", "/settings",
		"/referrals?q=nothing", "/referrals?status=New&ms=failed&owner=me&updated=30&sort=value"} {
		w.visit(path)
	}
	anyone := browser{t: t, site: s.site, lang: "zh-Hans"}
	for _, reason := range []string{"", "signed-out", "denied", "expired", "failed", "send"} {
		w.look("/auth/sign-in?reason="+reason, anyone.get("/auth/sign-in?reason="+reason))
	}
	if len(w.seen) < 60 {
		t.Errorf("only %d pages found", len(w.seen))
	}
}

// everyState stores drafts, sends and referrals in all their states.
func (s *sendSite) everyState(p *rep) {
	for _, deal := range referral.Deals() {
		p.complete(p.start(deal))
		p.start(deal)
	}
	refused := p.start(referral.CoSell)
	p.complete(refused)
	p.fillStep(refused, referral.StepConsent, "go=continue",
		"consent.consentToToShareInfoWithOthers", "false")
	outcomes := map[referral.State][]referral.OutcomeKind{
		referral.Rejected: {referral.OutcomeInvalid, referral.OutcomeForbidden,
			referral.OutcomeOurFault, referral.OutcomeConflict, referral.OutcomeTooLarge,
			referral.OutcomeBusy, referral.OutcomeLimited, referral.OutcomeUnavailable},
		referral.Unknown: {referral.OutcomeUnknown, referral.OutcomeNotFound,
			referral.OutcomeLookupError},
		referral.NeedsSignIn: {referral.OutcomeSignIn, referral.OutcomeMFA},
		referral.Waiting:     {referral.OutcomeLimited, referral.OutcomeUnavailable},
	}
	for state, kinds := range outcomes {
		for _, kind := range kinds {
			s.attempt(p.queue(contoso()).ID, store.Result{State: state, WaitUntil: s.clock.Now(),
				Outcome: referral.Outcome{Kind: kind, Status: 400, Path: "details.currency"}})
		}
	}
	p.queue(contoso())
	_, connected := p.sent(contoso())
	p.connect(connected, store.Result{State: referral.Accepted,
		Outcome: referral.Outcome{Kind: referral.OutcomeAccepted, Status: 201}})
	p.sent(contoso())
}

// walk is the way through the pages.
type walk struct {
	*rep
	allowed map[string]bool
	seen    map[string]bool
	// told are the texts that were reported already.
	told map[string]bool
}

// idPart is what differs between pages of the same kind.
var idPart = regexp.MustCompile(`/[a-z0-9]{20,}`)

// visit opens a page, and what it leads to. Of drafts and referrals each has its own state; of the
// filters of the list and of the settings' entries a few will do.
func (w walk) visit(path string) {
	if w.seen[path] || !followed(path) {
		return
	}
	w.seen[path] = true
	a := w.get(path)
	switch {
	case a.status == http.StatusSeeOther:
		w.visit(a.header.Get("Location"))
		return
	case !strings.HasPrefix(a.header.Get("Content-Type"), "text/html"):
		return
	}
	w.look(path, a)
	for _, form := range a.All("main form[method=post]").EachIter() {
		w.post(path, form)
	}
	for _, link := range a.All("a[href]").EachIter() {
		to, _, _ := strings.Cut(link.AttrOr("href", ""), "#")
		w.visit(to)
	}
}

// followed tells whether the crawl goes to a page: of what only differs in the order or in a
// filter one is enough, and the practice pages are English.
func followed(path string) bool {
	u, err := url.Parse(path)
	if err != nil || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "/practice/") {
		return false
	}
	q := u.Query()
	return !q.Has("lang") && !q.Has("sort") && !(u.Path == "/referrals" && len(q) > 1)
}

// post sends an empty form where it goes to, to see what it says; nothing is followed from there.
func (w walk) post(path string, form *goquery.Selection) {
	to := form.AttrOr("action", path)
	if w.seen["POST "+to] || strings.Contains(to, "sign-out") {
		return
	}
	w.seen["POST "+to] = true
	if !w.harmless(to) {
		return
	}
	w.look("POST "+to, w.browser.post(to, url.Values{"go": {"continue"}, "rev": {"x"}}))
}

// harmless tells whether posting the form changes no state that the crawl still wants to see.
func (w walk) harmless(to string) bool {
	return !slices.ContainsFunc([]string{"/send", "/again", "/cancel", "/delete", "/check", "/stop",
		"/erase", "/retire", "/restore", "/drop", "/copy", "/refresh", "/seen", "/discard",
		"/type"}, func(end string) bool { return strings.HasSuffix(to, end) })
}

var (
	// token is what stands between spaces and Chinese punctuation.
	token     = regexp.MustCompile(`[^\s、，。：；（）“”‘＋]+`)
	asciiWord = regexp.MustCompile(`[A-Za-z][A-Za-z’'-]*[A-Za-z]`)
)

// words returns the words of a text in Latin letters. Ids, addresses and paths, which have digits,
// an @ or a slash in them, are none.
func words(text string) []string {
	var out []string
	for _, t := range token.FindAllString(text, -1) {
		if !strings.ContainsAny(t, "0123456789@/") {
			out = append(out, asciiWord.FindAllString(t, -1)...)
		}
	}
	return out
}

// look fails the test for each text of a page with words that are not allowed.
func (w walk) look(path string, a *answer) {
	w.t.Helper()
	if a.status >= 500 {
		w.t.Errorf("%s: status %d", path, a.status)
	}
	if a.status == http.StatusSeeOther {
		return
	}
	if got := a.Attr("html", "lang"); got != "zh-Hans" {
		w.t.Errorf("%s: the page is in %s", path, got)
	}
	for _, text := range shownTexts(a) {
		var foreign []string
		for _, word := range words(text) {
			if !w.allowed[word] && strings.ToUpper(word) != word {
				foreign = append(foreign, word)
			}
		}
		if len(foreign) > 0 && !w.told[text] {
			w.told[text] = true
			w.t.Errorf("%s: %q in %q", idPart.ReplaceAllString(path, "/…"), foreign, text)
		}
	}
}

// tag is what the parser leaves in the text of noscript.
var tag = regexp.MustCompile(`<[^>]*>`)

// shownTexts are the texts of a page, those for screen readers and scripts too, without what is
// English for a reason: codes, the cities of time zones, and what says so by its lang.
func shownTexts(a *answer) []string {
	var out []string
	a.All(`script, style, code, pre, textarea, [lang="en"], #zone option[value*="/"]`).Remove()
	for _, element := range a.All("*").EachIter() {
		for _, name := range []string{"aria-label", "title", "alt", "placeholder", "data-l",
			"data-left", "data-over", "data-shown", "data-selected", "data-copied", "label"} {
			if text, ok := element.Attr(name); ok {
				out = append(out, text)
			}
		}
		own := element.Contents().FilterFunction(func(_ int, s *goquery.Selection) bool {
			return goquery.NodeName(s) == "#text"
		}).Text()
		out = append(out, strings.Join(strings.Fields(tag.ReplaceAllString(own, "")), " "))
	}
	return out
}

// allowedWords are names of products, what is written so in every language, and what people of the
// test typed.
func allowedWords(s referral.Settings) map[string]bool {
	allowed := map[string]bool{"one": true, "other": true, "few": true} // names of plural forms
	texts := []string{"Tandem English Microsoft Azure Entra Dynamics Partner Center Teams Marketplace",
		"JavaScript Cookie Error JSON Postgres DevOps Linux Web Red Hat SharePoint OpenID GitHub",
		"Referrals admin Tandem.Admin MySQL NoSQL msft Created",
		"request-id X-Request-Id MS-RequestId MS-CorrelationId ETag", "Joe Hansen nothing"}
	for _, list := range [][]referral.Choice{referral.Products(), referral.Solutions()} {
		for _, c := range list {
			if language.Find("zh-Hans").Label(c.Label) == c.Label {
				texts = append(texts, c.Label)
			}
		}
	}
	for _, pairs := range goodAnswers() {
		texts = append(texts, pairs...)
	}
	texts = append(texts, raw, "Priya Raman priya.raman@northbridge.example Northbridge Systems",
		"John Doe john.doe@northbridge.example", strings.Join(goodServices(), " "),
		contoso().Details.Notes)
	for _, e := range s.Entries {
		texts = append(texts, e.Name)
	}
	for _, text := range texts {
		for _, word := range asciiWord.FindAllString(text, -1) {
			allowed[word] = true
		}
	}
	return allowed
}
