package store

import (
	"context"

	"tandem/internal/referral"
)

// exportChunk is how many referrals an export reads at once, so that neither its memory nor the
// time that it holds a connection depends on how many there are.
const exportChunk = 200

// EachReferral gives the referrals of a list to fn, all pages of it, in its order and with Raw. The
// list is that of the time of the call; referrals that are gone when their turn comes are left out.
// The first error of fn ends it.
func (s *Store) EachReferral(
	ctx context.Context, c referral.Caller, f referral.Filter, fn func(referral.Referral) error,
) error {
	var a args
	rows, err := s.reader.QueryContext(ctx, `SELECT r.id FROM referrals r
		WHERE `+matching(&a, c, f)+` ORDER BY `+order(f), a...)
	ids, err := collect(rows, err, scanString)
	for err == nil && len(ids) > 0 {
		n := min(exportChunk, len(ids))
		err = s.eachOf(ctx, c, ids[:n], fn)
		ids = ids[n:]
	}
	return wrap(err, "exporting referrals")
}

// eachOf reads the referrals with the ids one by one. The list's condition is placed where the
// planner does not choose to scan the whole list for it.
func (s *Store) eachOf(
	ctx context.Context, c referral.Caller, ids []string, fn func(referral.Referral) error,
) error {
	var a args
	rows, err := s.reader.QueryContext(ctx, `SELECT `+referralColumns+`, a.raw
		FROM `+referralTables+` JOIN referral_answers a ON a.referral_id = r.id
		WHERE CASE WHEN `+listed(&a, c)+` THEN 1 ELSE 0 END = 1
			AND r.id IN (`+a.list(ids)+`)`, a...)
	all, err := collect(rows, err, func(r row) (out referral.Referral, err error) {
		var raw []byte
		out, err = scanReferral(r, &raw)
		out.Raw = raw
		return out, err
	})
	if err != nil {
		return err
	}
	found := map[string]referral.Referral{}
	for _, r := range all {
		found[r.ID] = r
	}
	for _, id := range ids {
		if r, ok := found[id]; ok {
			if err := fn(r); err != nil {
				return err
			}
		}
	}
	return nil
}
