package program

import (
	"fmt"
	"net/http"

	"github.com/chromedp/chromedp"

	"tandem/internal/referral"
)

// typeIn fills an input with the value of an expression and posts its form.
func typeIn(input, expression string) string {
	return fmt.Sprintf(`(() => { const it = document.querySelector(%s); it.value = %s;
		it.form.requestSubmit(); })()`, quote(input), expression)
}

// refusals are pages that say why something cannot be, each for another reason. The draft of one of
// them is broken in the database.
func (v *visitor) refusals() []sight {
	v.Helper()
	broken := v.keep(referral.CoSell, v.answers).ID
	_, err := v.store.Writer().Exec(`UPDATE drafts SET doc = '{' WHERE id = $1`, broken)
	v.must(err)
	whole := "/drafts/" + v.keep(referral.CoSell, v.answers).ID + "/customer"
	return []sight{
		{path: "/drafts/" + broken, name: "error-fault", status: http.StatusInternalServerError},
		{path: "/typed/discard", name: "error-method", status: http.StatusMethodNotAllowed},
		{path: "/preferences", name: "error-large", status: http.StatusRequestEntityTooLarge,
			lead: typeIn("[name=phone]", `'5'.repeat(2 ** 20)`)},
		{path: "/settings/partner-roles/role-1", name: "error-meanwhile", status: http.StatusConflict,
			lead: typeIn("[name=revision]", `'-1'`)},
		{path: whole, name: "error-form", status: http.StatusBadRequest,
			lead: `(() => { const it = document.querySelector("[name='customerProfile.name']");
				it.name = 'customerProfile.team[99999].firstName'; it.form.requestSubmit(); })()`},
	}
}

// tooOften asks more often than people do.
func (b *tab) tooOften(pages string) {
	b.Helper()
	b.signIn("Priya Raman")
	often := `Promise.all([...Array(100)].map(() => fetch('/', {redirect: 'manual'})))
		.then(() => location.reload())`
	for n, tag := range []string{"en", "zh-Hans"} {
		b.open("/help?lang=" + tag)
		tries := 1
		for ; b.load(chromedp.Evaluate[chromedp.Void](often)) != http.StatusTooManyRequests; tries++ {
			if tries == 20 {
				b.Fatalf("nobody is turned away on %s", b.where())
			}
		}
		b.look(sight{name: "error-often"}, tag, n)
		b.keepSource(pages, "error-often-"+tag)
	}
}

// away posts a form while the database cannot be written. The queue closes a connection that does
// not write and opens another, so that the form may need another try.
func (b *tab) away(s *server, pages string) {
	b.Helper()
	b.allow("a status of 5")
	turn := func(on string) {
		_, err := s.store.Writer().Exec(`PRAGMA query_only = ` + on)
		b.must(err)
	}
	defer turn("OFF")
	for n, tag := range []string{"en", "zh-Hans"} {
		b.open("/help?lang=" + tag)
		status := int64(0)
		for tries := 0; status != http.StatusServiceUnavailable; tries++ {
			if tries == 5 {
				b.Fatalf("status %d while the database cannot be written", status)
			}
			b.open("/preferences")
			turn("ON")
			status = b.load(chromedp.Evaluate[chromedp.Void](typeIn("[name=phone]",
				`'+49 30 901820'`)))
		}
		b.look(sight{name: "error-away"}, tag, n)
		b.keepSource(pages, "error-away-"+tag)
	}
}
