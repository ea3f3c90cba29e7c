package referral

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Edit is one answer that a change sets, or one entry of a list that it adds, changes or removes.
type Edit struct {
	// Path is that of an Editable. The path "status" stands for status and substatus, as one text
	// with a slash.
	Path string `json:"path"`
	// Key names an entry of a list: a person by the e-mail address, a solution by its id.
	Key string `json:"key,omitempty"`
	// Old and New are JSON; nil for what is not there.
	Old json.RawMessage `json:"old,omitempty"`
	New json.RawMessage `json:"new,omitempty"`
}

func (e Edit) slot() slot { return slot{e.Path, e.Key} }

// editsBetween returns what leads from one document to the other, in the order of Editables.
func editsBetween(from, to document) ([]Edit, error) {
	order, old := from.slots()
	later, now := to.slots()
	for _, s := range later {
		if !slices.Contains(order, s) {
			order = append(order, s)
		}
	}
	var edits []Edit
	for _, s := range order {
		if sameAt(s.path, old[s], now[s]) {
			continue
		}
		e, err := newEdit(s, old[s], now[s])
		if err != nil {
			return nil, err
		}
		edits = append(edits, e)
	}
	return edits, nil
}

func newEdit(s slot, old, now any) (Edit, error) {
	e := Edit{Path: s.path, Key: s.key}
	var err error
	if e.Old, err = rawOf(old); err == nil {
		e.New, err = rawOf(now)
	}
	if err != nil {
		return e, fmt.Errorf("encoding an answer: %w", err)
	}
	return e, nil
}

func rawOf(v any) (json.RawMessage, error) {
	if v == nil {
		return nil, nil
	}
	return encode(v)
}

// value decodes a side of an edit; nil for nothing.
func value(raw json.RawMessage) any {
	if len(raw) == 0 {
		return nil
	}
	d, err := readDocument(append(append([]byte(`{"v":`), raw...), '}'))
	if err != nil {
		return nil
	}
	return d["v"]
}

// ApplyEdits returns the referral's JSON as it is after the edits.
func ApplyEdits(raw []byte, edits []Edit) ([]byte, error) {
	d, err := readDocument(raw)
	if err != nil {
		return nil, err
	}
	for _, e := range Editables() {
		own := editsAt(edits, e.Path)
		switch {
		case len(own) == 0:
		case e.List:
			d.set(e.Path, editedList(d.list(e.Path), own))
		default:
			d.set(e.Path, value(own[0].New))
		}
	}
	return encode(d)
}

func editsAt(edits []Edit, path string) []Edit {
	return slices.DeleteFunc(slices.Clone(edits), func(e Edit) bool { return e.Path != path })
}

// editedList keeps the order of the list and puts new entries at its end.
func editedList(items []any, edits []Edit) []any {
	todo := map[string]Edit{}
	for _, e := range edits {
		todo[e.Key] = e
	}
	out := []any{}
	for i, key := range keysOf(items) {
		e, ok := todo[key]
		delete(todo, key)
		switch {
		case !ok:
			out = append(out, items[i])
		case e.New != nil:
			out = append(out, value(e.New))
		}
	}
	for _, e := range edits {
		if _, left := todo[e.Key]; left && e.New != nil {
			out = append(out, value(e.New))
		}
	}
	return out
}

// operation is one line of a JSON Patch (RFC 6902). The service knows add and replace.
type operation struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value"`
}

// PatchBody returns the exact body of a change to the referral with this JSON. People and
// solutions that are only added are added one by one; any other change of a list replaces it,
// entries that nobody changed as they were.
func PatchBody(raw []byte, edits []Edit) ([]byte, error) {
	d, err := readDocument(raw)
	if err != nil {
		return nil, err
	}
	ops := []operation{}
	for _, e := range Editables() {
		if own := editsAt(edits, e.Path); len(own) > 0 {
			ops = append(ops, operations(d, e, own)...)
		}
	}
	return encode(ops)
}

func operations(d document, e Editable, edits []Edit) []operation {
	switch {
	case e.Path == statusPath:
		text, _ := value(edits[0].New).(string)
		s := ParseStanding(text)
		return []operation{{"replace", "/status", s.Status}, {"replace", "/substatus", s.Substatus}}
	case e.List && onlyAdds(edits):
		var ops []operation
		for _, edit := range edits {
			ops = append(ops, operation{"add", e.Pointer + "/-", value(edit.New)})
		}
		return ops
	case e.List:
		return []operation{{"replace", e.Pointer, editedList(d.list(e.Path), edits)}}
	}
	op := operation{"replace", e.Pointer, value(edits[0].New)}
	if d.at(e.Path) == nil {
		op.Op = "add"
	}
	if op.Value == nil {
		op.Value = ""
	}
	return []operation{op}
}

func onlyAdds(edits []Edit) bool {
	return !slices.ContainsFunc(edits, func(e Edit) bool { return e.Old != nil || e.New == nil })
}

// Carried tells whether the referral with this JSON says what all the edits wanted: then the change
// was carried out, by whomever.
func Carried(raw []byte, edits []Edit) (bool, error) {
	d, err := readDocument(raw)
	if err != nil {
		return false, err
	}
	_, values := d.slots()
	for _, e := range edits {
		if !sameAt(e.Path, values[e.slot()], value(e.New)) {
			return false, nil
		}
	}
	return true, nil
}
