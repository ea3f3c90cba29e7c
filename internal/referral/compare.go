package referral

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
)

// Result says how a returned value stands to the one that was sent.
type Result string

// The results of a comparison.
const (
	Same        Result = "same"
	Changed     Result = "changed"
	NotReturned Result = "not-returned"
	Added       Result = "added"
)

// Row is one field of a comparison. Sent and Returned are the values as text, empty when absent.
type Row struct {
	Path, Sent, Returned string
	Result               Result
}

// Comparison is what was sent beside what came back, in the order of the body that was sent, with
// added fields at the end.
type Comparison struct {
	Rows []Row
}

// Different returns the rows that are not the same.
func (c Comparison) Different() []Row {
	return slices.DeleteFunc(slices.Clone(c.Rows), func(r Row) bool { return r.Result == Same })
}

// Missing returns the rows that matter: values that did not come back, or came back different,
// apart from those the service owns (status, substatus and type).
func (c Comparison) Missing() []Row {
	return slices.DeleteFunc(slices.Clone(c.Rows), func(r Row) bool {
		owned := r.Path == "status" || r.Path == "substatus" || r.Path == "type"
		return r.Result == Same || r.Result == Added || owned
	})
}

// Compare puts two JSON objects side by side by value, not by text: ids in any order, 50000 equals
// 50000.0 and "50000", null equals absent and empty. Names are compared without regard to case. It
// fails only when either is not a JSON object.
func Compare(sent, returned []byte) (Comparison, error) {
	a, order, err := flatten(sent)
	if err != nil {
		return Comparison{}, fmt.Errorf("reading what was sent: %w", err)
	}
	b, later, err := flatten(returned)
	if err != nil {
		return Comparison{}, fmt.Errorf("reading what was returned: %w", err)
	}
	var c Comparison
	for _, path := range order {
		c.Rows = append(c.Rows, row(path, a[path], b[strings.ToLower(path)], b))
	}
	sentPaths := lowered(a)
	for _, path := range later {
		if !sentPaths[strings.ToLower(path)] && !ownBookkeeping(path) {
			c.Rows = append(c.Rows, Row{path, "", b[strings.ToLower(path)], Added})
		}
	}
	return c, nil
}

func row(path, sent, returned string, all map[string]string) Row {
	_, ok := all[strings.ToLower(path)]
	switch {
	case !ok:
		return Row{path, sent, "", NotReturned}
	case equalValue(sent, returned):
		return Row{path, sent, returned, Same}
	}
	return Row{path, sent, returned, Changed}
}

func lowered(m map[string]string) map[string]bool {
	out := map[string]bool{}
	for k := range m {
		out[strings.ToLower(k)] = true
	}
	return out
}

// ownBookkeeping tells whether the field is of no interest to a rep: links and the like.
func ownBookkeeping(path string) bool { return strings.HasPrefix(path, "links.") || path == "eTag" }

func equalValue(a, b string) bool {
	if a == b || strings.EqualFold(a, b) && len(a) == len("true") {
		return true
	}
	x, ok1 := new(big.Rat).SetString(short(a))
	y, ok2 := new(big.Rat).SetString(short(b))
	return ok1 && ok2 && x.Cmp(y) == 0 || sameTime(a, b)
}

// short keeps big.Rat from being asked for absurd exponents.
func short(s string) string {
	if len(s) > 24 || strings.ContainsAny(s, "eE/xXpP_") {
		return ""
	}
	return s
}

// sameTime tells whether both are the same instant but for trailing zeros of the fraction.
func sameTime(a, b string) bool {
	trim := func(s string) string {
		s, ok := strings.CutSuffix(s, "Z")
		if !ok || len(s) < len("2006-01-02T15:04:05") {
			return ""
		}
		if strings.Contains(s, ".") {
			s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
		}
		return s
	}
	return trim(a) != "" && trim(a) == trim(b)
}

// flatten returns the leaves of a JSON object by path, and the paths in the order of the document.
// Members of arrays of objects with an id are named by it, so that their order does not matter.
func flatten(doc []byte) (map[string]string, []string, error) {
	dec := json.NewDecoder(bytes.NewReader(doc))
	dec.UseNumber()
	var v map[string]any
	if err := dec.Decode(&v); err != nil {
		return nil, nil, err
	}
	f := flat{values: map[string]string{}}
	f.object("", v)
	return f.values, f.order, nil
}

// flat collects leaves. Values are kept under the lower-case path too, for the look-up.
type flat struct {
	values map[string]string
	order  []string
}

func (f *flat) object(at string, v map[string]any) {
	for _, key := range slices.SortedFunc(maps.Keys(v), byRank) {
		path := key
		if at != "" {
			path = at + "." + key
		}
		f.value(path, v[key])
	}
}

func (f *flat) value(path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		f.object(path, v)
	case []any:
		f.array(path, v)
	case nil:
	case string:
		if v != "" {
			f.leaf(path, v)
		}
	default:
		f.leaf(path, fmt.Sprint(v))
	}
}

func (f *flat) leaf(path, value string) {
	if _, ok := f.values[path]; !ok {
		f.order = append(f.order, path)
	}
	f.values[path] = value
	f.values[strings.ToLower(path)] = value
}

func (f *flat) array(path string, items []any) {
	if strings.HasSuffix(strings.ToLower(path), ".attributes") {
		f.attributes(path, items)
		return
	}
	if ids, ok := idList(items); ok {
		if len(ids) > 0 {
			f.leaf(path, strings.Join(ids, ", "))
		}
		return
	}
	for i, item := range items {
		f.value(fmt.Sprintf("%s[%d]", path, i), item)
	}
}

// attributes are named by their type.
func (f *flat) attributes(path string, items []any) {
	for i, item := range items {
		m, _ := item.(map[string]any)
		kind, _ := m["type"].(string)
		id, ok := m["id"].(string)
		switch {
		case !ok || kind == "":
			f.value(fmt.Sprintf("%s[%d]", path, i), item)
		case id != "":
			f.leaf(path+"["+kind+"]", id)
		}
	}
}

// idList returns the sorted ids when every item is an object with an id.
func idList(items []any) ([]string, bool) {
	var ids []string
	for _, item := range items {
		m, _ := item.(map[string]any)
		id, ok := m["id"].(string)
		if !ok {
			return nil, len(items) == 0
		}
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids, true
}

// byRank orders the top of a referral as people read it, the rest by name.
func byRank(a, b string) int {
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
}

func rank(key string) int {
	i := slices.Index([]string{"name", "externalReferenceId", "status", "substatus",
		"statusReason", "qualification", "type", "target", "customerProfile", "consent", "details",
		"team", "inviteContext", "id", "engagementId"}, key)
	if i < 0 {
		return 100
	}
	return i
}
