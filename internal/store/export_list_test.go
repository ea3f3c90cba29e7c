package store_test

import (
	"errors"
	"fmt"
	"testing"

	"tandem/internal/referral"
)

func TestEachReferral(t *testing.T) {
	forEach(t, func(t *testing.T, w *world) {
		var all []referral.Referral
		for i := range 450 {
			all = append(all, shown(fmt.Sprintf("%03d", i)))
		}
		w.fetched(t, w.ana, all...)
		w.fetched(t, w.bo, shown("bo's"))
		var got []string
		f := referral.Filter{Sort: "name", Ascending: true, Query: "fabrikam", Page: 7}
		err := w.EachReferral(t.Context(), w.ana, f, func(r referral.Referral) error {
			if len(r.Raw) == 0 {
				t.Errorf("%s has no raw answer", r.Name)
			}
			got = append(got, r.Name)
			return nil
		})
		if err != nil || len(got) != 450 || got[0] != "000" || got[449] != "449" {
			t.Errorf("%d rows from %v to %v, %v", len(got), got[:1], got[len(got)-1:], err)
		}
		full := errors.New("the disk is full")
		err = w.EachReferral(t.Context(), w.ana, f, func(referral.Referral) error { return full })
		wantErr(t, "of the reader", err, full)
	})
}
