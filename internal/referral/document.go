package referral

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// document is a referral's JSON as Microsoft gave it, so that what Tandem does not know is never
// dropped on the way back. Numbers keep their digits.
type document map[string]any

func readDocument(raw []byte) (document, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var d document
	if err := dec.Decode(&d); err != nil {
		return nil, fmt.Errorf("reading a referral: %w", err)
	}
	return d, nil
}

// encode writes a value as JSON without spaces and without escaping <, > and &.
func encode(v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encoding JSON: %w", err)
	}
	return bytes.TrimSpace(out.Bytes()), nil
}

// at returns the value at a dotted path, nil when there is none. Status stands for status and
// substatus together, which change together.
func (d document) at(path string) any {
	if path == statusPath {
		return d.standing()
	}
	var v any = map[string]any(d)
	for name := range strings.SplitSeq(path, ".") {
		m, _ := v.(map[string]any)
		v = m[name]
	}
	return v
}

const statusPath = "status"

// standing is nil for a referral without a status.
func (d document) standing() any {
	status, _ := d["status"].(string)
	substatus, _ := d["substatus"].(string)
	if status == "" {
		return nil
	}
	return Standing{status, substatus}.String()
}

// set writes the value at a dotted path, making what is missing on the way.
func (d document) set(path string, v any) {
	if path == statusPath {
		text, _ := v.(string)
		s := ParseStanding(text)
		d["status"], d["substatus"] = s.Status, s.Substatus
		return
	}
	node := map[string]any(d)
	names := strings.Split(path, ".")
	for _, name := range names[:len(names)-1] {
		child, ok := node[name].(map[string]any)
		if !ok {
			child = map[string]any{}
			node[name] = child
		}
		node = child
	}
	node[names[len(names)-1]] = v
}

// list returns the entries at a path.
func (d document) list(path string) []any {
	items, _ := d.at(path).([]any)
	return items
}

// slot is an answer that can be changed: a path, and for an entry of a list what it is known by.
type slot struct{ path, key string }

// slots returns the editable answers with their values, in the order of Editables. What is not
// there has the value nil.
func (d document) slots() (order []slot, values map[slot]any) {
	values = map[slot]any{}
	for _, e := range Editables() {
		switch {
		case e.Path == "substatus":
			continue // part of status
		case !e.List:
			order = append(order, slot{e.Path, ""})
			values[slot{e.Path, ""}] = d.at(e.Path)
			continue
		}
		items := d.list(e.Path)
		for i, key := range keysOf(items) {
			order = append(order, slot{e.Path, key})
			values[slot{e.Path, key}] = items[i]
		}
	}
	return order, values
}

// keysOf names the entries of a list: a person by the e-mail address, a solution by its id,
// anything else by its words. Who is there twice has a number behind.
func keysOf(items []any) []string {
	keys := make([]string, len(items))
	seen := map[string]int{}
	for i, item := range items {
		key := entryKey(item)
		if seen[key]++; seen[key] > 1 {
			key += fmt.Sprintf("#%d", seen[key])
		}
		keys[i] = key
	}
	return keys
}

func entryKey(item any) string {
	m, _ := item.(map[string]any)
	for _, name := range []string{"email", "id"} {
		if text, _ := m[name].(string); Clean(text) != "" {
			return strings.ToLower(Narrow(text))
		}
	}
	first, _ := m["firstName"].(string)
	last, _ := m["lastName"].(string)
	return strings.ToLower(joinName(Clean(first), Clean(last)))
}

// sameAt compares two values at a path: null, empty and absent are the same, an amount is compared
// as a number, a time as an instant.
func sameAt(path string, a, b any) bool {
	a, b = emptied(a), emptied(b)
	switch x := a.(type) {
	case map[string]any:
		y, ok := b.(map[string]any)
		return ok && sameMembers(x, y)
	case []any:
		y, ok := b.([]any)
		return ok && sameEntries(x, y)
	}
	if a == nil || b == nil {
		return a == b
	}
	s, t := fmt.Sprint(a), fmt.Sprint(b)
	if path == "details.dealValue" {
		return equalValue(s, t)
	}
	return s == t || sameTime(s, t)
}

// emptied returns nil for what says nothing.
func emptied(v any) any {
	switch x := v.(type) {
	case string:
		if x == "" {
			return nil
		}
	case []any:
		if len(x) == 0 {
			return nil
		}
	case map[string]any:
		for _, member := range x {
			if emptied(member) != nil {
				return v
			}
		}
		return nil
	}
	return v
}

func sameMembers(a, b map[string]any) bool {
	for name, v := range a {
		if !sameAt("", v, b[name]) {
			return false
		}
	}
	for name, v := range b {
		if _, ok := a[name]; !ok && emptied(v) != nil {
			return false
		}
	}
	return true
}

func sameEntries(a, b []any) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !sameAt("", a[i], b[i]) {
			return false
		}
	}
	return true
}
