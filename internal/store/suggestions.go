package store

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"tandem/internal/referral"
)

// suggestFrom is how many sends are searched for solutions.
const suggestFrom = 1000

// Suggestions returns the solutions that accepted referrals were sent with and that the settings do
// not have, the most frequent first. Only the newest 1,000 sends are looked through. It is
// referral.ErrNotAdmin for reps.
func (s *Store) Suggestions(
	ctx context.Context, c referral.Caller,
) ([]referral.Suggestion, error) {
	settings, err := s.Settings(ctx, c)
	if err == nil {
		err = mayChange(c)
	}
	if err != nil {
		return nil, wrap(err, "looking for solutions")
	}
	rows, err := s.reader.QueryContext(ctx, `
		SELECT s.body FROM sends s WHERE s.kind = 'own' AND s.state = 'accepted'
		ORDER BY s.updated_at DESC LIMIT $1`, suggestFrom)
	bodies, err := collect(rows, err, scanString)
	if err != nil {
		return nil, wrap(err, "looking for solutions")
	}
	return countSolutions(bodies, settings), nil
}

// sentSolutions is the part of a body that names solutions.
type sentSolutions struct {
	Details struct {
		Requirements struct {
			Solutions []struct{ Type, ID, Name string }
		}
	}
}

func countSolutions(bodies []string, known referral.Settings) []referral.Suggestion {
	at := map[string]int{}
	var out []referral.Suggestion
	for _, body := range bodies {
		var sent sentSolutions
		if json.Unmarshal([]byte(body), &sent) != nil {
			continue
		}
		for _, x := range sent.Details.Requirements.Solutions {
			if _, have := known.Find(referral.OwnSolutions, x.ID); have || x.Type != "Name" {
				continue
			}
			i, seen := at[x.ID]
			if !seen {
				i, at[x.ID] = len(out), len(out)
				out = append(out, referral.Suggestion{Code: x.ID, Name: x.Name})
			}
			out[i].Count++
		}
	}
	slices.SortStableFunc(out, func(a, b referral.Suggestion) int {
		if a.Count != b.Count {
			return b.Count - a.Count
		}
		return strings.Compare(a.Code, b.Code)
	})
	return out
}
