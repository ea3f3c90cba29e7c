package referral

import (
	"encoding/json"
	"slices"
	"strings"
)

// Clash is an answer that was changed since a change was typed: by the rep, at Microsoft, or by
// both. Values are JSON; nil for what is not there.
type Clash struct {
	Path, Key          string
	Base, Mine, Theirs json.RawMessage
}

// Name identifies the answer in a form.
func (c Clash) Name() string {
	if c.Key == "" {
		return c.Path
	}
	return c.Path + "[" + c.Key + "]"
}

// Merge is the comparison of a change with what happened to the referral meanwhile.
type Merge struct {
	// Both were changed on both sides, to different values: the rep has to choose.
	Both []Clash
	// Mine were changed by the rep alone, Theirs at Microsoft alone. Neither is lost.
	Mine, Theirs []Clash
	// Other are answers that cannot be changed in Tandem and that are different now.
	Other []Row
}

// NewMerge compares the edits with what changed from base, the JSON on which they were made, to
// theirs, the present one. An answer that both sides changed to the same value is in none of the
// lists.
func NewMerge(base, theirs []byte, edits []Edit) (Merge, error) {
	before, err := readDocument(base)
	if err != nil {
		return Merge{}, err
	}
	now, err := readDocument(theirs)
	if err != nil {
		return Merge{}, err
	}
	changed, err := editsBetween(before, now)
	if err != nil {
		return Merge{}, err
	}
	var m Merge
	for _, e := range edits {
		m.add(e, changed, now)
	}
	for _, e := range changed {
		if !slices.ContainsFunc(edits, func(x Edit) bool { return x.slot() == e.slot() }) {
			m.Theirs = append(m.Theirs, Clash{e.Path, e.Key, e.Old, nil, e.New})
		}
	}
	m.Other, err = otherChanges(base, theirs)
	return m, err
}

func (m *Merge) add(e Edit, changed []Edit, now document) {
	c := Clash{Path: e.Path, Key: e.Key, Base: e.Old, Mine: e.New, Theirs: e.Old}
	i := slices.IndexFunc(changed, func(x Edit) bool { return x.slot() == e.slot() })
	if i < 0 {
		m.Mine = append(m.Mine, c)
		return
	}
	c.Theirs = changed[i].New
	if _, values := now.slots(); !sameAt(e.Path, values[e.slot()], value(e.New)) {
		m.Both = append(m.Both, c)
	}
}

// Resolve returns the edits to make to the present referral: what only the rep changed, and what
// both changed and mine chooses.
func (m Merge) Resolve(mine func(Clash) bool) []Edit {
	var edits []Edit
	for _, c := range m.Mine {
		edits = append(edits, Edit{c.Path, c.Key, c.Theirs, c.Mine})
	}
	for _, c := range m.Both {
		if mine(c) {
			edits = append(edits, Edit{c.Path, c.Key, c.Theirs, c.Mine})
		}
	}
	return edits
}

// otherChanges are the differences between two versions in what no change can set.
func otherChanges(base, theirs []byte) ([]Row, error) {
	c, err := Compare(base, theirs)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(c.Different(), func(r Row) bool {
		editable := slices.ContainsFunc(Editables(), func(e Editable) bool {
			return below(r.Path, e.Path)
		})
		own := r.Path == "eTag" || r.Path == "updatedDateTime"
		return editable || own || strings.HasPrefix(r.Path, "@")
	}), nil
}

// Changes returns what is different between two versions of a referral's JSON: first the answers
// that can be changed, then the rest.
func Changes(before, now []byte) (Merge, error) { return NewMerge(before, now, nil) }

// EntryLabel returns what one entry of the list at a path is called; empty when there is no list.
func EntryLabel(path string) string {
	switch path {
	case "customerProfile.team":
		return "Customer contact"
	case "team":
		return "Team member"
	case solutionsPath:
		return "Solution"
	}
	return ""
}

// ShowEntry returns a value of a change as people read it, empty for nothing.
func ShowEntry(w Words, path string, raw json.RawMessage, currency string) string {
	switch v := value(raw).(type) {
	case nil:
		return ""
	case map[string]any:
		return showEntry(w, v)
	case string:
		return showText(w, path, v, currency)
	case json.Number, bool:
		return showText(w, path, strings.Trim(string(raw), `"`), currency)
	}
	return string(raw)
}

func showText(w Words, path, text, currency string) string {
	switch path {
	case statusPath:
		return ParseStanding(text).In(w)
	case "externalReferenceId":
		return GivenReference(text)
	}
	return ShowValue(w, path, text, currency)
}

// showEntry shows a person with how to reach him, or a solution.
func showEntry(w Words, v map[string]any) string {
	if id, _ := v["id"].(string); id != "" {
		return label(w, Solutions(), id)
	}
	m := shownPerson(v)
	var parts []string
	for _, part := range []string{m.FullName(), m.Email, m.PhoneNumber} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ", ")
}

// CurrencyOf returns the currency in a referral's JSON, empty when there is none.
func CurrencyOf(raw []byte) string {
	a, err := ReadAnswers(raw)
	if err != nil {
		return ""
	}
	return a.Details.Currency
}
