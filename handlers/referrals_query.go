package handlers

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"tandem/internal/form"
	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

// listQuery is what the URL of the list says. Values that are none of the choices are ignored.
type listQuery struct {
	q, status, ms, owner, updated string
	// sort is a column, with -asc behind it when turned round; empty means newest update first.
	sort string
	page int
}

func statusChoices(l *language.Locale) []referral.Choice {
	return []referral.Choice{{ID: "", Label: l.T("Any status")},
		{ID: "open", Label: l.T("New and active")}, {ID: "New", Label: l.T("New")},
		{ID: "Active", Label: l.T("Active")}, {ID: "Closed", Label: l.T("Closed")}}
}

func microsoftChoices(l *language.Locale) []referral.Choice {
	return []referral.Choice{{ID: "", Label: l.T("Any")}, {ID: "connected", Label: l.T("Connected")},
		{ID: "none", Label: l.T("Not created")}, {ID: "failed", Label: l.T("Failed")}}
}

func ownerChoices(l *language.Locale) []referral.Choice {
	return []referral.Choice{{ID: "", Label: l.T("Everyone")}, {ID: "me", Label: l.T("Me")}}
}

func updatedChoices(l *language.Locale) []referral.Choice {
	return []referral.Choice{{ID: "", Label: l.T("Any time")}, {ID: "7", Label: l.T("Last 7 days")},
		{ID: "30", Label: l.T("Last 30 days")}, {ID: "90", Label: l.T("Last 90 days")}}
}

// column is a heading of the list. The first order of text is ascending, of all else descending.
type column struct {
	text language.Key
	// sort is the column's name in the URL.
	sort, class string
	// down and up say the orders in words.
	down, up language.Key
	upFirst  bool
}

func columns() []column {
	return []column{
		{text: "Referral", sort: "name", down: "name from Z to A", up: "name from A to Z",
			upFirst: true},
		{text: "Deal value", sort: "value", class: "num", down: "largest deal first",
			up: "smallest deal first"},
		{text: "Closing date", sort: "closing", down: "latest closing date first",
			up: "earliest closing date first", upFirst: true},
		{text: "Status", sort: "status", down: "status from Z to A", up: "status from A to Z",
			upFirst: true},
		{text: "Microsoft referral"},
		{text: "Updated", sort: "updated", down: "newest update first", up: "oldest update first"},
	}
}

func readListQuery(values url.Values, admin bool) listQuery {
	l := language.English()
	known := func(name string, choices []referral.Choice) string {
		if v := values.Get(name); referral.Has(choices, v) {
			return v
		}
		return ""
	}
	q := listQuery{q: referral.Clean(values.Get("q")), status: known("status", statusChoices(l)),
		ms: known("ms", microsoftChoices(l)), updated: known("updated", updatedChoices(l)), page: 1}
	if admin {
		q.owner = known("owner", ownerChoices(l))
	}
	if n, err := strconv.Atoi(values.Get("page")); err == nil && n > 1 {
		q.page = n
	}
	for _, col := range columns() {
		name := strings.TrimSuffix(values.Get("sort"), "-asc")
		if col.sort != "" && col.sort == name && values.Get("sort") != "updated" {
			q.sort = values.Get("sort")
		}
	}
	return q
}

func (q listQuery) filter(now time.Time) referral.Filter {
	f := referral.Filter{Query: q.q, Status: q.status, Microsoft: q.ms, Mine: q.owner == "me",
		Page: q.page}
	f.Sort, f.Ascending = strings.CutSuffix(q.sort, "-asc")
	if days, err := strconv.Atoi(q.updated); err == nil {
		f.UpdatedSince = now.AddDate(0, 0, -days)
	}
	return f
}

// href is the URL of the list with these filters; the page is left out when it is the first.
func (q listQuery) href() string {
	v := url.Values{}
	for name, value := range map[string]string{"q": q.q, "status": q.status, "ms": q.ms,
		"owner": q.owner, "updated": q.updated, "sort": q.sort} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if q.page > 1 {
		v.Set("page", strconv.Itoa(q.page))
	}
	if len(v) == 0 {
		return "/referrals"
	}
	return "/referrals?" + v.Encode()
}

// export is the URL of the file with all pages.
func (q listQuery) export() string {
	q.page = 1
	return strings.Replace(q.href(), "/referrals", "/referrals.csv", 1)
}

func (q listQuery) withPage(n int) string {
	q.page = n
	return q.href()
}

// sorted returns the column the list is sorted by, and whether in ascending order.
func (q listQuery) sorted() (column, bool) {
	name, up := strings.CutSuffix(q.sort, "-asc")
	all := columns()
	for _, col := range all {
		if col.sort != "" && col.sort == name {
			return col, up
		}
	}
	return all[len(all)-1], false
}

func (q listQuery) orderText() language.Key {
	col, up := q.sorted()
	if up {
		return col.up
	}
	return col.down
}

// heads are the columns with links that sort; the one in use turns its order round.
func (q listQuery) heads(l *language.Locale) []views.ListHead {
	current, up := q.sorted()
	var out []views.ListHead
	for _, col := range columns() {
		h := views.ListHead{Text: l.T(col.text), Class: col.class}
		if col.sort != "" {
			toUp := col.upFirst
			if col.sort == current.sort {
				toUp, h.Sorted = !up, "descending"
			}
			if h.Sorted != "" && up {
				h.Sorted = "ascending"
			}
			h.Href = q.sortedBy(col.sort, toUp)
		}
		out = append(out, h)
	}
	return out
}

func (q listQuery) sortedBy(name string, up bool) string {
	q.page, q.sort = 1, name
	if up {
		q.sort += "-asc"
	}
	if q.sort == "updated" {
		q.sort = ""
	}
	return q.href()
}

// chips are the filters in use, each with the list without it.
func (q listQuery) chips(l *language.Locale) []views.Chip {
	q.page = 1
	var out []views.Chip
	add := func(text string, without listQuery) {
		out = append(out, views.Chip{Text: text, Href: without.href()})
	}
	without := q
	if without.q = ""; q.q != "" {
		add(l.T("Search: %s", q.q), without)
	}
	without = q
	if without.status = ""; q.status != "" {
		add(l.T("Status: %s", referral.LabelOf(statusChoices(l), q.status)), without)
	}
	without = q
	if without.ms = ""; q.ms != "" {
		add(l.T("Microsoft referral: %s", referral.LabelOf(microsoftChoices(l), q.ms)), without)
	}
	without = q
	if without.owner = ""; q.owner != "" {
		add(l.T("Owner: me"), without)
	}
	without = q
	if without.updated = ""; q.updated != "" {
		add(l.T("Updated in the last %s days", q.updated), without)
	}
	return out
}

// fields are the inputs above the list.
func (q listQuery) fields(l *language.Locale, admin bool) *views.Filters {
	choose := func(
		name string, label language.Key, value string, choices []referral.Choice,
	) form.Field {
		f := form.Field{Name: name, ID: name, Label: l.T(label)}
		f.Options = options(choices)
		return f.Choose(value)
	}
	f := views.Filters{
		Query:     form.Field{Name: "q", ID: "q", Value: q.q},
		Status:    choose("status", "Status", q.status, statusChoices(l)),
		Microsoft: choose("ms", "Microsoft referral", q.ms, microsoftChoices(l)),
		Owner:     choose("owner", "Owner", q.owner, ownerChoices(l)),
		Updated:   choose("updated", "Updated", q.updated, updatedChoices(l)),
		ShowOwner: admin, More: l.T("More filters"), MoreOpen: q.updated != "",
	}
	if q.updated != "" {
		f.More = l.T("More filters (%d in use)", 1)
	}
	return &f
}
