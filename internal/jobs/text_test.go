package jobs_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"tandem/internal/partnercenter"
	"tandem/internal/practice"
	"tandem/internal/referral"
)

// TestZeroByte has Microsoft answer with a zero byte in a text, at once and by a look-up.
func TestZeroByte(t *testing.T) {
	k := newKit(t)
	k.start()
	for _, lost := range []bool{false, true} {
		s := k.draft()
		s.Body = bytes.ReplaceAll(s.Body, []byte(s.Name), []byte(s.Name+`\u0000`))
		if lost {
			k.fail(practice.Fault{Kind: practice.LostAnswer, Method: "POST"})
		}
		s = k.wait(k.submit(s).ID, in(referral.Accepted))
		r, err := k.store.Referral(t.Context(), k.rep.Caller(), s.ReferralID)
		k.must(err)
		if r.Name != s.Name+"\uFFFD" || !bytes.Contains(r.Raw, []byte(`\u0000`)) {
			t.Errorf("stored name %q", r.Name)
		}
	}
	if k.sim.Count() != 2 || k.posts() != 2 {
		t.Errorf("%d referrals, %d posts", k.sim.Count(), k.posts())
	}
}

// TestZeroByteInRefusal has the error text of a refusal hold a zero byte, and be no JSON besides.
func TestZeroByteInRefusal(t *testing.T) {
	k := newKit(t)
	for _, raw := range []string{`{"error":{"code":"x\u0000","message":"\u0000"}}`, "\x00\xff"} {
		k.api.create = func(
			context.Context, partnercenter.Call, []byte,
		) (*partnercenter.Answer, error) {
			x := partnercenter.Exchange{Status: 400, Sent: true, Raw: []byte(raw),
				Diagnostic: "\x00\xff"}
			return nil, &partnercenter.Error{Exchange: x, Code: "x\x00", Message: "\x00\xff"}
		}
		k.open()
		k.start()
		s := k.wait(k.submit(k.draft()).ID, in(referral.Rejected))
		if got := string(s.LastAttempt().Answer.Body); got != raw {
			t.Errorf("kept answer %q", got)
		}
		if !strings.HasPrefix(s.Outcome.Message, "\x00") {
			t.Errorf("message %q", s.Outcome.Message)
		}
	}
}
