package form

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// Clash is an answer that differs between two versions of a form: the inputs of the unit Name in
// each version, and in the base of both.
type Clash struct {
	Name               string
	Base, Mine, Theirs url.Values
}

// Merged is the comparison of two versions of a form that were made from the same base.
type Merged struct {
	// Both were changed in both versions, to different values; Mine and Theirs in one alone. Each
	// is ordered by name.
	Both, Mine, Theirs []Clash

	theirs url.Values
	unit   func(string) string
}

// Merge compares. unit names the answer that an input belongs to, such as a date for its day.
// Without a base, which is nil, every difference counts as changed in both.
func Merge(base, mine, theirs url.Values, unit func(string) string) Merged {
	m := Merged{theirs: theirs, unit: unit}
	names := map[string]bool{}
	for _, values := range []url.Values{base, mine, theirs} {
		for name := range values {
			names[unit(name)] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		c := Clash{name, m.part(base, name), m.part(mine, name), m.part(theirs, name)}
		switch {
		case same(c.Mine, c.Theirs):
		case base != nil && same(c.Mine, c.Base):
			m.Theirs = append(m.Theirs, c)
		case base != nil && same(c.Theirs, c.Base):
			m.Mine = append(m.Mine, c)
		default:
			m.Both = append(m.Both, c)
		}
	}
	return m
}

// part returns the inputs of a unit.
func (m Merged) part(values url.Values, unit string) url.Values {
	out := url.Values{}
	for name, texts := range values {
		if m.unit(name) == unit {
			out[name] = texts
		}
	}
	return out
}

// same tells whether two versions are equal. A missing input counts as empty.
func same(a, b url.Values) bool {
	covers := func(a, b url.Values) bool {
		for name, texts := range a {
			if strings.Join(texts, "\x00") != strings.Join(b[name], "\x00") {
				return false
			}
		}
		return true
	}
	return covers(a, b) && covers(b, a)
}

// Resolve returns the other version with the answers that were changed in mine alone, and with
// those for which keep is true.
func (m Merged) Resolve(keep func(Clash) bool) url.Values {
	out := maps.Clone(m.theirs)
	for _, c := range slices.Concat(m.Mine, m.Both) {
		if slices.ContainsFunc(m.Both, func(x Clash) bool { return x.Name == c.Name }) && !keep(c) {
			continue
		}
		for name := range c.Theirs {
			delete(out, name)
		}
		maps.Copy(out, c.Mine)
	}
	return out
}
