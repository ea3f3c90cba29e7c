package practice

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// document is a referral as JSON, so that fields nobody here knows survive.
// Numbers keep the digits they came with.
type document map[string]any

var errNotObject = errors.New("not a JSON object")

// parseDocument reads a JSON object. Names are taken in any capitalisation of
// their first letter, and kept in camel case, as the service does.
func parseDocument(raw []byte) (document, error) {
	v, err := decodeJSON(raw)
	if err != nil {
		return nil, err
	}
	doc, ok := camelCased(v).(map[string]any)
	if !ok {
		return nil, errNotObject
	}
	return doc, nil
}

func decodeJSON(raw []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one JSON value")
	}
	return v, nil
}

func camelCased(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for _, key := range slices.Sorted(maps.Keys(v)) {
			first, size := utf8.DecodeRuneInString(key)
			out[string(unicode.ToLower(first))+key[size:]] = camelCased(v[key])
		}
		return out
	case []any:
		for i := range v {
			v[i] = camelCased(v[i])
		}
	}
	return v
}

// at returns the value at a dotted path, nil if there is none.
func (d document) at(path string) any {
	var v any = map[string]any(d)
	for name := range strings.SplitSeq(path, ".") {
		m, _ := v.(map[string]any)
		v = m[name]
	}
	return v
}

// text returns the string or the digits at a path.
func (d document) text(path string) string {
	switch v := d.at(path).(type) {
	case string:
		return strings.TrimSpace(v)
	case json.Number:
		return v.String()
	}
	return ""
}

func (d document) yes(path string) bool {
	v, _ := d.at(path).(bool)
	return v
}

// list returns the objects of the list at a path.
func (d document) list(path string) []document {
	items, _ := d.at(path).([]any)
	var list []document
	for _, item := range items {
		if m, ok := item.(map[string]any); ok {
			list = append(list, m)
		}
	}
	return list
}

func (d document) clone() document {
	return cloneJSON(map[string]any(d)).(map[string]any)
}

func cloneJSON(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, item := range v {
			out[key] = cloneJSON(item)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = cloneJSON(item)
		}
		return out
	}
	return v
}

// without returns the document less one member below another.
func (d document) without(parent, name string) document {
	out := d.clone()
	if m, ok := out[parent].(map[string]any); ok {
		delete(m, name)
	}
	return out
}
