package referral

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean trims an answer and drops what nobody means to type: control characters, zero-width ones
// and the marks of direction that address books put around what is copied go, spaces of other
// widths become spaces. Line breaks and tabs inside stay, and so do the two joiners where a script
// is written with them.
func Clean(s string) string {
	if ordinary(s) {
		return strings.TrimSpace(s)
	}
	return strings.TrimSpace(joined(strings.Map(cleanRune, s)))
}

// ordinary tells whether cleaning would change nothing in a text, as with most texts. To find that
// out takes a tenth of the time of cleaning.
func ordinary(s string) bool {
	for i := range len(s) {
		if c := s[i]; c > '~' || c < ' ' && c != '\n' && c != '\t' {
			return false
		}
	}
	return true
}

func cleanRune(r rune) rune {
	switch {
	case r == '\n' || r == '\t':
		return r
	case r == '\u2028' || r == '\u2029':
		return '\n'
	case r != '\u3000' && unicode.Is(unicode.Zs, r):
		return ' '
	case unicode.IsControl(r) || unseen(r):
		return -1
	}
	return r
}

// The characters that part or join two letters of a word, without width.
const (
	nonJoiner = '\u200c'
	joiner    = '\u200d'
)

// joined drops the joiners that change nothing of how s looks. Persian parts the endings of words
// by one. With the other, Sinhala and scripts of India make letters, also the last one of a word,
// and several pictures become one.
func joined(s string) string {
	if !strings.ContainsRune(s, nonJoiner) && !strings.ContainsRune(s, joiner) {
		return s
	}
	all := []rune(" " + s + " ")
	var out []rune
	for i := 1; i < len(all)-1; i++ {
		if r := all[i]; r != nonJoiner && r != joiner || joins(all[i-1], r, all[i+1]) {
			out = append(out, r)
		}
	}
	return string(out)
}

// joins tells whether r stands between two letters, or pictures, that are not both Latin ones of
// ASCII, or closes a letter.
func joins(before, r, after rune) bool {
	if r == joiner && unicode.IsMark(before) {
		return true
	}
	return inWord(before) && inWord(after) && (before > unicode.MaxASCII || after > unicode.MaxASCII)
}

// inWord tells whether r can be a part of a word or of a picture.
func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.In(r, unicode.So, unicode.Sk)
}

// unseen tells whether r is invisible: zero-width characters except the joiners, the soft hyphen,
// and the marks, embeddings and isolates that only change the direction of text.
func unseen(r rune) bool {
	switch {
	case r == nonJoiner || r == joiner:
		return false
	case r >= '\u200b' && r <= '\u200f', r >= '\u202a' && r <= '\u202e':
		return true
	case r >= '\u2060' && r <= '\u206f', r == '\u061c', r == '\u00ad', r == '\ufeff':
		return true
	}
	return false
}

// Narrow turns full-width digits and punctuation, as Chinese keyboards give them, the digits of
// Arabic ones and the dashes of word processors into ASCII; it also cleans, and drops every joiner.
// For numbers, dates, addresses and phone numbers.
func Narrow(s string) string {
	if ordinary(s) {
		return strings.TrimSpace(s)
	}
	return Clean(strings.Map(narrowRune, s))
}

func narrowRune(r rune) rune {
	switch r {
	case nonJoiner, joiner:
		return -1
	case '\u3000':
		return ' '
	case '。', '\u066b':
		return '.'
	case '、', '\u066c':
		return ','
	case '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2015', '\u2212':
		return '-'
	}
	for _, x := range []struct{ first, last, narrow rune }{
		{'！', '～', '!'}, {'\u0660', '\u0669', '0'}, {'\u06f0', '\u06f9', '0'},
	} {
		if x.first <= r && r <= x.last {
			return r - x.first + x.narrow
		}
	}
	return r
}

// Phone returns the phone number in what was typed, without the tel: of a copied link.
func Phone(typed string) string {
	return strings.TrimSpace(cutPrefixFold(Narrow(typed), "tel:"))
}

// Mailbox returns the e-mail address in what was typed. Mail programs copy one as Name <a@b.c>,
// with mailto: in front, or with the mark that parts it from the next.
func Mailbox(typed string) string {
	s := strings.TrimRight(Narrow(typed), ",; ")
	if i := strings.LastIndexByte(s, '<'); i >= 0 && strings.HasSuffix(s, ">") {
		s = s[i+1 : len(s)-1]
	}
	return strings.TrimSpace(cutPrefixFold(s, "mailto:"))
}

// cutPrefixFold returns s without a prefix in any case, unless that is all there is.
func cutPrefixFold(s, prefix string) string {
	if len(s) > len(prefix) && hasPrefixFold(s, prefix) {
		return s[len(prefix):]
	}
	return s
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// runes counts characters, the unit of the lengths that people are told.
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
