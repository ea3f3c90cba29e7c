package program

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"tandem/internal/referral"
	"tandem/internal/store"
)

// rep is the person's e-mail address.
const rep = "priya.raman@northbridge.example"

// visitor is a person who uses the running program by plain HTTP, and what is known of it from
// behind.
type visitor struct {
	*testing.T
	url, issuer string
	// person is who signs in, and returnTo where that is to lead; empty means the usual place.
	person, returnTo string
	store            *store.Store
	client           *http.Client
	// answers fills in a draft.
	answers func(referral.Answers) referral.Answers
}

func newVisitor(t *testing.T, url, issuer string, db *store.Store) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{T: t, url: url, issuer: issuer, store: db, person: rep, answers: answered,
		client: &http.Client{Jar: jar, Timeout: 20 * time.Second}}
}

func (v *visitor) must(err error) {
	v.Helper()
	if err != nil {
		v.Fatal(err)
	}
}

func (v *visitor) eventually(what string, limit time.Duration, ok func() bool) {
	v.Helper()
	for began := time.Now(); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Since(began) > limit {
			v.Fatalf("waited %v for %s", limit, what)
		}
	}
}

// visit asks for a page and fails unless it is shown.
func (v *visitor) visit(path string) {
	v.Helper()
	res, err := v.client.Get(v.url + path)
	v.must(err)
	v.must(res.Body.Close())
	if res.StatusCode != http.StatusOK || res.Request.URL.Path != path {
		v.Errorf("%s: %s at %s", path, res.Status, res.Request.URL)
	}
}

// signIn goes the whole way: each request is for the other process.
func (v *visitor) signIn() {
	v.Helper()
	if to := v.signedInAt(); !strings.HasPrefix(to.Path, "/referrals") {
		v.Fatalf("the sign-in ended at %s", to)
	}
}

// signedInAt signs in and returns where that leads to.
func (v *visitor) signedInAt() *url.URL {
	v.Helper()
	res, err := v.client.PostForm(v.url+"/auth/sign-in", url.Values{"return_to": {v.returnTo}})
	v.must(err)
	defer res.Body.Close()
	doc, err := goquery.NewDocumentFromReader(res.Body)
	v.must(err)
	answer := url.Values{"person": {v.person}}
	doc.Find("input[type=hidden]").Each(func(_ int, s *goquery.Selection) {
		answer.Set(s.AttrOr("name", ""), s.AttrOr("value", ""))
	})
	done, err := v.client.PostForm(v.issuer+"/authorize", answer)
	v.must(err)
	v.must(done.Body.Close())
	return done.Request.URL
}

// submit stores a complete draft of the person, sends it and returns the send's id.
func (v *visitor) submit() string {
	v.Helper()
	return v.send(v.draft())
}

// draft stores a complete draft of the person and returns its id.
func (v *visitor) draft() string {
	v.Helper()
	var rep referral.User
	err := v.store.Writer().QueryRow(
		`SELECT id, given_name, family_name, email FROM users WHERE email = $1`, v.person).
		Scan(&rep.ID, &rep.GivenName, &rep.FamilyName, &rep.Email)
	v.must(err)
	d := referral.NewDraft(referral.CoSell, rep, referral.Last{})
	d.Answers = v.answers(d.Answers)
	d, err = v.store.CreateDraft(v.Context(), rep.Caller(), d)
	v.must(err)
	return d.ID
}

// send sends a draft and returns the send's id.
func (v *visitor) send(draft string) string {
	v.Helper()
	to := v.post("/drafts/"+draft+"/send", nil)
	id, ok := strings.CutPrefix(to, "/sends/")
	if !ok {
		v.Fatalf("sending leads to %q", to)
	}
	return id
}

// fetch returns a page, whatever its status.
func (v *visitor) fetch(path string) string {
	v.Helper()
	res, err := v.client.Get(v.url + path)
	v.must(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	v.must(err)
	return string(body)
}

// try posts a form and returns the status of the answer, to which it does not follow a redirect.
func (v *visitor) try(path string, values url.Values) int {
	v.Helper()
	res := v.submitted(path, values)
	return res.StatusCode
}

// post posts a form and returns where the answer leads to.
func (v *visitor) post(path string, values url.Values) string {
	v.Helper()
	res := v.submitted(path, values)
	if res.StatusCode != http.StatusSeeOther {
		v.Fatalf("POST %s: %s", path, res.Status)
	}
	return res.Header.Get("Location")
}

// submitted posts a form and returns the answer without its body.
func (v *visitor) submitted(path string, values url.Values) *http.Response {
	v.Helper()
	post := *v.client
	post.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := post.PostForm(v.url+path, values)
	v.must(err)
	v.must(res.Body.Close())
	return res
}

// save opens a page, changes texts of its form, given as names and values in turn, saves it and
// returns where that leads to.
func (v *visitor) save(path string, pairs ...string) string {
	v.Helper()
	res, err := v.client.Get(v.url + path)
	v.must(err)
	defer res.Body.Close()
	doc, err := goquery.NewDocumentFromReader(res.Body)
	v.must(err)
	values := url.Values{"go": {"continue"}}
	doc.Find("main form input:not([type=radio]):not([type=checkbox]), main form :checked, " +
		"main form textarea, main form option[selected]").Each(func(_ int, s *goquery.Selection) {
		field := s
		if goquery.NodeName(s) == "option" {
			field = s.Closest("select")
		}
		values.Add(field.AttrOr("name", ""), s.AttrOr("value", s.Text()))
	})
	for pair := range slices.Chunk(pairs, 2) {
		values.Set(pair[0], pair[1])
	}
	return v.post(path, values)
}

// changed changes the notes of a deal at Microsoft and returns the change once it rests.
func (v *visitor) changed(referralID string) (ch referral.Change) {
	v.Helper()
	return v.rests(v.save("/referrals/"+referralID+"/edit/deal", "details.notes",
		"We start in spring."))
}

// rests returns the change on whose page a save has led, once it rests.
func (v *visitor) rests(to string) (ch referral.Change) {
	v.Helper()
	v.eventually("the change to settle", 30*time.Second, func() bool {
		var err error
		ch, err = v.store.ChangeJob(v.Context(), strings.TrimPrefix(to, "/changes/"))
		v.must(err)
		return !ch.State.Running() && !ch.LookingUp()
	})
	return ch
}

func answered(a referral.Answers) referral.Answers {
	a.Name, a.MarketplaceIntent = "Contoso field service rollout", "HaveNotDecided"
	a.CustomerProfile.Name = "Contoso Customer Inc"
	a.CustomerProfile.Size = "10to50employees"
	a.CustomerProfile.Address = referral.Address{AddressLine1: "One Microsoft Way",
		City: "Redmond", State: "WA", PostalCode: "98052", Country: "US"}
	sue := referral.NewMember("en-us")
	sue.FirstName, sue.LastName = "Sue", "Smith"
	sue.Email, sue.PhoneNumber = "sue.smith@contoso.com", "1234567890"
	a.CustomerProfile.Team = []referral.Member{sue}
	a.Team[0].PhoneNumber = "+44 20 7946 0018"
	a.Consent = referral.Consent{ShareInfo: "true", Contact: "true"}
	a.Details.DealValue, a.Details.Currency = "50000", "USD"
	a.Details.Closing = referral.ClosingDate{Day: "14", Month: "1", Year: "2099"}
	a.Details.Notes = "Supply chain on Dynamics 365."
	a.Details.Requirements.Solutions = []string{"Dynamics365forFieldService"}
	a.Target = []referral.Target{{Type: referral.TargetSolution, ID: []string{"SOL-34104-EBB"}}}
	return a
}

// settled returns the send once it is, within the 30 seconds that are promised.
func (v *visitor) settled(id string) referral.Send {
	v.Helper()
	return v.settledIn(id, 30*time.Second)
}

func (v *visitor) settledIn(id string, limit time.Duration) (s referral.Send) {
	v.Helper()
	v.eventually("the send to settle", limit, func() bool {
		var err error
		s, err = v.store.Job(v.Context(), id)
		v.must(err)
		return !s.State.Running() && !s.LookingUp()
	})
	return s
}
