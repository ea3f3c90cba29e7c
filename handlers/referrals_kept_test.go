package handlers_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/handlers"
	"tandem/internal/referral"
)

// watchedStore notes how many rows of lists were read.
type watchedStore struct {
	handlers.Store
	rows int
}

func (w *watchedStore) Referrals(
	ctx context.Context, c referral.Caller, f referral.Filter,
) (referral.List, error) {
	list, err := w.Store.Referrals(ctx, c, f)
	w.rows += len(list.Referrals)
	return list, err
}

// keptSite is a site that notes how many rows it read.
func newKeptSite(t *testing.T) (*sendSite, *watchedStore) {
	site := newSendSite(t)
	w := &watchedStore{Store: site.Store}
	site.deps.Store = w
	site.Handler = handlers.New(site.deps)
	return site, w
}

// agrees compares a page with the same page of a site that has kept nothing, and returns it.
func (p *rep) agrees(path string) string {
	p.t.Helper()
	kept := p.get(path).want(http.StatusOK).body
	site := p.site.Handler
	p.site.Handler = handlers.New(p.site.deps)
	fresh := p.get(path).want(http.StatusOK).body
	p.site.Handler = site
	if diff := cmp.Diff(fresh, kept); diff != "" {
		p.t.Errorf("%s as it was kept (-want +got):\n%s", path, diff)
	}
	return kept
}

func TestKeptTableIsReadOnce(t *testing.T) {
	site, read := newKeptSite(t)
	priya := site.rep("Priya Raman", false)
	priya.deals("Alpha", "Bravo")
	for _, tt := range []struct {
		what, path string
		rows       int
	}{
		{"first", "/referrals", 2}, {"again", "/referrals", 0},
		{"page 1", "/referrals?page=1", 0}, {"another order", "/referrals?sort=name-asc", 2},
		{"that again", "/referrals?sort=name-asc", 0}, {"a filter", "/referrals?status=open", 2},
		{"a filter again", "/referrals?status=open", 2}, {"unknown", "/referrals?status=x&y=1", 0},
	} {
		read.rows = 0
		priya.page(tt.path, http.StatusOK)
		if read.rows != tt.rows {
			t.Errorf("%s: %d rows were read, want %d", tt.what, read.rows, tt.rows)
		}
	}
	priya.deals("Charlie")
	read.rows = 0
	priya.page("/referrals", http.StatusOK)
	if read.rows != 3 {
		t.Errorf("after a new one: %d rows were read", read.rows)
	}
}

// TestKeptTableIsTrue looks at lists again after everything that they depend on.
func TestKeptTableIsTrue(t *testing.T) {
	site, _ := newKeptSite(t)
	priya, ada, eve := site.rep("Priya Raman", false), site.rep("Ada Admin", true),
		site.rep("Eve Example", false)
	all := func(what string) {
		t.Helper()
		for _, p := range []*rep{priya, ada, eve, priya} {
			for _, path := range []string{"/referrals", "/referrals?sort=value"} {
				if p.agrees(path); t.Failed() {
					t.Fatalf("after %s, for %s", what, p.user.Name)
				}
			}
		}
	}
	all("nothing")
	ids := priya.deals("Alpha", "Bravo", "Charlie")
	all("three deals")
	priya.connect(ids[0], done())
	priya.connect(ids[1], refused())
	all("connections")
	priya.jar = map[string]*http.Cookie{"zone": {Name: "zone", Value: "Asia/Tokyo"}}
	all("moving to Tokyo")
	priya.lang = "zh-Hans"
	all("changing the language")
	priya.lang, priya.jar = "", nil
	all("both back")
	site.signIn(t, referral.User{Key: priya.user.Key, Name: "Priya Costa"})
	all("a new name")
	site.signIn(t, referral.User{Key: eve.user.Key, Name: eve.user.Name, Admin: true})
	all("a role more")
	site.signIn(t, referral.User{Key: eve.user.Key, Name: eve.user.Name})
	all("a role less")
	if n := len(eve.page("/referrals", http.StatusOK).Texts(".c-name a")); n != 0 {
		t.Errorf("Eve, who was an admin, sees %d rows", n)
	}
	site.must(site.ErasePerson(t.Context(), ada.caller(), priya.user.ID))
	ada.agrees("/referrals")
}

// TestPlainForms looks at the forms that are drawn once, in each language and on both pages.
func TestPlainForms(t *testing.T) {
	site := newSendSite(t)
	priya := site.rep("Priya Raman", false)
	priya.deals("Alpha")
	for lang, search := range map[string]string{"en": "Search", "zh-Hans": "搜索"} {
		priya.lang = lang
		for _, path := range []string{"/referrals", "/pipeline"} {
			plain := priya.page(path, http.StatusOK)
			used := priya.page(path+"?q=Alpha", http.StatusOK)
			for _, attr := range []string{"action", "hx-get", "aria-label"} {
				if got, want := plain.Attr("#filters", attr), used.Attr("#filters", attr); got != want {
					t.Errorf("%s in %s: %s is %q, with a filter %q", path, lang, attr, got, want)
				}
			}
			if got := plain.Text("#filters label[for=q]"); got != search {
				t.Errorf("%s in %s: the first label is %q", path, lang, got)
			}
			if diff := cmp.Diff(used.Texts("#filters label"), plain.Texts("#filters label")); diff != "" {
				t.Errorf("%s in %s (-with a filter +without):\n%s", path, lang, diff)
			}
			if got := used.Value("q"); got != "Alpha" {
				t.Errorf("%s in %s: the filter in use is %q", path, lang, got)
			}
		}
	}
}

func TestKeptTablesAreBounded(t *testing.T) {
	const size = 100_000
	if n := handlers.KeptBytes(1000, 1000, size); n > handlers.MostKept || n < handlers.MostKept-size {
		t.Errorf("%d bytes are kept of 1000 tables", n)
	}
	if n := handlers.KeptBytes(1000, 3, size); n != 3*size {
		t.Errorf("%d bytes are kept of 3 tables that were drawn again and again", n)
	}
}
