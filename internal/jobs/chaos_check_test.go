package jobs_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tandem/internal/jobs"
	"tandem/internal/partnercenter"
	"tandem/internal/referral"
)

// check compares what the last send of each deal says with what Microsoft has.
func (c *chaos) check() {
	there := map[string]int{}
	for _, r := range c.sim.Referrals() {
		there[sideOf(r)+r.ExternalReferenceID]++
	}
	deals := map[string][]referral.Send{}
	for id := range c.sends {
		s := c.load(id)
		key := string(s.Kind) + s.ExternalReferenceID
		deals[key] = append(deals[key], s)
	}
	states := map[string]int{}
	for key, all := range deals {
		slices.SortFunc(all, func(a, b referral.Send) int { return a.CreatedAt.Compare(b.CreatedAt) })
		last := all[len(all)-1]
		states[string(last.State)+" "+string(last.Outcome.Kind)]++
		if n := there[key]; n > 1 || !truthful(last, n, slices.ContainsFunc(all, inDoubt)) {
			c.t.Errorf("%s rests in %s %s; %d referrals\n%s", key, last.State, last.Outcome.Kind, n,
				c.report(key, all))
		}
	}
	c.t.Logf("%d referrals, last sends: %v", c.sim.Count(), states)
}

func sideOf(r partnercenter.Referral) string {
	for _, target := range r.Target {
		if target.ID == "msft" {
			return string(referral.Microsoft)
		}
	}
	return string(referral.Own)
}

func inDoubt(s referral.Send) bool { return slices.ContainsFunc(s.Attempts, jobs.Doubtful) }

// truthful tells whether a send may rest where it does when so many referrals of its deal exist. A
// deal that was in doubt when its rep stopped it may exist.
func truthful(s referral.Send, there int, doubt bool) bool {
	switch s.State {
	case referral.Accepted:
		return there == 1
	case referral.Unknown:
		return s.Outcome.Kind == referral.OutcomeLookupError ||
			s.Outcome.Kind == referral.OutcomeNotFound && there == 0
	}
	return !s.State.Locks() && (there == 0 || doubt)
}

// report tells the story of a deal in the order in which things happened.
func (c *chaos) report(key string, all []referral.Send) string {
	var lines []string
	add := func(at time.Time, format string, args ...any) {
		lines = append(lines, at.Format("05.000 ")+fmt.Sprintf(format, args...))
	}
	for _, r := range c.sim.Referrals() {
		if sideOf(r)+r.ExternalReferenceID == key {
			add(r.Created.Time, "stored %s", r.ID)
		}
	}
	for _, s := range all {
		add(s.CreatedAt, "send %s, %s %s", s.ID, s.State, s.Outcome.Kind)
		for _, a := range s.Attempts {
			add(a.StartedAt, "attempt %d, status %d, until %s", a.Number, a.Answer.Status,
				a.EndedAt.Format("05.000"))
		}
		lines = append(lines, c.events(s.ID)...)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// events returns the history of a send.
func (c *chaos) events(sendID string) (lines []string) {
	rows, err := c.store.Writer().QueryContext(c.t.Context(),
		`SELECT at, kind, detail FROM events WHERE send_id = $1`, sendID)
	if err != nil {
		c.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var at int64
		var kind, detail string
		if err := rows.Scan(&at, &kind, &detail); err != nil {
			c.t.Fatal(err)
		}
		lines = append(lines, time.UnixMicro(at).UTC().Format("05.000 ")+kind+" "+detail)
	}
	return lines
}
