package jobs_test

import (
	"strings"

	"tandem/internal/referral"
)

// there counts the referrals at Microsoft of each deal, and returns their ids.
func (f *faulty) there() map[string][]string {
	ids := map[string][]string{}
	for _, r := range f.sim.Referrals() {
		ids[r.ExternalReferenceID] = append(ids[r.ExternalReferenceID], r.ID)
	}
	return ids
}

// check wants no deal twice, none that was never committed, and each send to say the truth, before
// anybody decides anything.
func (f *faulty) check() {
	f.t.Helper()
	there, states := f.there(), map[string]int{}
	for _, d := range f.deals {
		n := len(there[d.send.ExternalReferenceID])
		if d.id == "" {
			if n != 0 {
				f.t.Errorf("%s, and Microsoft has %d", d.fault, n)
			}
			continue
		}
		s := f.load(d.id)
		states[string(s.State)+" "+string(s.Outcome.Kind)]++
		if n > 1 || !truthful(s, n, inDoubt(s)) {
			f.t.Errorf("%s: rests in %s %s after %d attempts, Microsoft has %d", d.fault, s.State,
				s.Outcome.Kind, len(s.Attempts), n)
		}
	}
	f.t.Logf("before the reps decide: %v", states)
}

// checkAccepted wants one referral of each deal that was committed, and its send to know it.
func (f *faulty) checkAccepted() {
	f.t.Helper()
	there := f.there()
	for _, d := range f.deals {
		ids := there[d.send.ExternalReferenceID]
		if d.id == "" {
			continue
		}
		s := f.load(d.id)
		if s.State != referral.Accepted || len(ids) != 1 {
			f.t.Errorf("%s: ends in %s %s after %d attempts, Microsoft has %d", d.fault, s.State,
				s.Outcome.Kind, len(s.Attempts), len(ids))
			continue
		}
		r, err := f.store.Referral(f.t.Context(), d.rep.Caller(), s.ReferralID)
		f.must(err)
		if r.RemoteID != ids[0] || !strings.Contains(string(r.Raw), ids[0]) {
			f.t.Errorf("%s: the send knows %s, Microsoft has %s", d.fault, r.RemoteID, ids[0])
		}
	}
}

func (f *faulty) load(id string) referral.Send {
	f.t.Helper()
	s, err := f.store.Job(f.t.Context(), id)
	f.must(err)
	return s
}
