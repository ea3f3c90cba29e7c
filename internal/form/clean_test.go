package form_test

import (
	"testing"

	"tandem/internal/form"
)

func TestClean(t *testing.T) {
	tests := []struct{ name, typed, want string }{
		{"outer space", " \tContoso\n ", "Contoso"},
		{"no-break spaces", "\u00A0Contoso\u202FLtd\u3000", "Contoso Ltd"},
		{"zero width", "sue\u200B@contoso\uFEFF.com", "sue@contoso.com"},
		{"soft hyphen", "Con\u00ADtoso", "Contoso"},
		{"direction marks", "\u202Emoc.osotnoc\u202C", "moc.osotnoc"},
		{"joiner at the end", "sue\u200D", "sue"},
		{"joiner inside a word", "می\u200Cخواهم", "می\u200Cخواهم"},
		{"inner lines", "one\n\ntwo", "one\n\ntwo"},
		{"full-width text", "（株）コントソ", "（株）コントソ"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := form.Clean(test.typed); got != test.want {
				t.Errorf("Clean(%q) = %q, want %q", test.typed, got, test.want)
			}
		})
	}
}

func TestDigits(t *testing.T) {
	tests := []struct{ name, typed, want string }{
		{"amount", "５０，０００．５０", "50,000.50"},
		{"phone", "＋８６\u3000（１０）１２３４－５６７８", "+86 (10)1234-5678"},
		{"time", "１４：３２", "14:32"},
		{"plain", " 50,000.50 ", "50,000.50"},
		{"joiner", "5\u200D0", "50"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := form.Digits(test.typed); got != test.want {
				t.Errorf("Digits(%q) = %q, want %q", test.typed, got, test.want)
			}
		})
	}
}
