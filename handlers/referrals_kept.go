package handlers

import (
	"context"
	"sync"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"tandem/internal/referral"
	"tandem/views"
)

// mostKept is how many bytes of tables are kept, enough for some 250 people.
const mostKept = 8 << 20

// tableKey is all that a table of referrals depends on besides its rows. A table is one caller's alone.
type tableKey struct {
	caller referral.Caller
	// sort is the order, as the URL has it.
	sort, language string
	zone           *time.Location
}

// table is a drawn table with so many rows of a version of the caller's list; the zero table is none.
type table struct {
	version int64
	rows    int
	html    string
}

// part is the table on a page, nil without rows.
func (t table) part() templ.Component {
	if t.rows == 0 {
		return nil
	}
	return templ.Raw(t.html)
}

// tables keeps the first pages of whole lists as they were last drawn: they are looked at again and
// again, and seldom change. The store says whether they did.
type tables struct {
	mu    sync.Mutex
	kept  map[tableKey]table
	bytes int
}

func newTables() *tables { return &tables{kept: map[tableKey]table{}} }

func (t *tables) find(key tableKey) table {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.kept[key]
}

// keep puts a table in the place of the one before. When there are too many, chance says which go: of
// more people who look in turn than there is room for, the oldest would always be the next.
func (t *tables) keep(key tableKey, drawn table) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.drop(key)
	for other := range t.kept {
		if t.bytes+len(drawn.html) <= mostKept {
			break
		}
		t.drop(other)
	}
	t.kept[key] = drawn
	t.bytes += len(drawn.html)
}

func (t *tables) drop(key tableKey) {
	t.bytes -= len(t.kept[key].html)
	delete(t.kept, key)
}

// tableOf returns the list that a query asks for, and its table. It reads and draws the rows anew only
// if they may be others than those of the kept one.
func (d Deps) tableOf(
	c echo.Context, q listQuery, kept *tables,
) (list referral.List, shown table, err error) {
	ctx, l, f := c.Request().Context(), in(c), q.filter(d.here(c))
	key := tableKey{caller(c), q.sort, l.Tag(), l.Zone()}
	keeps := f.Everything() && f.Page <= 1
	if keeps {
		shown = kept.find(key)
		f.Known = shown.version
	}
	list, err = d.Store.Referrals(ctx, caller(c), f)
	if err != nil || f.Known != 0 && f.Known == list.Version {
		return list, shown, err
	}
	rows := listRows(l, list.Referrals, caller(c))
	html, err := draw(ctx, views.ReferralTable(q.heads(l), rows))
	shown = table{version: list.Version, rows: len(rows), html: html}
	if err == nil && keeps {
		kept.keep(key, shown)
	}
	return list, shown, err
}

// draw renders a part of a page to be kept.
func draw(ctx context.Context, part templ.Component) (string, error) {
	out := templ.GetBuffer()
	defer templ.ReleaseBuffer(out)
	err := part.Render(ctx, out)
	return out.String(), err
}
