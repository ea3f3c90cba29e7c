package program

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"tandem/internal/practice"
)

// sampleClock begins in the year of Microsoft's sample, whose closing date is 14 November 2018.
func sampleClock() func() time.Time {
	began := time.Now()
	start := time.Date(2018, time.October, 1, 9, 0, 0, 0, time.UTC)
	return func() time.Time { return start.Add(time.Since(began)) }
}

// TestJourney types the request of Microsoft's published sample into the form in a real browser,
// sends it, creates the connected referral for Microsoft and reviews the answer; with JavaScript,
// without, with scripts that do not load, and by the keyboard alone.
func TestJourney(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"script=true", "script=false", "script=blocked", "keys"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			s := practiceProgram(t, world{now: sampleClock()})
			b := newTab(t, s.config.BaseURL, way != "script=false")
			b.trees = way == "script=true"
			if b.mouseless = way == "keys"; way == "script=blocked" {
				b.block()
			}
			b.signIn("Priya Raman")
			b.tree("list-empty")
			b.audit()
			b.draft("cosell")
			b.checkAnswers()
			b.sendReferral()
			b.connect()
			b.review()
			sent := s.practice.Simulator().Referrals()
			if len(sent) != 2 {
				t.Fatalf("%d referrals at Microsoft, want 2", len(sent))
			}
			requests := s.practice.Simulator().Requests()
			first := slices.IndexFunc(requests, func(r practice.Request) bool {
				return r.Method == http.MethodPost
			})
			holdsSample(t, requests[first].Body)
			if sent[0].EngagementID != sent[1].EngagementID {
				t.Errorf("engagement ids %s and %s", sent[0].EngagementID, sent[1].EngagementID)
			}
		})
	}
}

// draft starts a referral and answers every step with Microsoft's sample.
func (b *tab) draft(deal string) {
	b.Helper()
	b.press("New referral")
	b.wantHeading("Start a referral")
	b.tree("start")
	b.audit()
	b.press("Start")
	b.wantProblem("Select who will work on this deal")
	b.audit()
	b.tick("dealType", deal)
	b.press("Start")
	b.customer()
	b.contacts()
	b.consent()
	b.deal()
	b.needs()
	b.ourTeam()
	b.target()
}

// wantProblem fails unless the error summary has the focus and the sentence.
func (b *tab) wantProblem(sentence string) {
	b.Helper()
	if got := b.text("#error-summary"); !strings.Contains(got, sentence) {
		b.Fatalf("error summary %q lacks %q\non %s", got, sentence, b.where())
	}
	b.wantFocus("#error-summary")
	if title := eval[string](b, `document.title`); !strings.HasPrefix(title, "Error: ") {
		b.Errorf("title %q does not begin with Error:", title)
	}
}

// wantFocus fails unless the element gets the focus; the browser gives it when it draws the page.
func (b *tab) wantFocus(selector string) {
	b.Helper()
	for range 40 {
		if eval[bool](b, `document.activeElement.matches(`+quote(selector)+`)`) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.Errorf("the focus is on %s, not on %s",
		eval[string](b, `document.activeElement.outerHTML.slice(0, 100)`), selector)
}

func (b *tab) customer() {
	b.Helper()
	b.wantHeading("Customer profile")
	b.tree("customer")
	b.audit()
	b.press("Save and continue")
	b.wantProblem("Enter the organisation name")
	b.tree("customer-wrong")
	b.audit()
	const at = "customerProfile.address."
	b.fill("customerProfile.name", "Contoso Customer Inc")
	b.choose("customerProfile.size", "10to50employees")
	b.choose(at+"country", "US")
	b.fill(at+"addressLine1", "One Microsoft Way")
	b.fill(at+"addressLine2", "34")
	b.fill(at+"city", "Redmond")
	b.fill(at+"state", "WA")
	b.fill(at+"postalCode", "98052")
	b.press("Save and continue")
}

func (b *tab) contacts() {
	b.Helper()
	b.wantHeading("Customer contacts")
	b.tree("contacts")
	b.audit()
	b.person("customerProfile.team[0]", "Sue", "Smith", "1234567890", "sue.smith@contoso.com")
	b.press("Add another contact")
	b.audit()
	b.wantFocus(`[name="customerProfile.team[1].firstName"]`)
	b.press("Remove contact 2")
	b.audit()
	b.press("Undo")
	b.person("customerProfile.team[1]", "Joe", "Hansen", "4035698759", "joe.hansen@contoso.com")
	b.press("Save and continue")
}

func (b *tab) person(at, first, last, phone, email string) {
	b.Helper()
	b.fill(at+".firstName", first)
	b.fill(at+".lastName", last)
	b.fill(at+".email", email)
	b.fill(at+".phoneNumber", phone)
}

func (b *tab) consent() {
	b.Helper()
	b.wantHeading("Consent")
	b.tree("consent")
	b.audit()
	b.tick("consent.consentToToShareInfoWithOthers", "false")
	b.tick("consent.consentToContact", "true")
	b.press("Save and continue")
	b.wantHeading("You need the customer’s agreement first")
	b.audit()
	b.press("Change my answer")
	b.tick("consent.consentToToShareInfoWithOthers", "true")
	b.press("Save and continue")
}

func (b *tab) deal() {
	b.Helper()
	b.wantHeading("Deal details")
	b.tree("deal")
	b.audit()
	b.fill("name", "Test Cosell Invite_20")
	b.fill("details.dealValue", "fifty thousand")
	b.choose("details.currency", "USD")
	b.fill("details.closingDateTime.day", "14")
	b.fill("details.closingDateTime.month", "11")
	b.fill("details.closingDateTime.year", "2018")
	b.tick("qualification", "SalesQualified")
	b.tick("marketplaceIntent", "HaveNotDecided")
	b.fill("details.notes", "Customer is looking to leverage Dynamics 365 to manage their supply "+
		"chain. There is also a need to leverage a set of custom apps to enable their business "+
		"processes.")
	if status := b.press("Save and continue"); status != 422 {
		b.Errorf("a wrong deal value answers %d", status)
	}
	b.wantProblem("Deal value must be a number, like 50000 or 50,000.50")
	b.tree("deal-wrong")
	b.audit()
	if v := eval[string](b, `document.querySelector('#deal-value').value`); v != "fifty thousand" {
		b.Errorf("the wrong deal value is now %q", v)
	}
	// Enter in a field means Save and continue.
	b.fill("details.dealValue", "50,000.00")
	b.enter("details.dealValue")
}

func (b *tab) needs() {
	b.Helper()
	b.wantHeading("What the customer needs")
	b.tree("needs")
	b.audit()
	for _, x := range [][2]string{{"industries", "Manufacturing"},
		{"products", "Dynamics365Enterprise"}, {"services", "DeploymentOrMigration"},
		{"solutions", "Dynamics365forFieldService"}} {
		b.unfold(chromedp.CSS("#" + x[0]))
		b.tick("details.requirements."+x[0], x[1])
	}
	b.press("Save and continue")
}

func (b *tab) ourTeam() {
	b.Helper()
	b.wantHeading("Our team")
	b.tree("team")
	b.audit()
	if v := eval[string](b, `document.querySelector('#t1-email').value`); v != "priya.raman@northbridge.example" {
		b.Errorf("the first team member is %q, not the rep", v)
	}
	b.fill("team[0].phoneNumber", "+44 20 7946 0018")
	b.press("Add another team member")
	b.person("team[1]", "John", "Doe", "1231231234", "john.doe@microsoft.com")
	b.press("Save and continue")
}

func (b *tab) target() {
	b.Helper()
	b.wantHeading("Target and invite")
	b.tree("target")
	b.audit()
	b.tick("target[0].type", "SolutionProfile")
	b.fillAt("#solution-id", "SOL-34104-EBB")
	b.fill("inviteContext.notes",
		"Hi ABC Partner, hoping you can help this customer. Thanks, John @ Microsoft")
	b.unfold("main details:has(#status) > summary")
	b.fill("statusReason", "Customer engagement was a success!")
	b.fill("inviteContext.invitedBy.organizationId", "msft")
	b.press("Save and continue")
}

func (b *tab) checkAnswers() {
	b.Helper()
	b.wantHeading("Check your answers before sending")
	b.tree("check")
	b.audit()
	b.helpPictures("check")
	for _, want := range []string{"Contoso Customer Inc", "USD 50,000.00", "14 November 2018",
		"Sue Smith", "Joe Hansen", "John Doe", "SOL-34104-EBB", "Ready to send"} {
		if !strings.Contains(b.text("main"), want) {
			b.Errorf("the check page lacks %q\non %s", want, b.where())
		}
	}
}

func (b *tab) sendReferral() {
	b.Helper()
	b.press("Send referral")
	b.settle("Referral sent")
	b.tree("sent")
	b.audit()
}

// settle waits until the send's page shows its outcome. Without JavaScript the page reloads itself.
func (b *tab) settle(heading string) {
	b.Helper()
	for range 100 {
		if b.text("h1") == heading {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	b.wantHeading(heading)
}

func (b *tab) connect() {
	b.Helper()
	b.press("Create the Microsoft referral")
	b.wantHeading("What Microsoft receives")
	b.tree("connect")
	b.audit()
	b.helpPictures("connect")
	b.press("Continue")
	b.wantProblem("Select what help you want from Microsoft")
	b.audit()
	b.choose("inviteContext.assistanceRequestCode", "ProofOfConceptOrDemo")
	b.fill("inviteContext.notes", "We would like a specialist for the discovery workshop.")
	b.press("Continue")
	b.audit()
	b.press("Create the Microsoft referral")
	b.settle("Microsoft’s referral was created")
	b.audit()
}

func (b *tab) review() {
	b.Helper()
	b.open("/referrals")
	b.wantHeading("Referrals")
	b.tree("list")
	b.audit()
	if !strings.Contains(b.text("table"), "Connected") {
		b.Errorf("the list does not say Connected\non %s", b.where())
	}
	b.press("Test Cosell Invite_20")
	b.wantHeading("Test Cosell Invite_20")
	b.tree("referral")
	b.audit()
	b.press("Review Microsoft’s response")
	b.wantHeading("Microsoft’s response")
	b.tree("response")
	b.audit()
	main := b.text("main")
	for _, want := range []string{"One answer did not come back", "Closing date", "Not returned",
		"request-id", "ETag"} {
		if !strings.Contains(main, want) {
			b.Errorf("the response page lacks %q\non %s", want, b.where())
		}
	}
}

// holdsSample fails unless the body holds every path and value of Microsoft's sample request.
func holdsSample(t *testing.T, body []byte) {
	t.Helper()
	doc, err := os.ReadFile("../referral/testdata/seed-request.json")
	if err != nil {
		t.Fatal(err)
	}
	if missing := lacks("", parse(t, doc), parse(t, body)); len(missing) > 0 {
		t.Errorf("the body lacks of the sample: %s\n%s", strings.Join(missing, ", "), body)
	}
}

func parse(t *testing.T, doc []byte) any {
	t.Helper()
	var v any
	dec := json.NewDecoder(bytes.NewReader(doc))
	dec.UseNumber()
	if err := dec.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// lacks returns the paths of want that got does not hold; members of lists may stand anywhere.
func lacks(at string, want, got any) []string {
	switch want := want.(type) {
	case map[string]any:
		var out []string
		m, _ := got.(map[string]any)
		for k, v := range want {
			out = append(out, lacks(at+"."+k, v, m[k])...)
		}
		return out
	case []any:
		var out []string
		list, ok := got.([]any)
		for _, w := range want {
			held := false
			for _, g := range list {
				held = held || len(lacks("", w, g)) == 0
			}
			if !held || !ok {
				out = append(out, at+"[]")
			}
		}
		return out
	}
	if !reflect.DeepEqual(want, got) {
		return []string{at}
	}
	return nil
}

// TestPracticeControls makes Microsoft lose an answer and watches the look-up find the referral,
// on the page where reps learn it.
func TestPracticeControls(t *testing.T) {
	t.Parallel()
	s := practiceProgram(t, world{now: sampleClock()})
	b := newTab(t, s.config.BaseURL, true)
	b.signIn("Priya Raman")
	b.ready(s)
	b.open("/practice/")
	b.wantHeading("Practice controls")
	b.audit()
	b.tick("kind", "lost-request")
	b.choose("method", "POST")
	b.press("Add this fault")
	b.audit()
	b.open("/drafts")
	b.wantHeading("Drafts")
	b.audit()
	b.press("Continue Test Cosell Invite_20")
	b.press("Send referral")
	b.settle("Microsoft does not have it")
	b.audit()
	b.open("/referrals?tab=attention")
	b.audit()
	b.press("Test Cosell Invite_20")
	b.press("Send again")
	b.settle("Referral sent")
	b.audit()
	if n := s.practice.Simulator().Count(); n != 1 {
		t.Errorf("%d referrals at Microsoft, want 1", n)
	}
}

// TestSignOut ends the session here and at the provider; the browser's old cookie opens nothing.
func TestSignOut(t *testing.T) {
	t.Parallel()
	s := practiceProgram(t, world{now: time.Now})
	b := newTab(t, s.config.BaseURL, true)
	b.signIn("Mei Lin")
	old := s.sessions(t)
	b.unfold("header details > summary")
	b.load(chromedp.Click(chromedp.CSS(`form[action="/auth/sign-out"] button`)))
	b.wantHeading("Sign in")
	if got := b.text("main"); !strings.Contains(got, "You are signed out") {
		t.Errorf("the page does not say that the person is signed out: %q", got)
	}
	if left := s.sessions(t); old != 1 || left != 0 {
		t.Errorf("%d sessions before, %d after", old, left)
	}
	b.open("/referrals")
	b.wantHeading("Sign in")
}

// sessions counts what the store holds of sessions and tokens.
func (s *server) sessions(t *testing.T) (n int) {
	t.Helper()
	err := s.store.Writer().QueryRow(`SELECT (SELECT COUNT(*) FROM sessions) +
		(SELECT COUNT(*) FROM tokens) - CASE WHEN EXISTS (SELECT 1 FROM tokens) THEN 1 ELSE 0 END`).
		Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
