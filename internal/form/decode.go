package form

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"

	playground "github.com/go-playground/form/v4"
)

// Limits of what Decode takes. The size of the text is limited where the request is read.
const (
	// MaxIndex is the first index that is refused. Partner Center takes at most 50 people; a form
	// with a few more is decoded, so that the page can say so.
	MaxIndex = 100
	// MaxValues is the most values in one form, MaxRepeats the most under one name.
	MaxValues  = 2000
	MaxRepeats = 200

	maxName = 200
)

// ErrTooMany says that a form had more values, or a higher index, than any page of ours sends.
var ErrTooMany = errors.New("too many form values")

// path is what a name looks like: identifiers joined by dots, each with at most one index. The
// decoder below panics on brackets out of balance, so no other name may reach it.
var path = regexp.MustCompile(`^[A-Za-z]\w*(\[\d+\])?(\.[A-Za-z]\w*(\[\d+\])?)*$`)

// index is one element number inside a name.
var index = regexp.MustCompile(`\[(\d+)\]`)

// decoder caches what it finds out about the types of structs, which takes longer than decoding.
var decoder = sync.OnceValue(playground.NewDecoder)

// Decode fills into, a pointer to a struct with `form:"…"` tags whose leaves are string or
// []string, from posted values named like customerProfile.team[0].email. Names it does not know are
// ignored. Text is repaired on the way: valid UTF-8, lines that end in \n, no control characters;
// nothing else about it changes. The error is ErrTooMany for forms beyond the limits.
func Decode(values url.Values, into any) error {
	known, err := usable(values)
	if err != nil {
		return fmt.Errorf("decoding form: %w", err)
	}
	if err := decoder().Decode(into, known); err != nil {
		return fmt.Errorf("decoding form: %w", err)
	}
	return nil
}

// usable returns the values whose names are paths, with their text repaired.
func usable(values url.Values) (url.Values, error) {
	known := url.Values{}
	count := 0
	for name, texts := range values {
		count += len(texts)
		if count > MaxValues || len(texts) > MaxRepeats {
			return nil, ErrTooMany
		}
		if len(name) > maxName || !path.MatchString(name) {
			continue
		}
		if !indexesBounded(name) {
			return nil, ErrTooMany
		}
		for _, text := range texts {
			known.Add(name, whole(text))
		}
	}
	return known, nil
}

func indexesBounded(name string) bool {
	for _, m := range index.FindAllStringSubmatch(name, -1) {
		if n, err := strconv.Atoi(m[1]); err != nil || n >= MaxIndex {
			return false
		}
	}
	return true
}

// whole repairs posted text so that it can be stored and shown: browsers end lines with \r\n, and
// PostgreSQL takes neither NUL nor broken UTF-8.
func whole(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case r == '\n' || r == '\t':
			return r
		case r < ' ' || r >= 0x7F && r < 0xA0:
			return -1
		}
		return r
	}, s)
}
