package form

import (
	"net/url"
	"reflect"
	"strconv"
	"strings"
)

// Encode is the reverse of Decode: what a form that shows the struct would post, without the inputs
// that have no answer. from is what Decode takes.
func Encode(from any) url.Values {
	values := url.Values{}
	encode(values, "", reflect.ValueOf(from).Elem())
	return values
}

// encode adds the answers that v holds under their names, which begin with name.
func encode(values url.Values, name string, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		values.Set(name, v.String())
	case reflect.Slice:
		encodeList(values, name, v)
	case reflect.Struct:
		if name != "" {
			name += "."
		}
		for i := range v.NumField() {
			if part := v.Field(i); !part.IsZero() {
				encode(values, name+v.Type().Field(i).Tag.Get("form"), part)
			}
		}
	}
}

// encodeList adds several answers under one name, or those of several structs under a name for
// each.
func encodeList(values url.Values, name string, list reflect.Value) {
	if texts, ok := list.Interface().([]string); ok {
		if strings.Join(texts, "") != "" {
			values[name] = texts
		}
		return
	}
	for i := range list.Len() {
		encode(values, name+"["+strconv.Itoa(i)+"]", list.Index(i))
	}
}
