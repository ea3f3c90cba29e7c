package store

import (
	"context"
	"database/sql"

	"tandem/internal/referral"
)

// Pipeline sums up the referrals that the caller may see and the filter leaves.
func (s *Store) Pipeline(
	ctx context.Context, c referral.Caller, f referral.Filter,
) (p referral.Pipeline, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		if p.Statuses, err = statusCounts(ctx, tx, c, f); err != nil {
			return err
		}
		for _, n := range p.Statuses {
			p.Total += n.Count
		}
		if p.Months, err = monthValues(ctx, tx, c, f); err != nil {
			return err
		}
		if p.Answers, err = answerCounts(ctx, tx, c, f); err != nil {
			return err
		}
		p.Expiring, err = s.expiring(ctx, tx, c, f)
		return err
	})
	return p, wrap(err, "summing up referrals")
}

func statusCounts(
	ctx context.Context, q querier, c referral.Caller, f referral.Filter,
) ([]referral.StatusCount, error) {
	var a args
	rows, err := q.QueryContext(ctx, `
		SELECT r.status, r.substatus, count(*) FROM referrals r WHERE `+matching(&a, c, f)+`
		GROUP BY r.status, r.substatus
		ORDER BY CASE r.status WHEN 'New' THEN 1 WHEN 'Active' THEN 2 WHEN 'Closed' THEN 3
			ELSE 4 END, r.status, r.substatus`, a...)
	return collect(rows, err, func(r row) (n referral.StatusCount, err error) {
		err = r.Scan(&n.Status, &n.Substatus, &n.Count)
		return n, err
	})
}

func monthValues(
	ctx context.Context, q querier, c referral.Caller, f referral.Filter,
) ([]referral.MonthValue, error) {
	var a args
	rows, err := q.QueryContext(ctx, `
		SELECT substr(r.closing_date, 1, 7), r.currency, count(*), sum(r.amount)
		FROM referrals r WHERE `+matching(&a, c, f)+` AND r.status <> 'Closed'
		GROUP BY 1, 2 ORDER BY 1, 2`, a...)
	return collect(rows, err, func(r row) (v referral.MonthValue, err error) {
		err = r.Scan(&v.Month, &v.Currency, &v.Count, &v.Value)
		return v, err
	})
}

// answerCounts counts the connected referrals by the days that Microsoft took to answer. Those
// whose time of answer is not known are left out.
func answerCounts(
	ctx context.Context, q querier, c referral.Caller, f referral.Filter,
) ([]referral.AnswerCount, error) {
	var a args
	const day = `24 * 3600000000`
	rows, err := q.QueryContext(ctx, `
		SELECT CASE WHEN r.conn_decided_at = 0 THEN -1
				WHEN r.conn_decided_at - r.conn_opened_at <= 1 * `+day+` THEN 1
				WHEN r.conn_decided_at - r.conn_opened_at <= 3 * `+day+` THEN 3
				WHEN r.conn_decided_at - r.conn_opened_at <= 7 * `+day+` THEN 7
				WHEN r.conn_decided_at - r.conn_opened_at <= 14 * `+day+` THEN 14
				ELSE 0 END, count(*)
		FROM referrals r
		WHERE `+matching(&a, c, f)+` AND r.conn_referral_id <> '' AND r.conn_opened_at <> 0
			AND (r.conn_decided_at <> 0 OR r.conn_status = 'New')
		GROUP BY 1`, a...)
	found, err := collect(rows, err, func(r row) (n referral.AnswerCount, err error) {
		err = r.Scan(&n.UpTo, &n.Count)
		return n, err
	})
	if len(found) == 0 {
		return nil, err
	}
	counts := map[int]int{}
	for _, n := range found {
		counts[n.UpTo] = n.Count
	}
	var all []referral.AnswerCount
	for _, upTo := range []int{1, 3, 7, 14, 0, -1} {
		all = append(all, referral.AnswerCount{UpTo: upTo, Count: counts[upTo]})
	}
	return all, err
}

// expiring returns the referrals that Microsoft has to answer, and those of Microsoft that we have
// to answer. ExpiresAt is the referral's own while it is new, else that of the connected one.
func (s *Store) expiring(
	ctx context.Context, q querier, c referral.Caller, f referral.Filter,
) ([]referral.Referral, error) {
	const first = `CASE WHEN r.status = 'New' AND r.expires_at > 0 THEN r.expires_at
		ELSE r.conn_expires_at END`
	var a args
	from, to := s.clock(), s.clock().Add(referral.Week)
	rows, err := q.QueryContext(ctx, `SELECT `+referralColumns+`, `+first+`
		FROM `+referralTables+`
		WHERE `+matching(&a, c, f)+` AND r.status <> 'Closed'
			AND (r.status = 'New' AND r.expires_at > 0
				OR r.conn_status = 'New' AND r.conn_expires_at > 0)
			AND `+first+` BETWEEN `+a.add(micros(from))+` AND `+a.add(micros(to))+`
		ORDER BY `+first+`, r.id`+atMost(referral.PageSize), a...)
	return collect(rows, err, func(r row) (out referral.Referral, err error) {
		var at int64
		out, err = scanReferral(r, &at)
		out.ExpiresAt = fromMicros(at)
		return out, err
	})
}
