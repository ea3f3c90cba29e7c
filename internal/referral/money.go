package referral

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/currency"
)

// Money is a deal value as it is written in JSON: a decimal without grouping and needless zeros,
// such as 50000 or 50000.5.
type Money string

// maxWhole is the number of digits before the point: at most 999,999,999,999.99.
const maxWhole = 12

// The grammar of a value: digits, or digits grouped by commas in threes (or in the Indian manner,
// twos and a last three), then at most two decimals. CRMs add zeros up to four; three digits behind
// a point may be meant as thousands.
var moneyPattern = regexp.MustCompile(
	`^(?:\d+|\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})+,\d{3})(?:\.\d{1,2}|\.\d{2}00+)?$`)

// ParseMoney reads what a rep typed. The currency's code or symbol in front or behind, spaces and
// apostrophes are dropped; 1.234,56 and 1,5 are refused rather than guessed. While no currency is
// chosen, the code may be any. The second result is false when it is not a number.
func ParseMoney(typed, code string) (Money, bool) {
	s := strings.ToUpper(strings.Map(withoutGaps, Narrow(typed)))
	s, negative := strings.CutPrefix(s, "-")
	s = withoutUnit(s, code)
	if !negative {
		s, negative = strings.CutPrefix(s, "-")
	}
	if !moneyPattern.MatchString(s) {
		return "", false
	}
	m := normalMoney(strings.ReplaceAll(s, ",", ""))
	if negative && m != "0" {
		m = "-" + m
	}
	return m, true
}

// withoutGaps drops what people put between the digits.
func withoutGaps(r rune) rune {
	if strings.ContainsRune(" '’", r) {
		return -1
	}
	return r
}

// withoutUnit drops the currency at either end: its code, its symbol, or a symbol behind the
// letters with which the code begins, as in US$.
func withoutUnit(s, code string) string {
	if code == "" {
		code = codeAt(s)
	}
	if i := strings.IndexFunc(s, isUnit); i > 0 && strings.HasPrefix(code, s[:i]) {
		s = s[i:]
	}
	s = strings.TrimSuffix(strings.TrimPrefix(s, code), code)
	return strings.TrimFunc(s, isUnit)
}

// codeAt returns the code of a currency with which s begins or ends; empty for none.
func codeAt(s string) string {
	n := len("USD")
	if len(s) <= n {
		return ""
	}
	for _, code := range []string{s[:n], s[len(s)-n:]} {
		if Has(Currencies(), code) {
			return code
		}
	}
	return ""
}

// isUnit tells whether r is the symbol of a currency, or how Chinese, Japanese or Korean write one.
func isUnit(r rune) bool {
	return unicode.Is(unicode.Sc, r) || strings.ContainsRune("元圆圓円원", r)
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
