package referral_test

import (
	"testing"

	"tandem/internal/referral"
)

// TestClean drops what is pasted along with an answer and nobody sees.
func TestClean(t *testing.T) {
	for typed, want := range map[string]string{
		"  Contoso\u00a0Ltd\u2009 ":         "Contoso Ltd",
		"\u202a+44 20 7946 0018\u202c":      "+44 20 7946 0018",
		"\u2068Sue\u2069 \u200eSmith\u061c": "Sue Smith",
		"ab\u202etxt.exe":                   "abtxt.exe",
		"Donau\u00addampf\ufeff":            "Donaudampf",
		"one\u2028two\nthree\tfour\x00":     "one\ntwo\nthree\tfour",
		"山田\u3000太郎":                        "山田\u3000太郎",
		"מידע Contoso":                      "מידע Contoso",
		"\u200b\u2060":                      "",
		"\u200cContoso\u200d":               "Contoso",
		"Con\u200dto\u200cso":               "Contoso",
		"می\u200cخواهم":                     "می\u200cخواهم",
		"کتاب\u200c \u200cخوب":              "کتاب خوب",
		"PDF\u200cها":                       "PDF\u200cها",
		"ශ්\u200dරී ලංකා":                   "ශ්\u200dරී ලංකා",
		"അവന്\u200d":                        "അവന്\u200d",
		"👩🏽\u200d💻 ❤️\u200d🔥":               "👩🏽\u200d💻 ❤️\u200d🔥",
		"می\u200b\u200cخواهم\ufeff":         "می\u200cخواهم",
	} {
		if got := referral.Clean(typed); got != want {
			t.Errorf("Clean(%q) = %q, want %q", typed, got, want)
		}
	}
}

// TestMailbox finds the address in what mail programs copy.
func TestMailbox(t *testing.T) {
	for typed, want := range map[string]string{
		"sue@contoso.com":                    "sue@contoso.com",
		" \"Smith, Sue\" <sue@contoso.com> ": "sue@contoso.com",
		"Sue Smith <sue@contoso.com>; ":      "sue@contoso.com",
		"MAILTO:sue@contoso.com":             "sue@contoso.com",
		"<mailto:sue@contoso.com>":           "sue@contoso.com",
		"sue\u2011s@contoso.com\u200b":       "sue-s@contoso.com",
		"sue@çontoso\u200d.com\u200c":        "sue@çontoso.com",
		"sue@contoso.com, joe@contoso.com":   "sue@contoso.com, joe@contoso.com",
		"<sue":                               "<sue",
		"mailto:":                            "mailto:",
		"":                                   "",
	} {
		if got := referral.Mailbox(typed); got != want {
			t.Errorf("Mailbox(%q) = %q, want %q", typed, got, want)
		}
	}
}
