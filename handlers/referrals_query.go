package handlers

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

// listQuery are the parameters in the URL of a list. Values that are not among the choices are
// ignored.
type listQuery struct {
	// path is the page that the filters belong to.
	path string
	// values are the filters in use, by their names.
	values map[string]string
	// sort is a column, with the suffix -asc for the ascending order; empty means newest update
	// first.
	sort string
	page int
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

func readListQuery(values url.Values) listQuery {
	q := listQuery{path: "/referrals", values: map[string]string{}, page: 1}
	for _, f := range listFilters() {
		value := referral.Clean(values.Get(f.name))
		if value != "" && f.takes(value) {
			q.values[f.name] = value
		}
	}
	if n, err := strconv.Atoi(values.Get("page")); err == nil && n > 1 {
		q.page = n
	}
	name := strings.TrimSuffix(values.Get("sort"), "-asc")
	if name != "" && values.Get("sort") != "updated" &&
		slices.ContainsFunc(columns(), func(c column) bool { return c.sort == name }) {
		q.sort = values.Get("sort")
	}
	return q
}

// with returns the query for the first page with another value of a filter.
func (q listQuery) with(name, value string) listQuery {
	q.page, q.values = 1, maps.Clone(q.values)
	q.values[name] = value
	return q
}

// at returns the query for another page that has the same filters.
func (q listQuery) at(path string) listQuery {
	q.path, q.page = path, 1
	return q
}

// href is the URL of the list with these filters; the page is left out when it is the first.
func (q listQuery) href() string {
	v := url.Values{}
	for name, value := range q.values {
		if value != "" {
			v.Set(name, value)
		}
	}
	if q.sort != "" {
		v.Set("sort", q.sort)
	}
	if q.page > 1 {
		v.Set("page", strconv.Itoa(q.page))
	}
	if len(v) == 0 {
		return q.path
	}
	return q.path + "?" + v.Encode()
}

// order is the column that the list is sorted by, empty for the last update.
func (q listQuery) order() (column string, ascending bool) {
	return strings.CutSuffix(q.sort, "-asc")
}

func (q listQuery) withPage(n int) string {
	q.page = n
	return q.href()
}

// sorted returns the column the list is sorted by, and whether in ascending order.
func (q listQuery) sorted() (column, bool) {
	name, up := q.order()
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

// heads are the columns with links that sort. The link of the present column reverses the order.
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
