package referral

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean trims an answer and drops what nobody means to type: zero-width characters and control
// characters go, no-break spaces become spaces. Line breaks and tabs inside stay.
func Clean(s string) string {
	return strings.TrimSpace(strings.Map(cleanRune, s))
}

func cleanRune(r rune) rune {
	switch {
	case r == '\n' || r == '\t':
		return r
	case r == '\u00a0' || r == '\u202f' || r == '\u2007':
		return ' '
	case r >= '\u200b' && r <= '\u200f' || r == '\ufeff' || r == '\u2060':
		return -1
	case unicode.IsControl(r):
		return -1
	}
	return r
}

// Narrow turns full-width digits and punctuation, as Chinese keyboards give them, into ASCII; it
// also cleans. For numbers, dates and phone numbers.
func Narrow(s string) string {
	return Clean(strings.Map(narrowRune, s))
}

func narrowRune(r rune) rune {
	switch {
	case r >= '！' && r <= '～':
		return r - '！' + '!'
	case r == '\u3000':
		return ' '
	case r == '。':
		return '.'
	case r == '、':
		return ','
	}
	return r
}

// runes counts characters, which is how lengths are told to people.
func runes(s string) int { return utf8.RuneCountInString(s) }

// joinName puts first and last name together; names in Han characters have no space and the last
// name in front.
func joinName(first, last string) string {
	if han(first) && han(last) {
		return last + first
	}
	return strings.TrimSpace(first + " " + last)
}

func han(s string) bool {
	for _, r := range s {
		return unicode.Is(unicode.Han, r)
	}
	return false
}
