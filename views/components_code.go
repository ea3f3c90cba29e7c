package views

import (
	"html"
	"strings"
)

// highlight marks up indented JSON: names in <b>, texts in <i>. It escapes everything, and passes
// on what is no JSON as it is.
func highlight(json string) string {
	var out strings.Builder
	for {
		start := strings.IndexByte(json, '"')
		if start < 0 {
			out.WriteString(html.EscapeString(json))
			return out.String()
		}
		end := start + stringEnd(json[start:])
		tag := "i"
		if strings.HasPrefix(strings.TrimLeft(json[end:], " "), ":") {
			tag = "b"
		}
		out.WriteString(html.EscapeString(json[:start]))
		out.WriteString("<" + tag + ">" + html.EscapeString(json[start:end]) + "</" + tag + ">")
		json = json[end:]
	}
}

// stringEnd is the length of the JSON string s starts with, quotes included, or of all of s when
// the string never ends.
func stringEnd(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s)
}
