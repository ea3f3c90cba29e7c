package handlers

import (
	"context"
	"net/url"

	"github.com/labstack/echo/v4"

	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

type listStore interface {
	Referrals(ctx context.Context, c referral.Caller, f referral.Filter) (referral.List, error)
	Counts(ctx context.Context, c referral.Caller) (referral.Counts, error)
	// Attention returns the sends that wait for the rep, without body and attempts.
	Attention(ctx context.Context, c referral.Caller) ([]referral.Send, error)
	// ChangesToSettle returns the changes that wait for the rep.
	ChangesToSettle(ctx context.Context, c referral.Caller) ([]referral.Change, error)
}

// listPage lists submitted referrals, or the sends that need attention.
func listPage(d Deps) echo.HandlerFunc {
	kept := newTables()
	return func(c echo.Context) error {
		if c.QueryParam("tab") == "attention" {
			return attentionTab(c, d.Store)
		}
		return submittedTab(c, d, kept)
	}
}

func submittedTab(c echo.Context, d Deps, kept *tables) error {
	q := readListQuery(c.QueryParams())
	list, drawn, err := d.tableOf(c, q, kept)
	if err != nil {
		return err
	}
	listing, err := d.look(c, list.Listing)
	if err != nil {
		return err
	}
	q.page = list.Page
	l := in(c)
	v := views.Referrals{Tabs: tabs(l, list.Counts, false), Live: liveLine(l, listing, q, now(c))}
	switch {
	case list.All == 0 && !v.Live.Loading:
		v.Empty = noReferrals(l)
	case list.Matching == 0 && list.All > 0:
		v.Empty = noMatches(l, q)
	}
	if list.All > 0 || v.Live.Loading {
		v.Filters = q.form(l)
	}
	if list.All > 0 {
		v.Chips, v.Sort = q.chips(l), q.sort
		v.Count, v.Order = countText(l, list), l.T(q.orderText())
		v.Table, v.Pager = drawn.part(), pager(l, list, drawn.rows, q)
		v.Pipeline = q.at("/pipeline").href()
		v.Export, v.Bulk = q.at("/referrals.csv").href(), q.at("/referrals.bulk.csv").href()
	}
	sh := shell(c, listTitle(l, list), "referrals")
	sh.Refresh = v.Live.Reload()
	return render(c, views.ReferralsPage(sh, v))
}

func noMatches(l *language.Locale, q listQuery) views.Empty {
	return views.Empty{Title: l.T("No referrals match these filters"), Action: &views.Action{
		Text: l.T("Clear all filters"), Href: q.path, Secondary: true}}
}

func noReferrals(l *language.Locale) views.Empty {
	return views.Empty{Title: l.T("No referrals yet"),
		Text: l.T("Send your first deal to Microsoft. You need the customer’s address, " +
			"one contact, their consent, and the deal value."),
		Action: &views.Action{Text: l.T("New referral"), Icon: "plus", Href: "/drafts/new"},
		After:  l.T("It takes about 6 minutes."),
	}
}

func tabs(l *language.Locale, n referral.Counts, attention bool) []views.Tab {
	return []views.Tab{
		{Text: l.T("Submitted"), Href: "/referrals", Count: n.Submitted, Current: !attention},
		{Text: l.T("Needs attention"), Href: "/referrals?tab=attention", Count: n.Attention,
			Warn: true, Current: attention},
		{Text: l.T("Drafts"), Href: "/drafts", Count: n.Drafts},
	}
}

func listTitle(l *language.Locale, list referral.List) string {
	if pages := pageCount(list); pages > 1 {
		return l.T("Referrals (page %d of %d)", list.Page, pages)
	}
	return l.T("Referrals")
}

func pageCount(l referral.List) int {
	return (l.Matching + referral.PageSize - 1) / referral.PageSize
}

// countText says how many there are, and of how many.
func countText(l *language.Locale, list referral.List) string {
	if list.Matching != list.All {
		return l.T("%d referrals of %d", list.Matching, list.All)
	}
	return l.T("%d referrals", list.Matching)
}

func pager(l *language.Locale, list referral.List, rows int, q listQuery) views.PagerData {
	first := (list.Page-1)*referral.PageSize + 1
	p := views.PagerData{Label: l.T("Pages of referrals"),
		Text: l.T("%d to %d of %d. Times are in %s.", first, first+rows-1, list.Matching,
			l.ZoneName())}
	last := pageCount(list)
	for _, n := range nearPages(list.Page, last) {
		p.Pages = append(p.Pages, views.PageLink{Number: n, Href: q.withPage(n),
			Current: n == list.Page})
	}
	if list.Page > 1 {
		p.Prev = q.withPage(list.Page - 1)
	}
	if list.Page < last {
		p.Next = q.withPage(list.Page + 1)
	}
	return p
}

// nearPages are the first page, the last, and those around the present one.
func nearPages(page, last int) []int {
	near := []int{1}
	for n := max(2, page-2); n <= min(last, page+2); n++ {
		near = append(near, n)
	}
	if last > page+2 {
		near = append(near, last)
	}
	return near
}

func listRows(
	l *language.Locale, all []referral.Referral, c referral.Caller,
) []views.ListRow {
	var rows []views.ListRow
	for _, r := range all {
		row := views.ListRow{ID: r.ID, Name: r.Name, Customer: r.Customer,
			Status: l.Label(r.Status), Substatus: l.Label(r.Substatus),
			Colour: statusColour(r.Status), Updated: r.UpdatedAt,
			Value: dealValue(r.DealValue, r.Currency), Microsoft: connectionOf(r, c)}
		row.Microsoft.Substatus = l.Label(row.Microsoft.Substatus)
		if day, ok := referral.ParseDate(r.ClosingDate); ok {
			row.Closing = l.ShortDate(day.Time())
		}
		row.Owner, row.Incoming = r.SenderName, fromMicrosoft(r)
		rows = append(rows, row)
	}
	return rows
}

// connectionOf is what the list says of Microsoft's referral. Others' and closed deals have no
// link to create it. A deal of Microsoft's has none but waits for an answer, at first.
func connectionOf(r referral.Referral, c referral.Caller) views.ListConnection {
	state := r.Connection.State
	send := sendPath(r.Connection.SendID)
	switch {
	case awaitsUs(r) && r.OwnerID == c.UserID:
		return views.ListConnection{State: "answer", Href: referralPath(r.ID) + "/status"}
	case fromMicrosoft(r):
		return views.ListConnection{State: "theirs"}
	case state == referral.Accepted && endedBadly(r.Connection.Substatus):
		return views.ListConnection{State: "ended", Substatus: r.Connection.Substatus}
	case state == referral.Accepted:
		return views.ListConnection{State: "connected", Substatus: r.Connection.Substatus}
	case state.NeedsAttention():
		return views.ListConnection{State: "failed", Href: send}
	case state.Running():
		return views.ListConnection{State: "running", Href: send}
	case mayConnect(r, c):
		return views.ListConnection{State: "create", Href: connectPath(r.ID)}
	}
	return views.ListConnection{State: "none"}
}

// endedBadly tells whether Microsoft does not work on a deal any more, or never did.
func endedBadly(substatus string) bool {
	switch substatus {
	case "Declined", "Expired", "Lost", "Error":
		return true
	}
	return false
}

func attentionTab(c echo.Context, db listStore) error {
	counts, err := db.Counts(c.Request().Context(), caller(c))
	if err != nil {
		return err
	}
	sends, err := db.Attention(c.Request().Context(), caller(c))
	if err != nil {
		return err
	}
	l := in(c)
	v := views.Referrals{Tabs: tabs(l, counts, true)}
	for _, s := range sends {
		v.Attention = append(v.Attention, attentionRow(l, s, caller(c)))
	}
	changes, err := db.ChangesToSettle(c.Request().Context(), caller(c))
	if err != nil {
		return err
	}
	v.Attention = withChanges(l, v.Attention, changes, caller(c))
	if v.Also, err = lookAt(c, db); err != nil {
		return err
	}
	switch n := len(v.Attention); {
	case n > 0:
		v.Count, v.Order = l.T("%d referrals need your attention", n), l.T("newest first")
	case len(v.Also) == 0:
		v.Empty = views.Empty{Title: l.T("Nothing needs your attention")}
	}
	title := titled(l.T("Needs attention"), l.T("Referrals"))
	return render(c, views.ReferralsPage(shell(c, title, "referrals"), v))
}

// lookAt leads to the open deals that wait for an answer of ours, and to those that Microsoft does
// not work on: there nothing went wrong, but whoever misses them loses them.
func lookAt(c echo.Context, db listStore) (links []views.Action, err error) {
	for _, x := range []struct {
		text       language.Key
		ms, status string
	}{
		{"%d deals from Microsoft wait for an answer", "theirs", "New"},
		{"%d open deals that Microsoft declined or left unanswered", "ended", "open"},
	} {
		q := readListQuery(url.Values{"ms": {x.ms}, "status": {x.status}})
		list, err := db.Referrals(c.Request().Context(), caller(c), q.filter(in(c).Local(now(c))))
		if err != nil {
			return nil, err
		}
		if n := list.Matching; n > 0 {
			links = append(links, views.Action{Text: in(c).T(x.text, n), Href: q.href()})
		}
	}
	return links, nil
}

func attentionRow(
	l *language.Locale, s referral.Send, c referral.Caller,
) views.AttentionRow {
	row := views.AttentionRow{Href: sendPath(s.ID), Name: s.Name, Customer: s.Customer,
		At: s.UpdatedAt, What: l.T(outcomeOf(s).short), Kind: l.T("Your referral")}
	if s.Kind == referral.Microsoft {
		row.Kind = l.T("Microsoft’s referral")
	}
	if s.OwnerID != c.UserID {
		row.Owner = s.OwnerName
	}
	return row
}
