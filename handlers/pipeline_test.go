package handlers_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPipelinePage(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	if got := priya.page("/pipeline", http.StatusOK).Text("#empty"); got != "No referrals yet" {
		t.Errorf("without any: %q", got)
	}
	ids := priya.deals("Alpha", "Bravo", "Charlie")
	priya.connect(ids[0], done())
	page := priya.page("/pipeline", http.StatusOK)
	cells := func(id string) []string {
		in := `section[aria-labelledby="` + id + `"] tbody `
		return page.Texts(in + "th, " + in + ".num")
	}
	if diff := cmp.Diff([]string{"Active – Accepted", "3"}, cells("statuses")); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"January 2027", "USD 6,000.00", "3"}, cells("months")); diff != "" {
		t.Errorf("months (-want +got):\n%s", diff)
	}
	if got := page.Attr(`section[aria-labelledby="months"] rect`, "height"); got != "100.0" {
		t.Errorf("the largest bar is %s high", got)
	}
	drawn := page.Texts(`section[aria-labelledby="months"] svg text`)
	if diff := cmp.Diff([]string{"Jan", "2027"}, drawn); diff != "" {
		t.Errorf("below the bars (-want +got):\n%s", diff)
	}
	if got := page.Text("#value-USD"); got != "USD 6,000.00" {
		t.Errorf("all of a currency are %q", got)
	}
	list := page.Attr(`section[aria-labelledby="statuses"] tbody a`, "href")
	if list != "/referrals?status=Active&substatus=Accepted" {
		t.Errorf("the bar leads to %q", list)
	}
	if got := len(priya.page(list, http.StatusOK).Texts(".c-name a")); got != 3 {
		t.Errorf("the list has %d rows", got)
	}
	page = priya.page("/pipeline?q=bravo", http.StatusOK)
	if got := page.Text("[role=status]"); got != "1 referral" {
		t.Errorf("filtered: %q", got)
	}
	back := page.Attr(".resultbar div a", "href")
	if got := priya.page(back, http.StatusOK).Attr(".resultbar div a", "href"); back !=
		"/referrals?q=bravo" || got != "/pipeline?q=bravo" {
		t.Errorf("there and back: %q, %q", back, got)
	}
	if got := page.Attr(".applied .clear", "href"); got != "/pipeline" {
		t.Errorf("clear all leads to %q", got)
	}
	page = priya.page("/pipeline?q=nothing-like-it", http.StatusOK)
	if got := page.Text("#empty"); got != "No referrals match these filters" {
		t.Errorf("no match: %q", got)
	}
	_, err := site.Writer().Exec(`UPDATE referrals SET currency = 'JPY' WHERE id = $1`, ids[0])
	site.must(err)
	if got := priya.page("/pipeline", http.StatusOK).Text("#value-JPY"); got != "JPY 1,000" {
		t.Errorf("yen, which have no decimals, are %q", got)
	}
	page = site.rep("Eve Example", false).page("/pipeline", http.StatusOK)
	page.None(".chart")
}
