package handlers

import (
	"context"
	"fmt"

	"github.com/labstack/echo/v4"

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
	return func(c echo.Context) error {
		if c.QueryParam("tab") == "attention" {
			return attentionTab(c, d.Store)
		}
		return submittedTab(c, d)
	}
}

func submittedTab(c echo.Context, d Deps) error {
	q := readListQuery(c.QueryParams(), user(c).Admin)
	list, err := d.Store.Referrals(c.Request().Context(), caller(c), q.filter(d.Now()))
	if err != nil {
		return err
	}
	q.page = list.Page
	v := views.Referrals{Tabs: tabs(list.Counts, false)}
	switch {
	case list.All == 0:
		v.Empty = noReferrals()
	case list.Matching == 0:
		v.Empty = views.Empty{Title: "No referrals match these filters",
			Action: &views.Action{Text: "Clear all filters", Href: "/referrals", Secondary: true}}
	}
	if list.All > 0 {
		v.Filters = q.fields(user(c).Admin)
		v.Chips, v.Sort = q.chips(), q.sort
		v.Count, v.Of = countText(list, q)
		v.Head, v.Pager, v.Export = q.heads(), pager(list, q), q.export()
		v.Rows = listRows(list.Referrals, caller(c))
	}
	return render(c, views.ReferralsPage(shell(c, listTitle(list), "referrals"), v))
}

func noReferrals() views.Empty {
	return views.Empty{Title: "No referrals yet",
		Text: "Send your first deal to Microsoft. You need the customer’s address, one contact, " +
			"their consent, and the deal value.",
		Action: &views.Action{Text: "New referral", Icon: "plus", Href: "/drafts/new"},
		After:  "It takes about 6 minutes.",
	}
}

func tabs(n referral.Counts, attention bool) []views.Tab {
	return []views.Tab{
		{Text: "Submitted", Href: "/referrals", Count: n.Submitted, Current: !attention},
		{Text: "Needs attention", Href: "/referrals?tab=attention", Count: n.Attention, Warn: true,
			Current: attention},
		{Text: "Drafts", Href: "/drafts", Count: n.Drafts},
	}
}

func listTitle(l referral.List) string {
	if pages := pageCount(l); pages > 1 {
		return fmt.Sprintf("Referrals (page %d of %d)", l.Page, pages)
	}
	return "Referrals"
}

func pageCount(l referral.List) int {
	return (l.Matching + referral.PageSize - 1) / referral.PageSize
}

// countText says how many there are, of how many, in which order.
func countText(l referral.List, q listQuery) (count, of string) {
	count = fmt.Sprintf("%d referrals", l.Matching)
	if l.Matching == 1 {
		count = "1 referral"
	}
	if l.Matching != l.All {
		of = fmt.Sprintf(" of %d", l.All)
	}
	return count, of + ", " + q.orderText()
}

func pager(l referral.List, q listQuery) views.PagerData {
	first := (l.Page-1)*referral.PageSize + 1
	p := views.PagerData{Label: "Pages of referrals",
		Text: fmt.Sprintf("%d to %d of %d. Times are in UTC.", first, first+len(l.Referrals)-1,
			l.Matching)}
	last := pageCount(l)
	for n := 1; n <= last; n++ {
		if n == 1 || n == last || n >= l.Page-2 && n <= l.Page+2 {
			p.Pages = append(p.Pages, views.PageLink{Number: n, Href: q.withPage(n),
				Current: n == l.Page})
		}
	}
	if l.Page > 1 {
		p.Prev = q.withPage(l.Page - 1)
	}
	if l.Page < last {
		p.Next = q.withPage(l.Page + 1)
	}
	return p
}

func listRows(all []referral.Referral, c referral.Caller) []views.ListRow {
	var rows []views.ListRow
	for _, r := range all {
		row := views.ListRow{ID: r.ID, Name: r.Name, Customer: r.Customer, Status: r.Status,
			Substatus: r.Substatus, Colour: statusColour(r.Status), Updated: r.UpdatedAt,
			Value: dealValue(r.DealValue, r.Currency), Microsoft: connectionOf(r, c)}
		if day, ok := referral.ParseDate(r.ClosingDate); ok {
			row.Closing = day.Short()
		}
		if r.OwnerID != c.UserID {
			row.Owner = r.OwnerName
		}
		rows = append(rows, row)
	}
	return rows
}

// connectionOf is what the list says of Microsoft's referral. Others' and closed deals have no
// link to create it.
func connectionOf(r referral.Referral, c referral.Caller) views.ListConnection {
	state := r.Connection.State
	send := "/sends/" + r.Connection.SendID
	switch {
	case state == referral.Accepted:
		return views.ListConnection{State: "connected"}
	case state.NeedsAttention():
		return views.ListConnection{State: "failed", Href: send}
	case state.Running():
		return views.ListConnection{State: "running", Href: send}
	case mayConnect(r, c) && r.Status != "Closed":
		return views.ListConnection{State: "create", Href: connectPath(r.ID)}
	}
	return views.ListConnection{State: "none"}
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
	v := views.Referrals{Tabs: tabs(counts, true), Attention: []views.AttentionRow{}}
	for _, s := range sends {
		v.Attention = append(v.Attention, attentionRow(s, caller(c)))
	}
	changes, err := db.ChangesToSettle(c.Request().Context(), caller(c))
	if err != nil {
		return err
	}
	v.Attention = withChanges(in(c), v.Attention, changes, caller(c))
	v.Count, v.Of = fmt.Sprintf("%d referrals", len(v.Attention)), " need your attention, newest first"
	switch len(v.Attention) {
	case 0:
		v.Count, v.Empty = "", views.Empty{Title: "Nothing needs your attention"}
	case 1:
		v.Count, v.Of = "1 referral", " needs your attention"
	}
	return render(c, views.ReferralsPage(shell(c, "Needs attention – Referrals", "referrals"), v))
}

func attentionRow(s referral.Send, c referral.Caller) views.AttentionRow {
	row := views.AttentionRow{Href: "/sends/" + s.ID, Name: s.Name, Customer: s.Customer, At: s.UpdatedAt,
		What: outcomeOf(s).short, Kind: "Your referral"}
	if s.Kind == referral.Microsoft {
		row.Kind = "Microsoft’s referral"
	}
	if s.OwnerID != c.UserID {
		row.Owner = s.OwnerName
	}
	return row
}
