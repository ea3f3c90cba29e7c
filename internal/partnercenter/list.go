package partnercenter

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Filter is an OData condition. Build it with Eq, Since, TeamEmail and And,
// which quote what they are given. The service documents engagementId, status,
// substatus, qualification, type, direction, customerProfile/address/country
// and updatedDateTime as fields to filter on.
type Filter string

// Eq holds where a text field equals value.
func Eq(field, value string) Filter {
	return Filter(field + " eq " + quote(value))
}

// Since holds where a date field is at or after t.
func Since(field string, t time.Time) Filter {
	return Filter(field + " ge " + t.UTC().Format(time.RFC3339))
}

// TeamEmail holds where somebody with this e-mail address is in the team.
func TeamEmail(email string) Filter {
	return Filter("team/any(t:t/email eq " + quote(email) + ")")
}

// And holds where all the filters hold; empty ones are left out.
func And(filters ...Filter) Filter {
	var set []string
	for _, f := range filters {
		if f != "" {
			set = append(set, string(f))
		}
	}
	return Filter(strings.Join(set, " and "))
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// Query says which referrals to list. The zero value is the first page of all.
type Query struct {
	Filter Filter
	// OrderBy is createdDateTime or updatedDateTime, then asc or desc.
	OrderBy string
	// Select names the fields wanted; none means all. The id always comes along.
	Select []string
	// Top is how many at most; 0 leaves it to the service (pages of 100).
	Top int
	// Next, from an earlier Page, asks for the page after it. The other members
	// are ignored then.
	Next string
}

// encode writes spaces as %20, which every OData service reads, where
// url.Values would write a plus sign.
func (q Query) encode() string {
	if q.Next != "" {
		return q.Next
	}
	var parts []string
	add := func(name, value string) {
		if value != "" {
			escaped := strings.ReplaceAll(url.QueryEscape(value), "+", "%20")
			parts = append(parts, name+"="+escaped)
		}
	}
	add("$filter", string(q.Filter))
	add("$orderby", q.OrderBy)
	add("$select", strings.Join(q.fields(), ","))
	if q.Top > 0 {
		add("$top", strconv.Itoa(q.Top))
	}
	return strings.Join(parts, "&")
}

func (q Query) fields() []string {
	if len(q.Select) == 0 || slices.Contains(q.Select, "id") {
		return q.Select
	}
	return append([]string{"id"}, q.Select...)
}

// Page is one page of a list.
type Page struct {
	Exchange
	Value []Referral
	// Count is the total over all pages as the service says, 0 if it does not.
	Count int
	// Next goes into Query.Next to read on; empty on the last page.
	Next string
	// Cut says that the service lists more, but its link to that leads nowhere: Next is empty, and
	// what is not on the pages so far may be there all the same.
	Cut bool
	// Skipped says that the page lists something without a usable id, which Value lacks.
	Skipped bool
}

var errNoList = errors.New("the answer holds no list of referrals")

// List returns one page of referrals.
func (c *Client) List(ctx context.Context, call Call, q Query) (*Page, error) {
	u := c.referrals("")
	u.RawQuery = q.encode()
	r := request{op: "list referrals", method: http.MethodGet, url: u, limit: maxPage}
	x, err := c.do(ctx, call, r)
	if err != nil {
		return nil, err
	}
	page, err := decodePage(x.Raw)
	if err != nil {
		return nil, &Error{Exchange: *x, Op: r.op, Err: errNoList}
	}
	page.Exchange = *x
	if page.Next != "" && page.Next == q.Next {
		page.Next, page.Cut = "", true
	}
	return page, nil
}

func decodePage(raw []byte) (*Page, error) {
	var body struct {
		Value []json.RawMessage `json:"value"`
		Count json.RawMessage   `json:"@odata.count"`
		Next  any               `json:"@odata.nextLink"`
	}
	if err := lenient(raw, &body); err != nil {
		return nil, err
	}
	if body.Value == nil {
		return nil, errNoList
	}
	link, _ := body.Next.(string)
	page := &Page{Next: nextQuery(link)}
	page.Cut = page.Next == "" && body.Next != nil && body.Next != ""
	page.Count, _ = strconv.Atoi(string(bytes.Trim(body.Count, `"`)))
	for _, item := range body.Value {
		ref, err := ParseReferral(item)
		if err != nil {
			page.Skipped = true
			continue
		}
		page.Value = append(page.Value, *ref)
	}
	if page.Skipped && page.Value == nil {
		return nil, errNoList
	}
	return page, nil
}

// nextQuery takes nothing but the query of a next link: the service prints it
// as plain http under another path, and the token must not follow it there.
func nextQuery(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	return strings.ReplaceAll(u.RawQuery, " ", "%20")
}
