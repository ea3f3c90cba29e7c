package practice

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const pageSize = 100

// printedNext is where next links point, as they do at the real service: plain http, and a path
// that does not exist.
const printedNext = "http://api.partner.microsoft.com/v1.0/referrals"

// PrintNextLinks makes lists print next links below another address, such as one that nobody must
// ever call.
func (s *Simulator) PrintNextLinks(base string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nextBase = base
}

// listing is a parsed query. Top is what is left of $top, or -1.
type listing struct {
	filter    condition
	orderBy   string
	desc      bool
	fields    []string
	skip, top int
}

func (s *Simulator) list(c call, g grant) answer {
	q, err := listQuery(c.query)
	if err != nil {
		return invalid("the query cannot be read")
	}
	l, reason := parseListing(q)
	if reason != "" {
		return invalid(reason)
	}
	found := s.found(l, g.person)
	page := found[min(l.skip, len(found)):]
	page = page[:min(len(page), l.size())]
	body := map[string]any{
		"@odata.context": "http://api.partner.microsoft.com/v1.0/$metadata#Referrals",
		"@odata.count":   len(found),
		"value":          l.pick(page),
	}
	if next := l.next(q, len(found)); next != "" {
		body["@odata.nextLink"] = s.nextBase + "?$skiptoken=" + next
	}
	return jsonAnswer(http.StatusOK, body)
}

// listQuery returns the query, or the one that a skip token stands for.
func listQuery(raw string) (url.Values, error) {
	q, err := url.ParseQuery(raw)
	if err != nil || q.Get("$skiptoken") == "" {
		return q, err
	}
	inner, err := base64.RawURLEncoding.DecodeString(q.Get("$skiptoken"))
	if err != nil {
		return nil, err
	}
	return url.ParseQuery(string(inner))
}

// parseListing returns the listing, or why the service would refuse it.
func parseListing(q url.Values) (listing, string) {
	l := listing{top: -1}
	filter, reason := parseFilter(q.Get("$filter"))
	if reason != "" {
		return l, reason
	}
	l.filter = filter
	if l.orderBy, l.desc, reason = parseOrder(q.Get("$orderby")); reason != "" {
		return l, reason
	}
	if fields := q.Get("$select"); fields != "" {
		l.fields = strings.Split(fields, ",")
	}
	if l.skip, reason = whole(q, "$skip", 0); reason != "" {
		return l, reason
	}
	l.top, reason = whole(q, "$top", -1)
	return l, reason
}

func parseOrder(s string) (field string, desc bool, reason string) {
	words := strings.Fields(s)
	if len(words) == 0 {
		return "createdDateTime", false, ""
	}
	direction := strings.ToLower(strings.Join(words[1:], " "))
	if !slices.Contains([]string{"createdDateTime", "updatedDateTime"}, words[0]) ||
		!slices.Contains([]string{"", "asc", "desc"}, direction) {
		return "", false, "$orderby is not supported"
	}
	return words[0], direction == "desc", ""
}

func whole(q url.Values, name string, absent int) (int, string) {
	if q.Get(name) == "" {
		return absent, ""
	}
	n, err := strconv.Atoi(q.Get(name))
	if err != nil || n < 0 {
		return 0, name + " is not a whole number"
	}
	return n, ""
}

// found returns all referrals that match and that the person may see, in order. Referrals of the
// same time are in the order in which they were stored, or in its reverse.
func (s *Simulator) found(l listing, p Person) []*stored {
	var found []*stored
	for _, it := range s.shelf.items {
		if it.visibleTo(p) && l.filter(it.doc) {
			found = append(found, it)
		}
	}
	older := func(a, b *stored) int {
		return strings.Compare(a.doc.text(l.orderBy), b.doc.text(l.orderBy))
	}
	if !slices.IsSortedFunc(found, older) {
		slices.SortStableFunc(found, older)
	}
	if l.desc {
		slices.Reverse(found)
	}
	return found
}

func (l listing) size() int {
	if l.top < 0 {
		return pageSize
	}
	return min(l.top, pageSize)
}

func (l listing) pick(page []*stored) []any {
	list := make([]any, 0, len(page))
	for _, it := range page {
		if l.fields == nil {
			list = append(list, it.raw)
			continue
		}
		some := map[string]any{}
		for _, field := range l.fields {
			if v, ok := it.doc[strings.TrimSpace(field)]; ok {
				some[strings.TrimSpace(field)] = v
			}
		}
		list = append(list, some)
	}
	return list
}

// next is the skip token of the page after this one, or "". The token holds the
// whole query, because a next link carries nothing else.
func (l listing) next(q url.Values, found int) string {
	done := l.size()
	if l.skip+done >= found || l.top >= 0 && l.top <= done {
		return ""
	}
	rest := url.Values{"$skip": {strconv.Itoa(l.skip + done)}}
	if l.top >= 0 {
		rest.Set("$top", strconv.Itoa(l.top-done))
	}
	for _, name := range []string{"$filter", "$orderby", "$select"} {
		if v := q.Get(name); v != "" {
			rest.Set(name, v)
		}
	}
	return base64.RawURLEncoding.EncodeToString([]byte(rest.Encode()))
}
