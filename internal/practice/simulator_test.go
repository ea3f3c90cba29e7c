package practice_test

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/partnercenter"
)

func TestDocumentedSampleGetsTheDocumentedAnswer(t *testing.T) {
	a := newAPI(t)
	got := decode(t, a.create(t, a.as(t, priya), sample(t)).Raw)
	want := readObject(t, "testdata/created.json")
	if got["organizationName"] != "Northbridge Systems" {
		t.Errorf("organisation is %v", got["organizationName"])
	}
	assigned := []string{"id", "engagementId", "organizationId", "organizationName",
		"createdDateTime", "updatedDateTime", "eTag", "links"}
	for _, name := range assigned {
		if _, ok := got[name]; !ok {
			t.Errorf("%s is missing", name)
		}
	}
	for _, name := range assigned {
		delete(got, name)
		delete(want, name)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
}

func TestCreateAssigns(t *testing.T) {
	a := newAPI(t)
	body := sample(t)
	body["id"], body["eTag"], body["organizationId"] = "mine", "mine", "mine"
	body["futureField"] = object{"kept": []any{1.5, "x"}}
	got := a.create(t, a.as(t, priya), body)
	doc := decode(t, got.Raw)
	guid := `[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`
	const base = `https://api\.partner\.microsoft\.com/v1\.0/engagments/referrals`
	links := doc["links"].(object)
	for name, tc := range map[string]struct{ pattern, got string }{
		"id":         {guid, got.Referral.ID},
		"engagement": {guid, got.Referral.EngagementID},
		"etag":       {`"[0-9a-f]{8}-0000-0000-0000-[0-9a-f]{12}"`, got.Referral.ETag},
		"created":    {`2026-03-03T10:00:00\.0000000Z`, doc["createdDateTime"].(string)},
		"self":       {base + "/" + guid, links["self"].(object)["uri"].(string)},
		"related": {base + `\?\$filter=engagementId eq '` + guid + `'`,
			links["relatedReferrals"].(object)["uri"].(string)},
	} {
		if !regexp.MustCompile("^(?:" + tc.pattern + ")$").MatchString(tc.got) {
			t.Errorf("%s is %s", name, tc.got)
		}
	}
	if got.Status != 201 || got.ETag != got.Referral.ETag || got.ClientRequestID != "cor-1" {
		t.Errorf("status %d, etag %s, client-request-id %s", got.Status, got.ETag, got.ClientRequestID)
	}
	if diff := cmp.Diff(body["futureField"], doc["futureField"]); diff != "" {
		t.Errorf("unknown field (-want +got):\n%s", diff)
	}
	if got.RequestID == "" || got.Diagnostic == "" || got.Timestamp == "" {
		t.Errorf("headers for support are %+v", got.Exchange)
	}
}

func TestCreateTakesPascalCaseAndTextNumbers(t *testing.T) {
	a := newAPI(t)
	body := sample(t)
	body["details"].(object)["dealValue"] = "50000.50"
	body["Name"], body["CustomerProfile"] = body["name"], body["customerProfile"]
	delete(body, "name")
	delete(body, "customerProfile")
	got := a.create(t, a.as(t, priya), body)
	if got.Referral.Name != "Test Cosell Invite_20" || !strings.Contains(string(got.Raw), "50000.50,") {
		t.Errorf("answered %s", got.Raw)
	}
}

func TestLookUpHasTheClosingDateThatTheCreateLacked(t *testing.T) {
	a := newAPI(t)
	call := a.as(t, priya)
	created := a.create(t, call, sample(t))
	if !created.Referral.Details.ClosingDateTime.IsZero() {
		t.Error("the answer to the create has a closing date")
	}
	got, err := a.client.Referral(t.Context(), call, created.Referral.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got.Referral.Details.ClosingDateTime.Year() != 2018 || got.ETag != created.ETag {
		t.Errorf("closing date %v, etag %s", got.Referral.Details.ClosingDateTime, got.ETag)
	}
}

// edit sets the value at a dotted path; nil removes it.
func edit(doc object, path string, value any) object {
	names := strings.Split(path, ".")
	node := doc
	for _, name := range names[:len(names)-1] {
		if node[name] == nil {
			node[name] = object{}
		}
		node = node[name].(object)
	}
	if last := names[len(names)-1]; value == nil {
		delete(node, last)
	} else {
		node[last] = value
	}
	return doc
}

func TestCreateNeedsMoreThanItsDocumentationSays(t *testing.T) {
	a := newAPI(t)
	call := a.as(t, priya)
	const intent = "details.requirements.additionalRequirements"
	for _, tc := range []struct {
		path  string
		value any
		note  string
	}{
		{"name", nil, "name"},
		{"type", "Both", "type"},
		{"customerProfile.name", "  ", "customerProfile.name"},
		{"customerProfile.address.addressLine1", nil, "addressLine1"},
		{"customerProfile.address.city", nil, "city"},
		{"customerProfile.address.country", nil, "country"},
		{"customerProfile.address.country", "USA", "country"},
		{"customerProfile.team", []any{}, "customerProfile.team"},
		{"details.dealValue", 0, "dealValue"},
		{"details.dealValue", "Inf", "dealValue"},
		{"details.dealValue", "lots", "dealValue"},
		{"details.currency", "Dollar", "currency"},
		{"details.closingDateTime", "14.11.2018", "closingDateTime"},
		{"details.requirements.solutions", []any{}, "solutions"},
		{"details", nil, "details"},
		{"team", []any{object{"firstName": "A", "lastName": "B", "email": "c"}}, "team"},
		{"consent.consentToToShareInfoWithOthers", false, "consentToToShare"},
		{"consent.consentToShareReferralWithMicrosoftSellers", true, intent},
		{"qualification", "Hot", "qualification"},
		{"inviteContext.assistanceRequestCode", "Help", "assistanceRequestCode"},
		{"substatus", "Won", "status"},
		{"engagementId", "37ef26aa-1d15-4533-9f93-a69bd33ab1e5", "engagementId"},
	} {
		t.Run(tc.path+"="+fmt.Sprint(tc.value), func(t *testing.T) {
			_, err := a.client.Create(t.Context(), call, encode(t, edit(sample(t), tc.path, tc.value)))
			e := failure(t, err)
			if e.Status != 400 || e.Code != "invalidRequest" || e.Target != "" {
				t.Errorf("status %d, code %s, target %q", e.Status, e.Code, e.Target)
			}
			if strings.Contains(string(e.Raw), "customerProfile") {
				t.Errorf("the answer names a field: %s", e.Raw)
			}
			if !strings.Contains(a.note(), tc.note) {
				t.Errorf("noted %q, want something about %s", a.note(), tc.note)
			}
		})
	}
	if a.sim.Count() != 0 {
		t.Errorf("%d referrals were stored", a.sim.Count())
	}
	with := edit(sample(t), "consent.consentToShareReferralWithMicrosoftSellers", true)
	a.create(t, call, edit(with, intent+".attributes", []any{
		object{"type": "CustomerMarketplaceIntent", "id": "HaveNotDecided"}}))
}

// TestServicesCoSellNeedsAllThree refuses a services co-sell deal that lacks an attribute, and
// takes a whole one.
func TestServicesCoSellNeedsAllThree(t *testing.T) {
	a := newAPI(t)
	call := a.as(t, priya)
	const path = "details.requirements.additionalRequirements.attributes"
	all := []any{object{"type": "PartnerRole", "id": "Transaction"},
		object{"type": "SolutionArea", "id": "Security"},
		object{"type": "solutionPlay", "id": "Data Security"}}
	for i, name := range []string{"PartnerRole", "SolutionArea", "SolutionPlay"} {
		lacking := slices.Delete(slices.Clone(all), i, i+1)
		_, err := a.client.Create(t.Context(), call, encode(t, edit(sample(t), path, lacking)))
		if e := failure(t, err); e.Status != 400 || !strings.Contains(a.note(), "no "+name) {
			t.Errorf("without %s: status %d, noted %q", name, e.Status, a.note())
		}
	}
	whole := edit(sample(t), path, all)
	a.create(t, call, whole)
	_, err := a.client.Create(t.Context(), call, encode(t, edit(whole, "type", "Independent")))
	if e := failure(t, err); e.Status != 400 {
		t.Errorf("an independent one: status %d", e.Status)
	}
}

func TestConnectedReferralJoinsItsEngagement(t *testing.T) {
	a := newAPI(t)
	call := a.as(t, priya)
	own := a.create(t, call, sample(t)).Referral
	body := sample(t)
	body["engagementId"] = own.EngagementID
	body["target"] = []any{object{"type": "BusinessProfileLocation", "id": "msft"}}
	theirs := a.create(t, call, body).Referral
	if theirs.EngagementID != own.EngagementID || theirs.ID == own.ID {
		t.Errorf("engagement %s, id %s", theirs.EngagementID, theirs.ID)
	}
	if theirs.Status != "New" || theirs.OrganizationName != "Microsoft" || theirs.Expires.IsZero() {
		t.Errorf("Microsoft's referral is %+v", theirs)
	}
	if own.Status != "Active" || own.Substatus != "Accepted" {
		t.Errorf("own referral is %s, %s", own.Status, own.Substatus)
	}
	page, err := a.client.List(t.Context(), call, partnercenter.Query{
		Filter: partnercenter.Eq("engagementId", own.EngagementID)})
	if err != nil || len(page.Value) != 2 {
		t.Errorf("the engagement has %+v, %v", page, err)
	}
	if n := a.sim.MicrosoftAnswers(true); n != 1 {
		t.Errorf("Microsoft answered %d", n)
	}
	got, err := a.client.Referral(t.Context(), call, theirs.ID)
	if err != nil || got.Referral.Status != "Active" || got.ETag == theirs.ETag {
		t.Errorf("after the answer: %+v, %v", got, err)
	}
}

func TestEngagementsThatCannotBeJoined(t *testing.T) {
	a := newAPI(t)
	call := a.as(t, priya)
	engagement := a.create(t, call, sample(t)).Referral.EngagementID
	microsoft := []any{object{"type": "BusinessProfileLocation", "id": "msft"}}
	for name, tc := range map[string]struct {
		call       partnercenter.Call
		engagement string
		target     any
		ok         bool
	}{
		"for Microsoft":     {call, engagement, microsoft, true},
		"by an admin":       {a.as(t, mei), engagement, microsoft, true},
		"by somebody else":  {a.as(t, daniel), engagement, microsoft, false},
		"not for Microsoft": {call, engagement, sample(t)["target"], false},
		"does not exist":    {call, "37ef26aa-1d15-4533-9f93-a69bd33ab1e5", microsoft, false},
	} {
		t.Run(name, func(t *testing.T) {
			body := edit(edit(sample(t), "engagementId", tc.engagement), "target", tc.target)
			_, err := a.client.Create(t.Context(), tc.call, encode(t, body))
			if (err == nil) != tc.ok {
				t.Errorf("got %v, want success %v", err, tc.ok)
			}
		})
	}
}

func TestWhoSeesWhat(t *testing.T) {
	a := newAPI(t)
	own := a.create(t, a.as(t, priya), sample(t)).Referral.ID
	body := sample(t)
	body["team"] = append(body["team"].([]any), object{"firstName": "P", "email": strings.ToUpper(priya)})
	shared := a.create(t, a.as(t, daniel), body).Referral.ID
	alone := a.create(t, a.as(t, daniel), sample(t)).Referral.ID
	for email, want := range map[string][]string{
		priya: {own, shared}, daniel: {shared, alone}, mei: {own, shared, alone},
	} {
		call := a.as(t, email)
		page, err := a.client.List(t.Context(), call, partnercenter.Query{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, ref := range page.Value {
			got = append(got, ref.ID)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s lists (-want +got):\n%s", email, diff)
		}
		for _, id := range []string{own, shared, alone} {
			_, err := a.client.Referral(t.Context(), call, id)
			_, patchErr := a.client.Patch(t.Context(), call, id, "",
				patchBody(t, partnercenter.Replace("/salesStage", email)))
			if seen := slices.Contains(want, id); (err == nil) != seen || (patchErr == nil) != seen {
				t.Errorf("%s sees %s: %v, changes it: %v; want %v", email, id, err, patchErr, seen)
			}
		}
	}
}

func TestTokens(t *testing.T) {
	a := newAPI(t)
	good := a.as(t, priya)
	for name, tc := range map[string]struct {
		call   partnercenter.Call
		wait   time.Duration
		status int
		number int
	}{
		"none":    {partnercenter.Call{}, 0, 401, 0},
		"unknown": {partnercenter.Call{Token: "guess"}, 0, 401, 0},
		"no role": {a.as(t, sam), 0, 403, 900308},
		"expired": {good, time.Hour, 401, 0},
	} {
		t.Run(name, func(t *testing.T) {
			a.clock.Add(tc.wait)
			_, err := a.client.Create(t.Context(), tc.call, encode(t, sample(t)))
			if e := failure(t, err); e.Status != tc.status || e.Numeric != tc.number {
				t.Errorf("refused with %v", e)
			}
			a.clock.Add(-tc.wait)
		})
	}
	a.create(t, good, sample(t))
	a.ExpireAccessTokens()
	if _, err := a.client.Referral(t.Context(), good, "x"); status(t, err) != 401 {
		t.Errorf("after the access tokens expired: %v", err)
	}
}

func TestOddCalls(t *testing.T) {
	a := newAPI(t)
	token := a.as(t, priya).Token
	large := `{"name":"` + strings.Repeat("x", 2<<20) + `"}`
	for name, tc := range map[string]struct {
		method, path, body string
		want               int
	}{
		"other path":       {"GET", "/v1.0/referrals", "", 404},
		"misspelled":       {"GET", "/v1.0/engagments/referrals", "", 404},
		"longer path":      {"GET", "/v1.0/engagements/referralsx", "", 404},
		"unknown id":       {"GET", "/v1.0/engagements/referrals/x", "", 404},
		"delete":           {"DELETE", "/v1.0/engagements/referrals/x", "", 405},
		"post to an id":    {"POST", "/v1.0/engagements/referrals/x", "{}", 405},
		"patch of all":     {"PATCH", "/v1.0/engagements/referrals", "[]", 405},
		"too large":        {"POST", "/v1.0/engagements/referrals", large, 413},
		"not json":         {"POST", "/v1.0/engagements/referrals", "{", 400},
		"a list":           {"POST", "/v1.0/engagements/referrals", "[]", 400},
		"two documents":    {"POST", "/v1.0/engagements/referrals", "{}{}", 400},
		"nothing":          {"POST", "/v1.0/engagements/referrals", "", 400},
		"broken query":     {"GET", "/v1.0/engagements/referrals?%zz=1", "", 400},
		"broken skiptoken": {"GET", "/v1.0/engagements/referrals?$skiptoken=%25", "", 400},
	} {
		t.Run(name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), tc.method, a.url+tc.path,
				strings.NewReader(tc.body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bearer "+token)
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != tc.want {
				t.Errorf("answered %s, want %d", res.Status, tc.want)
			}
		})
	}
}

func TestRequestsAreRemembered(t *testing.T) {
	a := newAPI(t)
	call := a.as(t, priya)
	body := encode(t, sample(t))
	if _, err := a.client.Create(t.Context(), call, body); err != nil {
		t.Fatal(err)
	}
	got := a.sim.Requests()[0]
	if got.Method != "POST" || got.Path != "/v1.0/engagements/referrals" || got.Status != 201 ||
		string(got.Body) != string(body) || got.Person != priya || !got.At.Equal(a.clock.Now()) {
		t.Errorf("remembered %+v", got)
	}
	if got.Header.Get("MS-RequestId") != "req-1" || got.Header.Get("Client-Request-Id") != "cor-1" {
		t.Errorf("headers are %v", got.Header)
	}
	for name, values := range maps.All(got.Header) {
		if strings.Contains(strings.Join(values, ""), call.Token) {
			t.Errorf("%s holds the token", name)
		}
	}
	for range 250 {
		a.client.Referral(t.Context(), call, "x")
	}
	if n := len(a.sim.Requests()); n != 200 {
		t.Errorf("%d calls are remembered", n)
	}
	if refs := a.sim.Referrals(); len(refs) != 1 || refs[0].Name != "Test Cosell Invite_20" {
		t.Errorf("stored %+v", refs)
	}
	a.sim.Forget()
	if a.sim.Count() != 0 {
		t.Error("the referral was not forgotten")
	}
}
