package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"

	"tandem/internal/referral"
)

// maxQuery is how many characters of a search are looked at, and maxWords how many words of it are
// looked for each by itself.
const (
	maxQuery = 200
	maxWords = 8
)

// listColumns are the columns of a referral r that a list needs; see scanListed. Of the people it
// has one other than the caller: who entered the deal, or else who sees it.
func listColumns(a *args, c referral.Caller) string {
	me := a.add(c.UserID)
	return `r.id, r.owner_id, r.sender_id, COALESCE((SELECT n.name FROM users n WHERE n.id =
			CASE WHEN r.sender_id NOT IN ('', ` + me + `) THEN r.sender_id
				WHEN r.owner_id <> ` + me + ` THEN r.owner_id END), ''),
		r.draft_id, r.engagement_id, r.deal, r.name, r.customer, r.deal_value, r.currency,
		r.closing_date, r.status, r.substatus, r.direction, r.conn_state, r.conn_send_id,
		r.conn_substatus, r.created_at, r.updated_at`
}

func scanListed(from row) (referral.Referral, error) {
	r := referral.Referral{Kind: referral.Own}
	var created, updated int64
	err := from.Scan(&r.ID, &r.OwnerID, &r.SenderID, &r.SenderName, &r.DraftID, &r.EngagementID,
		&r.Deal, &r.Name, &r.Customer, &r.DealValue, &r.Currency, &r.ClosingDate, &r.Status,
		&r.Substatus, &r.Direction, &r.Connection.State, &r.Connection.SendID,
		&r.Connection.Substatus, &created, &updated)
	r.CreatedAt, r.UpdatedAt = fromMicros(created), fromMicros(updated)
	return r, err
}

// Referrals returns one page of the own referrals that the caller may see and the filter leaves,
// each with what a list shows: customer, value, its own dates, where it and its Connection stand,
// and as SenderName who entered the deal, or else who sees it, empty when that is the caller.
func (s *Store) Referrals(
	ctx context.Context, c referral.Caller, f referral.Filter,
) (list referral.List, err error) {
	if f.Page <= 1 && f.Everything() {
		list, err = newestReferrals(ctx, s.reader, c, f)
		return list, wrap(err, "listing referrals")
	}
	err = s.read(ctx, func(tx *sql.Tx) error {
		if f.Page <= 1 {
			list, err = soughtReferrals(ctx, tx, c, f)
			return err
		}
		list, err = countReferrals(ctx, tx, c, f, true)
		if err != nil || list.Matching == 0 {
			return err
		}
		list.Referrals, err = pageOfReferrals(ctx, tx, c, f, list.Page)
		return err
	})
	return list, wrap(err, "listing referrals")
}

// newestReferrals returns the first page of the unfiltered list, the most frequent request. It
// needs no transaction: the page may only be newer than the version says, never older.
func newestReferrals(
	ctx context.Context, q querier, c referral.Caller, f referral.Filter,
) (referral.List, error) {
	list, err := countReferrals(ctx, q, c, f, false)
	if err != nil || f.Known != 0 && f.Known == list.Version {
		return list, err
	}
	all, err := pageOfReferrals(ctx, q, c, f, 1)
	if len(all) > 0 {
		list.All, list.Referrals = max(list.All, len(all)), all
	}
	list.Matching = list.All
	return list, err
}

// soughtReferrals returns the first page of a search. When that is not full, it has all that
// matches, so that no second query has to count.
func soughtReferrals(
	ctx context.Context, tx *sql.Tx, c referral.Caller, f referral.Filter,
) (referral.List, error) {
	all, err := pageOfReferrals(ctx, tx, c, f, 1)
	if err != nil {
		return referral.List{}, err
	}
	full := len(all) == referral.PageSize
	list, err := countReferrals(ctx, tx, c, f, full)
	if list.Referrals = all; !full {
		list.Matching = len(all)
	}
	return list, err
}

// countReferrals returns the list without its referrals. Triggers keep the number of all referrals;
// those that match are counted in an index, if matches is true.
func countReferrals(
	ctx context.Context, q querier, c referral.Caller, f referral.Filter, matches bool,
) (referral.List, error) {
	list := referral.List{Page: 1, Listing: referral.Listing{UserID: c.UserID}}
	query, a := numbersQuery(c, f, matches)
	n := &list.Counts
	err := scanListing(q.QueryRowContext(ctx, query, a...), &list.Listing,
		&n.Submitted, &list.Version, &n.Attention, &n.Drafts, &list.Matching)
	list.All = n.Submitted
	if f.Everything() {
		list.Matching = list.All
	}
	if f.Page > 1 && (f.Page-1)*referral.PageSize < list.Matching {
		list.Page = f.Page
	}
	return list, err
}

func numbersQuery(c referral.Caller, f referral.Filter, matches bool) (string, args) {
	var a args
	count := "0"
	if matches && !f.Everything() {
		count = `(SELECT count(*) FROM referrals r WHERE ` + matching(&a, c, f) + `)`
	}
	return countQuery(&a, c, count), a
}

func pageOfReferrals(
	ctx context.Context, q querier, c referral.Caller, f referral.Filter, page int,
) ([]referral.Referral, error) {
	query, a := listQuery(c, f, page)
	rows, err := q.QueryContext(ctx, query, a...)
	return collectInto(make([]referral.Referral, 0, referral.PageSize), rows, err, scanListed)
}

// listQuery returns the query for the rows of a page. With a filter, it first finds their ids in an
// index, where it can, and then reads the whole rows.
func listQuery(c referral.Caller, f referral.Filter, page int) (string, args) {
	var a args
	columns := listColumns(&a, c)
	from := ` FROM referrals r WHERE ` + matching(&a, c, f) + ` ORDER BY ` + order(f) +
		atMost(referral.PageSize)
	if page > 1 {
		from += ` OFFSET ` + a.add((page-1)*referral.PageSize)
	}
	if f.Everything() && byTime(f) {
		return `SELECT ` + columns + from, a
	}
	return `SELECT ` + columns + ` FROM (SELECT r.id` + from + `) page CROSS JOIN referrals r
		WHERE r.id = page.id ORDER BY ` + order(f), a
}

// listed is the condition that a referral r is in the caller's list. The partial indexes repeat it
// word for word.
func listed(a *args, c referral.Caller) string {
	all := "r.kind = 'own' AND r.gone_at = 0"
	if c.Admin {
		return all + " AND r.listed = 1"
	}
	return all + " AND r.owner_id = " + a.add(c.UserID)
}

// matching is the condition of the filter for a table of referrals named r. It has no terms for
// what the filter leaves open, which helps the planner.
//
// A text that is searched holds each word of the search, in any order. Texts are searched from end
// to end, in an index that holds them: an index of trigrams, which each database has in its own
// way, cannot find the two characters that many Chinese names have.
func matching(a *args, c referral.Caller, f referral.Filter) string {
	terms := []string{listed(a, c)}
	is := func(column, value string) {
		if value != "" {
			terms = append(terms, column+" = "+a.add(value))
		}
	}
	holds := func(column, text string) {
		for _, word := range words(sought(text)) {
			terms = append(terms, "strpos("+column+", "+a.add(word)+") > 0")
		}
	}
	if f.Mine {
		is("r.sender_id", c.UserID)
	}
	if f.Status == "open" {
		terms = append(terms, "r.status IN ('New', 'Active')")
	} else {
		is("r.status", f.Status)
	}
	is("r.substatus", f.Substatus)
	is("r.country", f.Country)
	if term := connection(f.Microsoft); term != "" {
		terms = append(terms, term)
	}
	terms = append(terms, between(a, f)...)
	holds("r.search", f.Query)
	holds("r.team", f.Team)
	return strings.Join(terms, " AND ")
}

// between are the conditions of the filter for times.
func between(a *args, f referral.Filter) (terms []string) {
	if !f.UpdatedSince.IsZero() {
		terms = append(terms, "r.updated_at >= "+a.add(micros(f.UpdatedSince)))
	}
	if f.ClosesFrom != "" {
		terms = append(terms, "r.closing_date >= "+a.add(f.ClosesFrom))
	}
	if f.ClosesBefore != "" {
		terms = append(terms, "r.closing_date < "+a.add(f.ClosesBefore))
		if f.ClosesFrom == "" {
			terms = append(terms, "r.closing_date <> ''")
		}
	}
	return terms
}

// connection is the condition for Microsoft's side of an own referral.
func connection(microsoft string) string {
	switch microsoft {
	case "connected":
		return "r.conn_state = 'accepted'"
	case "none":
		return "r.conn_state IN ('', 'cancelled')"
	case "ended":
		return "r.conn_substatus IN ('Declined', 'Expired', 'Lost', 'Error')"
	case "theirs":
		return "r.direction = 'Incoming'"
	case "failed":
		return "r.conn_state IN ('rejected', 'unknown', 'needs-sign-in')"
	}
	return ""
}

// sought is a search in the form of the stored texts: in lower case, without characters that those
// never have.
func sought(query string) string {
	query = strings.ReplaceAll(strings.ToValidUTF8(query, ""), "\x00", "")
	if runes := []rune(query); len(runes) > maxQuery {
		query = string(runes[:maxQuery])
	}
	return strings.ToLower(query)
}

// words are the words of a search, those that fewer texts are likely to hold first: with digits,
// then the longer ones. Most texts need not be looked at for a second word then. From the last one
// that is looked for by itself on, all are one.
func words(query string) []string {
	all := strings.Fields(query)
	if len(all) > maxWords {
		all = append(all[:maxWords-1], strings.Join(all[maxWords-1:], " "))
	}
	slices.SortStableFunc(all, func(a, b string) int {
		return cmp.Or(flag(hasDigit(b))-flag(hasDigit(a)), len(b)-len(a))
	})
	return all
}

func hasDigit(word string) bool { return strings.ContainsAny(word, "0123456789") }

// byTime tells whether the list is in the order of the index of the caller's rows.
func byTime(f referral.Filter) bool {
	return order(f) == order(referral.Filter{Ascending: f.Ascending})
}

// order is the order of the list; the id makes it total, so that no row is on two pages.
func order(f referral.Filter) string {
	columns := []string{"r.updated_at"}
	switch f.Sort {
	case "name":
		columns = []string{"r.search"}
	case "value":
		columns = []string{"r.amount"}
	case "closing":
		columns = []string{"r.closing_date"}
	case "status":
		columns = []string{"r.status", "r.substatus"}
	}
	direction := " DESC"
	if f.Ascending {
		direction = " ASC"
	}
	return strings.Join(append(columns, "r.id"), direction+", ") + direction
}

// Counts returns the numbers beside the tabs.
func (s *Store) Counts(ctx context.Context, c referral.Caller) (referral.Counts, error) {
	list, err := countReferrals(ctx, s.reader, c, referral.Filter{}, false)
	return list.Counts, wrap(err, "counting")
}

// countQuery returns the query for the numbers beside the tabs. After the first number it has the
// version of the caller's list, after the last one more number, at the end the listingColumns.
// Triggers keep the counts of each person's referrals in referral_counts.
func countQuery(a *args, c referral.Caller, more string) string {
	kept := `sum(k.listed) AS own, sum(k.version) AS version FROM referral_counts k`
	if !c.Admin {
		kept = `sum(k.own) AS own, sum(k.version) AS version FROM referral_counts k
			WHERE k.owner_id = ` + a.add(c.UserID)
	}
	return `SELECT COALESCE(CAST(n.own AS BIGINT), 0),
		COALESCE(CAST(n.version AS BIGINT), 0) + (SELECT v.version FROM name_versions v),
		(SELECT count(*) FROM sends s WHERE ` + needsAttention + ` AND ` + a.visible("s", c) + `)
			+ (SELECT count(*) FROM changes c WHERE ` + changesToSettle + `
				AND ` + a.visible("c", c) + `),
		(SELECT count(*) FROM drafts d
			WHERE d.deleted_at = 0 AND d.sent = 0 AND ` + a.visible("d", c) + `), ` + more + `,
		` + listingColumns + ` FROM (SELECT ` + kept + `) n
		LEFT JOIN users u ON u.id = ` + a.add(c.UserID) + ` LEFT JOIN listings f ON f.user_id = u.id`
}
