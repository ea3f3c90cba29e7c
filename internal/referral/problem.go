package referral

import (
	"fmt"
	"strings"
)

// Problem is one answer that breaks a rule.
type Problem struct {
	// Path is the API's JSON path of the field, which is the name of its input.
	Path string
	// Message is the sentence that a rep reads, with verbs for Args. It is the key of its
	// translations.
	Message string
	Args    []any
}

// Text returns the sentence in English.
func (p Problem) Text() string {
	if len(p.Args) == 0 {
		return p.Message
	}
	return fmt.Sprintf(p.Message, p.Args...)
}

// Problems are in page order.
type Problems []Problem

// At returns the first sentence about the path, or "" when it is right.
func (ps Problems) At(path string) string {
	for _, p := range ps {
		if p.Path == path {
			return p.Text()
		}
	}
	return ""
}

// sentence is a whole sentence that people read. It is the key of its translations, so it is never
// put together from parts.
type sentence string

func (ps *Problems) add(path string, message sentence, args ...any) {
	*ps = append(*ps, Problem{path, string(message), args})
}

// require adds the message when the answer is empty and reports whether it was there.
func (ps *Problems) require(path, value string, message sentence) bool {
	if Clean(value) == "" {
		ps.add(path, message)
		return false
	}
	return true
}

// atMost adds the message, which says the limit by %s, when the answer is longer.
func (ps *Problems) atMost(path, value string, message sentence, most int) {
	if runes(Clean(value)) > most {
		ps.add(path, message, grouped(most))
	}
}

// text checks a required answer of limited length.
func (ps *Problems) text(path, value string, missing, tooLong sentence, most int) {
	if ps.require(path, value, missing) {
		ps.atMost(path, value, tooLong, most)
	}
}

// oneOf adds the message unless the answer is an id of the catalogue.
func (ps *Problems) oneOf(path, value string, choices []Choice, message sentence) {
	if !Has(choices, value) {
		ps.add(path, message)
	}
}

func grouped(n int) string { return group(fmt.Sprint(n)) }

// index puts a number into a path such as team[%d].email.
func index(path string, n int) string { return strings.Replace(path, "%d", fmt.Sprint(n), 1) }
