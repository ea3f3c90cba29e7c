package referral

import (
	"regexp"
	"strings"

	"golang.org/x/text/currency"
)

// Money is a deal value as it is written in JSON: a decimal without grouping and needless zeros,
// such as 50000 or 50000.5.
type Money string

// maxWhole is the number of digits before the point: at most 999,999,999,999.99.
const maxWhole = 12

// The grammar of a value: digits, or digits grouped by commas in threes (or in the Indian manner,
// twos and a last three), then at most two decimals.
var moneyPattern = regexp.MustCompile(
	`^(?:\d+|\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})+,\d{3})(?:\.(\d{1,2}))?$`)

// moneyNoise are the characters of a typed value that say nothing about it.
const moneyNoise = " '’$€£¥₹￥￡"

// ParseMoney reads what a rep typed. The currency's code or symbol, spaces and apostrophes are
// dropped; 1.234,56 and 1,5 are refused rather than guessed. The second result is false when it
// is not a number.
func ParseMoney(typed, code string) (Money, bool) {
	s := strings.ToUpper(without(moneyNoise, Narrow(typed)))
	if code != "" {
		s = strings.TrimSuffix(strings.TrimPrefix(s, code), code)
	}
	negative := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	if !moneyPattern.MatchString(s) {
		return "", false
	}
	m := normalMoney(strings.ReplaceAll(s, ",", ""))
	if negative && m != "0" {
		m = "-" + m
	}
	return m, true
}

// without returns the text with all the characters removed.
func without(characters, text string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(characters, r) {
			return -1
		}
		return r
	}, text)
}

// normalMoney drops needless zeros on both sides.
func normalMoney(s string) Money {
	whole, frac, _ := strings.Cut(s, ".")
	whole = strings.TrimLeft(whole, "0")
	if whole == "" {
		whole = "0"
	}
	if frac = strings.TrimRight(frac, "0"); frac != "" {
		return Money(whole + "." + frac)
	}
	return Money(whole)
}

// Positive tells whether the value is more than 0.
func (m Money) Positive() bool { return m != "" && m != "0" && m[0] != '-' }

// TooLarge tells whether the value is over 999,999,999,999.99.
func (m Money) TooLarge() bool {
	whole, _, _ := strings.Cut(strings.TrimPrefix(string(m), "-"), ".")
	return len(whole) > maxWhole
}

// HasDecimals tells whether the value is not whole.
func (m Money) HasDecimals() bool { return strings.Contains(string(m), ".") }

// Format returns the value for people, code first: USD 50,000.00. A currency without minor units
// shows no decimals. An unreadable value is returned as it is.
func (m Money) Format(code string) string {
	whole, frac, _ := strings.Cut(strings.TrimPrefix(string(m), "-"), ".")
	if strings.Trim(whole, "0123456789") != "" || whole == "" {
		return strings.TrimSpace(code + " " + string(m))
	}
	out := group(whole)
	if Decimals(code) > 0 || frac != "" {
		out += "." + (frac + "00")[:max(2, len(frac))]
	}
	if strings.HasPrefix(string(m), "-") {
		out = "-" + out
	}
	return strings.TrimSpace(code + " " + out)
}

func group(whole string) string {
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return whole
}

// Decimals returns the number of minor digits of an ISO 4217 currency by CLDR; 2 when unknown.
func Decimals(code string) int {
	unit, err := currency.ParseISO(code)
	if err != nil {
		return 2
	}
	scale, _ := currency.Standard.Rounding(unit)
	return scale
}
