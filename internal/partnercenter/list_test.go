package partnercenter_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/partnercenter"
)

func TestListBuildsTheQuery(t *testing.T) {
	cet := time.FixedZone("CET", 3600)
	for name, tc := range map[string]struct {
		query partnercenter.Query
		want  string
	}{
		"nothing": {partnercenter.Query{}, ""},
		"one filter": {partnercenter.Query{Filter: partnercenter.Eq("engagementId", "37ef-1")},
			"$filter=engagementId%20eq%20%2737ef-1%27"},
		"all": {partnercenter.Query{
			Filter: partnercenter.And(
				partnercenter.Eq("status", "New"), "",
				partnercenter.Since("updatedDateTime", time.Date(2026, 3, 3, 1, 0, 0, 0, cet))),
			OrderBy: "createdDateTime desc", Select: []string{"name", "eTag"}, Top: 10},
			"$filter=status%20eq%20%27New%27%20and%20updatedDateTime%20ge%202026-03-03T00%3A00%3A00Z" +
				"&$orderby=createdDateTime%20desc&$select=id%2Cname%2CeTag&$top=10"},
		"quotes are doubled": {partnercenter.Query{Filter: partnercenter.TeamEmail("o'hara+x@a.example")},
			"$filter=team%2Fany%28t%3At%2Femail%20eq%20%27o%27%27hara%2Bx%40a.example%27%29"},
		"next wins": {partnercenter.Query{Next: "$skiptoken=abc%2B", Top: 5}, "$skiptoken=abc%2B"},
	} {
		t.Run(name, func(t *testing.T) {
			rec := newRecorder(t, reply(200, `{"value":[]}`))
			if _, err := rec.client(t).List(t.Context(), testCall, tc.query); err != nil {
				t.Fatal(err)
			}
			u, err := url.ParseRequestURI(rec.last(t).URI)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, u.RawQuery); diff != "" {
				t.Errorf("query (-want +got):\n%s", diff)
			}
		})
	}
}

func TestListFollowsNextLinksOnTheConfiguredBaseOnly(t *testing.T) {
	elsewhere := newRecorder(t, reply(200, `{"value":[]}`))
	first := `{"@odata.context":"x","@odata.count":2,"value":[{"id":"a"}],
		"@odata.nextLink":"` + elsewhere.URL + `/v1.0/referrals?$skiptoken=k1 2"}`
	last := `{"@odata.count":"2","value":[{"id":"b","dealValue":{}}]}`
	rec := newRecorder(t, func(w http.ResponseWriter, r *http.Request) {
		body := first
		if r.URL.Query().Get("$skiptoken") == "k1 2" {
			body = last
		}
		reply(200, body)(w, r)
	})
	c := rec.client(t)
	page, err := c.List(t.Context(), testCall, partnercenter.Query{Top: 1})
	if err != nil || page.Count != 2 || len(page.Value) != 1 || page.Next == "" {
		t.Fatalf("first page %+v, %v", page, err)
	}
	page, err = c.List(t.Context(), testCall, partnercenter.Query{Next: page.Next})
	if err != nil || len(page.Value) != 1 || page.Value[0].ID != "b" || page.Next != "" {
		t.Fatalf("second page %+v, %v", page, err)
	}
	if uri := rec.last(t).URI; uri != "/v1.0/engagements/referrals?$skiptoken=k1%202" {
		t.Errorf("second page asked at %s", uri)
	}
	if elsewhere.count() != 0 {
		t.Error("the token went to another host")
	}
}

// Whatever a next link looks like, what follows is asked at the configured address, and its query
// arrives as the service wrote it.
func TestNextLinksLeadNowhereElse(t *testing.T) {
	for link, want := range map[string]string{
		"https://evil.example/v1.0/referrals?$skiptoken=a":       "?$skiptoken=a",
		"http://api.example@evil.example/?$skiptoken=a":          "?$skiptoken=a",
		"//evil.example/x?$skiptoken=a":                          "?$skiptoken=a",
		"/v1.0/../../admin?$skiptoken=a":                         "?$skiptoken=a",
		"?$skiptoken=a":                                          "?$skiptoken=a",
		"https://x/y?$skiptoken=a%26b%3D%2B%25%23&$top=5#$top=9": "?$skiptoken=a%26b%3D%2B%25%23&$top=5",
		"https://x/y?$skiptoken=https://evil.example/?a":         "?$skiptoken=https://evil.example/?a",
		`https:\\\\evil.example?$skiptoken=a`:                    "?$skiptoken=a",
		`https://x/y?$skiptoken=a\r\nX-Planted: yes`:             "",
		"javascript:alert(1)":                                    "",
	} {
		rec := newRecorder(t, reply(200, `{"value":[],"@odata.nextLink":"`+link+`"}`))
		c := rec.client(t)
		page, err := c.List(t.Context(), testCall, partnercenter.Query{})
		if err != nil {
			t.Fatal(err)
		}
		if (page.Next == "") != (want == "") {
			t.Errorf("next of %s is %q", link, page.Next)
		}
		if _, err := c.List(t.Context(), testCall, partnercenter.Query{Next: page.Next}); err != nil {
			t.Fatal(err)
		}
		if uri := rec.last(t).URI; uri != "/v1.0/engagements/referrals"+want || rec.count() != 2 {
			t.Errorf("after %s it was asked %s, %d times in all", link, uri, rec.count())
		}
	}
}

// TestListSkips reads a list of which some items cannot be told from others.
func TestListSkips(t *testing.T) {
	long := strings.Repeat("x", 257)
	c := answering(t, 200, nil, `{"value":[{"id":"r-1"},{},7,null,{"id":"`+long+`"},{"id":"r-2"}],
		"@odata.nextLink":"http://x?$skiptoken=2"}`)
	page, err := c.List(t.Context(), testCall, partnercenter.Query{})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Value) != 2 || page.Value[1].ID != "r-2" || !page.Skipped || page.Next == "" {
		t.Errorf("%d items, skipped %t, next %q", len(page.Value), page.Skipped, page.Next)
	}
}

func TestListOddAnswers(t *testing.T) {
	for name, tc := range map[string]struct {
		body string
		ok   bool
		cut  bool
	}{
		"empty list":         {`{"value":[]}`, true, false},
		"no link":            {`{"value":[],"@odata.nextLink":null}`, true, false},
		"empty link":         {`{"value":[],"@odata.nextLink":""}`, true, false},
		"link without query": {`{"value":[],"@odata.nextLink":"http://x/y"}`, true, true},
		"link to itself":     {`{"value":[],"@odata.nextLink":"http://x?$skiptoken=same"}`, true, true},
		"broken link":        {`{"value":[],"@odata.nextLink":"http://[::1?x"}`, true, true},
		"link of links":      {`{"value":[],"@odata.nextLink":{"href":"http://x?y"}}`, true, true},
		"odd count":          {`{"value":[],"@odata.count":{"n":1}}`, true, false},
		"no list":            {`{"id":"r-1"}`, false, false},
		"no item has an id":  {`{"value":[{},{}]}`, false, false},
		"html":               {`<html>`, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			c := answering(t, 200, nil, tc.body)
			page, err := c.List(t.Context(), testCall, partnercenter.Query{Next: "$skiptoken=same"})
			if (err == nil) != tc.ok {
				t.Fatalf("error %v, want success %v", err, tc.ok)
			}
			if err != nil && failure(t, err).Status != 200 {
				t.Errorf("error %v lost its status", err)
			}
			if err == nil && (page.Next != "" || page.Cut != tc.cut) {
				t.Errorf("next is %q, cut is %t, want %t", page.Next, page.Cut, tc.cut)
			}
		})
	}
}
