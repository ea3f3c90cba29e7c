package practice

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	shownCalls = 20
	maxCount   = 50
)

// panel is the page "Practice controls".
type panel struct {
	sim      *Simulator
	register *register
	pages    *pages
}

func (p *panel) routes(mux *http.ServeMux) {
	mux.Handle("GET /practice", http.RedirectHandler("/practice/", http.StatusSeeOther))
	mux.HandleFunc("GET /practice/{$}", p.show)
	mux.HandleFunc("POST /practice/faults", p.addFault)
	mux.HandleFunc("POST /practice/faults/clear", back(p.sim.ClearFaults))
	mux.HandleFunc("POST /practice/referrals/forget", back(p.sim.Forget))
	mux.HandleFunc("POST /practice/sign-out", back(func() { p.register.forget(true) }))
	mux.HandleFunc("POST /practice/microsoft", p.microsoft)
	mux.HandleFunc("POST /practice/referrals/fill", p.fill)
}

// back runs an action and returns to the page.
func back(action func()) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		action()
		http.Redirect(w, r, "/practice/", http.StatusSeeOther)
	}
}

func (p *panel) addFault(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	count, err := strconv.Atoi(strings.TrimSpace(r.FormValue("count")))
	if err != nil || count < 1 || count > maxCount {
		p.refuse(w, fmt.Sprintf("How many calls must be a number from 1 to %d.", maxCount))
		return
	}
	f := Fault{Kind: Kind(r.FormValue("kind")), Method: r.FormValue("method"), Count: count}
	if err := p.sim.Fail(f); err != nil {
		p.refuse(w, "Select what goes wrong, and which calls.")
		return
	}
	http.Redirect(w, r, "/practice/", http.StatusSeeOther)
}

func (p *panel) microsoft(w http.ResponseWriter, r *http.Request) {
	answer := r.FormValue("answer")
	if answer != "accept" && answer != "decline" {
		p.refuse(w, "Select whether Microsoft accepts or declines.")
		return
	}
	p.sim.MicrosoftAnswers(answer == "accept")
	http.Redirect(w, r, "/practice/", http.StatusSeeOther)
}

func (p *panel) fill(w http.ResponseWriter, r *http.Request) {
	if err := p.sim.Fill(r.FormValue("person"), filled); err != nil {
		p.refuse(w, "Select whose referrals they are. The practice service holds a limited number.")
		return
	}
	http.Redirect(w, r, "/practice/", http.StatusSeeOther)
}

func (p *panel) refuse(w http.ResponseWriter, text string) {
	p.pages.message(w, http.StatusUnprocessableEntity, message{
		Title: "Nothing was changed", Text: text,
		Link: "/practice/", LinkText: "Back to practice controls",
	})
}

type methodChoice struct{ Method, Text string }

type panelCall struct{ Time, Method, Path, Answer, Took, Note string }

type panelPage struct {
	Stored  string
	Faults  []FaultInfo
	Methods []methodChoice
	Queued  []string
	Calls   []panelCall
	// People are those whose list can be filled, with Filled referrals.
	People []Person
	Filled int
}

func (p *panel) show(w http.ResponseWriter, _ *http.Request) {
	p.pages.render(w, http.StatusOK, "panel.html", panelPage{
		Stored: storedText(p.sim.Count()), Faults: Faults(), Methods: methodChoices(),
		Queued: queuedTexts(p.sim.Queued()), Calls: lastCalls(p.sim.Requests()),
		People: slices.DeleteFunc(People(), func(p Person) bool { return p.Access == NoAccess }),
		Filled: filled,
	})
}

func methodChoices() []methodChoice {
	return []methodChoice{
		{http.MethodPost, "Creating a referral"},
		{http.MethodGet, "Looking up referrals"},
		{http.MethodPatch, "Changing a referral"},
		{"", "Any call"},
	}
}

func storedText(n int) string {
	if n == 1 {
		return "It holds 1 referral."
	}
	return fmt.Sprintf("It holds %d referrals.", n)
}

func queuedTexts(faults []Fault) []string {
	var list []string
	for _, f := range faults {
		times := "once"
		if f.Count > 1 {
			times = fmt.Sprintf("%d times", f.Count)
		}
		list = append(list, fmt.Sprintf("%s (%s): %s",
			methodText(f.Method), times, effect(f.Kind)))
	}
	return list
}

func methodText(method string) string {
	for _, c := range methodChoices() {
		if c.Method == method {
			return c.Text
		}
	}
	return method
}

func effect(k Kind) string {
	for _, info := range Faults() {
		if info.Kind == k {
			return info.Effect
		}
	}
	return string(k)
}

// lastCalls returns the newest calls, the newest first.
func lastCalls(requests []Request) []panelCall {
	requests = requests[max(0, len(requests)-shownCalls):]
	slices.Reverse(requests)
	var list []panelCall
	for _, r := range requests {
		list = append(list, panelCall{
			Time: r.At.UTC().Format(time.TimeOnly), Method: r.Method, Path: r.Path,
			Answer: answerText(r), Took: r.Took.Round(time.Millisecond).String(), Note: r.Note,
		})
	}
	return list
}

func answerText(r Request) string {
	switch {
	case r.HungUp:
		return "Connection closed"
	case r.Status == 0:
		return "Not yet"
	}
	return fmt.Sprintf("%d %s", r.Status, http.StatusText(r.Status))
}
