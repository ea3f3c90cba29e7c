package practice

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// condition says whether a referral matches.
type condition func(document) bool

var (
	comparison = regexp.MustCompile(
		`^([A-Za-z/]+) +(eq|gt|ge|lt|le) +('(?:[^']|'')*'|[^\s']+)$`)
	teamAny = regexp.MustCompile(
		`^team/any\( *(\w+) *: *(\w+)/email +eq +('(?:[^']|'')*') *\)$`)
)

// parseFilter reads the part of OData that the API documents: comparisons and
// team/any(t:t/email eq '…'), joined by and. It returns the condition, or why
// the service would refuse the filter.
func parseFilter(s string) (condition, string) {
	if strings.TrimSpace(s) == "" {
		return func(document) bool { return true }, ""
	}
	var all []condition
	for _, term := range splitAnd(s) {
		c, reason := parseTerm(strings.TrimSpace(term))
		if reason != "" {
			return nil, reason
		}
		all = append(all, c)
	}
	return func(doc document) bool {
		return !slices.ContainsFunc(all, func(c condition) bool { return !c(doc) })
	}, ""
}

// splitAnd splits at the word and, except within quotes.
func splitAnd(s string) []string {
	var terms []string
	quoted, start := false, 0
	for i := 0; i < len(s); i++ {
		if s[i] == '\'' {
			quoted = !quoted
		}
		if !quoted && strings.HasPrefix(s[i:], " and ") {
			terms = append(terms, s[start:i])
			start = i + len(" and ")
			i = start - 1
		}
	}
	return append(terms, s[start:])
}

func parseTerm(term string) (condition, string) {
	if m := teamAny.FindStringSubmatch(term); m != nil && m[1] == m[2] {
		email := unquoted(m[3])
		return func(doc document) bool { return (&stored{doc: doc}).inTeam(email) }, ""
	}
	m := comparison.FindStringSubmatch(term)
	if m == nil {
		return nil, "$filter cannot be read"
	}
	field, op, value := m[1], m[2], unquoted(m[3])
	switch {
	case field == "updatedDateTime":
		return dateCondition(op, value)
	case op == "eq" && slices.Contains(filterable(), field):
		path := strings.ReplaceAll(field, "/", ".")
		return func(doc document) bool { return strings.EqualFold(doc.text(path), value) }, ""
	}
	return nil, fmt.Sprintf("$filter does not support %s with %s", field, op)
}

// filterable are the text fields the service documents for filters.
func filterable() []string {
	return []string{
		"engagementId", "status", "substatus", "qualification", "type", "direction",
		"customerProfile/address/country",
	}
}

func dateCondition(op, value string) (condition, string) {
	want, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return nil, "$filter has a date that cannot be read"
	}
	return func(doc document) bool {
		got, err := time.Parse(time.RFC3339, doc.text("updatedDateTime"))
		return err == nil && holds(op, got.Compare(want))
	}, ""
}

func holds(op string, cmp int) bool {
	switch op {
	case "gt":
		return cmp > 0
	case "ge":
		return cmp >= 0
	case "lt":
		return cmp < 0
	case "le":
		return cmp <= 0
	}
	return cmp == 0
}

// unquoted takes the quotes off; a doubled one within stands for itself.
func unquoted(s string) string {
	if inner, ok := strings.CutPrefix(s, "'"); ok {
		return strings.ReplaceAll(strings.TrimSuffix(inner, "'"), "''", "'")
	}
	return s
}
