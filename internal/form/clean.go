package form

import "strings"

// Invisible characters that come along when people paste.
const (
	zeroWidthNonJoiner = '\u200C'
	zeroWidthJoiner    = '\u200D'
)

// Clean returns s as it is checked, stored and sent: spaces of every kind are plain spaces,
// characters nobody can see are gone, and so is space at both ends. Line breaks inside stay.
// The two joiners stay between letters, where Persian and Indian scripts need them.
func Clean(s string) string {
	s = strings.Map(visible, s)
	return strings.Trim(s, " \t\n\r"+string(zeroWidthNonJoiner)+string(zeroWidthJoiner))
}

// visible returns a space for other kinds of space and -1 for characters without width.
func visible(r rune) rune {
	switch {
	case r == '\u00A0', r == '\u3000', r == '\u202F', r >= '\u2000' && r <= '\u200A':
		return ' '
	case r == '\u00AD', r == '\u200B', r == '\u2060', r == '\uFEFF':
		return -1
	case isDirection(r):
		return -1
	}
	return r
}

// isDirection finds marks that turn the reading direction; pasted ones can hide what a text says.
func isDirection(r rune) bool {
	return r == '\u200E' || r == '\u200F' ||
		r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069'
}

// Digits cleans s for numbers, dates and phone numbers: as Clean, with the full-width forms of
// Chinese and Japanese keyboards (０-９ ， ． ： （ ） ＋ －) as ASCII and without any joiner.
func Digits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == zeroWidthNonJoiner, r == zeroWidthJoiner:
			return -1
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		}
		return r
	}, Clean(s))
}
