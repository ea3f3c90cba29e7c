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

// tableKey is everything that a table of referrals depends on besides its rows. It includes the
// caller, so that nobody sees another's table.
type tableKey struct {
	caller referral.Caller
	// sort is the order, as the URL has it.
	sort, language string
	zone           *time.Location
}

// table is a rendered table of a version of the caller's list; the zero table is none.
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

// tables caches the first pages of unfiltered lists as rendered: they are requested often and
// seldom change. The store says whether they did.
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

// keep stores a table in place of an older one. When there are too many, it evicts random ones: if
// more people take turns than there is room for, the oldest would always be the one that is needed
// next.
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

// tableOf returns the list for a query and its table. It reads and renders the rows only if they
// may differ from those of the cached table.
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

// draw renders a part of a page to a string.
func draw(ctx context.Context, part templ.Component) (string, error) {
	out := templ.GetBuffer()
	defer templ.ReleaseBuffer(out)
	err := part.Render(ctx, out)
	return out.String(), err
}
