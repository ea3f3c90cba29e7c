package language

import (
	"regexp"
	"strconv"
	"strings"
)

// sentence is a text with arguments that are put in as they are: words, and numbers that are not
// grouped. It is parsed once, while a printer of x/text would parse it for each use.
type sentence struct {
	// parts are the pieces of text around the arguments. Each argument has its index and its verb.
	parts     []string
	arguments []argument
}

type argument struct {
	index int
	verb  byte
}

// verbs finds the verbs of a text. Those other than %s and %d need a printer.
var verbs = regexp.MustCompile(`%(?:\[(\d)\])?(.)`)

// cut parses a text; ok is false when it needs a printer.
func cut(text string) (s sentence, ok bool) {
	end, numbered := 0, strings.Contains(text, "%[")
	for i, m := range verbs.FindAllStringSubmatchIndex(text, -1) {
		verb, index := text[m[4]], i
		if verb != 's' && verb != 'd' || numbered != (m[2] >= 0) {
			return s, false
		}
		if numbered {
			index = int(text[m[2]]-'0') - 1
		}
		s.parts = append(s.parts, text[end:m[0]])
		s.arguments = append(s.arguments, argument{index, verb})
		end = m[1]
	}
	s.parts = append(s.parts, text[end:])
	return s, true
}

// fill puts the arguments in; ok is false when they need a printer.
func (s sentence) fill(args []any) (text string, ok bool) {
	if len(args) != len(s.arguments) {
		return "", false
	}
	var out strings.Builder
	for i, a := range s.arguments {
		if a.index < 0 || a.index >= len(args) {
			return "", false
		}
		word, ok := a.write(args[a.index])
		if !ok {
			return "", false
		}
		out.WriteString(s.parts[i])
		out.WriteString(word)
	}
	out.WriteString(s.parts[len(s.arguments)])
	return out.String(), true
}

// mostUngrouped is the largest number that is written without a mark between its digits.
const mostUngrouped = 999

func (a argument) write(value any) (text string, ok bool) {
	switch v := value.(type) {
	case string:
		return v, a.verb == 's'
	case int:
		return strconv.Itoa(v), a.verb == 'd' && v >= 0 && v <= mostUngrouped
	}
	return "", false
}
