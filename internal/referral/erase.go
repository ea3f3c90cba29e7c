package referral

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"slices"
	"strings"
)

// Erased replaces an erased e-mail address in a text.
const Erased = "[erased]"

// EmailAddress returns a typed e-mail address in lower case, the form by which people are searched
// for; ok is false when it is not an address.
func EmailAddress(typed string) (address string, ok bool) {
	typed = strings.ToLower(Narrow(typed))
	parsed, err := mail.ParseAddress(typed)
	return typed, err == nil && parsed.Address == typed
}

// ErasePerson takes a person out of a JSON document. Wherever an object's email is the address, in
// any case, its names and phone number are emptied with it; in all other texts Erased takes the
// address's place. Everything else stays byte by byte as it was. found tells whether the address
// was there. It fails only when doc is not JSON.
func ErasePerson(doc []byte, address string) (out []byte, found bool, err error) {
	e := &eraser{doc: doc, dec: json.NewDecoder(bytes.NewReader(doc)),
		address: strings.ToLower(address)}
	e.dec.UseNumber()
	if _, err := e.value(); err != nil {
		return nil, false, fmt.Errorf("erasing a person: %w", err)
	}
	if _, err := e.dec.Token(); !errors.Is(err, io.EOF) {
		return nil, false, errors.New("erasing a person: more than one value")
	}
	return e.rewritten(), len(e.edits) > 0, nil
}

// span is a text in the document: where it is, including its quotes, and its value.
type span struct {
	from, to int64
	text     string
}

// eraser reads a document and collects what is to be replaced, in the order of the document.
type eraser struct {
	doc     []byte
	dec     *json.Decoder
	address string
	edits   map[int64]edit
	order   []int64
}

type edit struct {
	span
	with string
}

// value reads one value. It returns the span of a text, nil for anything else.
func (e *eraser) value() (*span, error) {
	before := e.dec.InputOffset()
	token, err := e.dec.Token()
	if err != nil {
		return nil, err
	}
	switch v := token.(type) {
	case json.Delim:
		if v == '{' {
			return nil, e.object()
		}
		return nil, e.list()
	case string:
		start := before + int64(bytes.IndexByte(e.doc[before:], '"'))
		text := &span{from: start, to: e.dec.InputOffset(), text: v}
		e.mention(text)
		return text, nil
	}
	return nil, nil
}

func (e *eraser) list() error {
	for e.dec.More() {
		if _, err := e.value(); err != nil {
			return err
		}
	}
	_, err := e.dec.Token()
	return err
}

// object reads an object to its end. If its email is the address, the person's names and phone
// number are emptied.
func (e *eraser) object() error {
	var details []*span
	isPerson := false
	for e.dec.More() {
		token, err := e.dec.Token()
		if err != nil {
			return err
		}
		text, err := e.value()
		if err != nil {
			return err
		}
		if text == nil {
			continue
		}
		name, _ := token.(string)
		switch strings.ToLower(name) {
		case "email":
			isPerson = isPerson || e.is(text.text)
			fallthrough
		case "firstname", "lastname", "phonenumber", "name":
			details = append(details, text)
		}
	}
	if isPerson {
		for _, text := range details {
			e.replace(*text, "")
		}
	}
	_, err := e.dec.Token()
	return err
}

func (e *eraser) is(text string) bool {
	return strings.ToLower(Mailbox(text)) == e.address
}

// mention replaces the address where it occurs in a text.
func (e *eraser) mention(text *span) {
	if rest := EraseAddress(text.text, e.address); rest != text.text {
		e.replace(*text, rest)
	}
}

func (e *eraser) replace(text span, with string) {
	if e.edits == nil {
		e.edits = map[int64]edit{}
	}
	if _, known := e.edits[text.from]; !known {
		e.order = append(e.order, text.from)
	}
	e.edits[text.from] = edit{text, with}
}

// rewritten returns the document with all replacements made.
func (e *eraser) rewritten() []byte {
	if len(e.edits) == 0 {
		return e.doc
	}
	slices.Sort(e.order)
	var out bytes.Buffer
	var at int64
	for _, from := range e.order {
		change := e.edits[from]
		out.Write(e.doc[at:from])
		out.WriteString(quoted(change.with))
		at = change.to
	}
	out.Write(e.doc[at:])
	return out.Bytes()
}

// quoted returns a text as a JSON string, with as few escapes as possible.
func quoted(text string) string {
	raw, err := encode(text)
	if err != nil {
		return `""`
	}
	return string(raw)
}

// EraseAddress replaces an e-mail address, given in lower case, by Erased wherever the text has it
// in any case, unless it is only the end or the beginning of another address.
func EraseAddress(text, address string) string {
	lower := strings.ToLower(text)
	if len(lower) != len(text) {
		text = lower // a letter's lower case has another length, and offsets have to agree
	}
	var out strings.Builder
	for at := 0; ; {
		i := strings.Index(lower[at:], address)
		if i < 0 {
			return out.String() + text[at:]
		}
		from, to := at+i, at+i+len(address)
		out.WriteString(text[at:from])
		if goesOn(lower, from-1, -1) || goesOn(lower, to, 1) {
			out.WriteString(text[from:to])
		} else {
			out.WriteString(Erased)
		}
		at = to
	}
}

// goesOn tells whether an address goes on at i in the direction: with a letter or digit, at once or
// after one other sign that addresses may have.
func goesOn(text string, i, direction int) bool {
	if i >= 0 && i < len(text) && strings.IndexByte(".-_+", text[i]) >= 0 {
		i += direction
	}
	if i < 0 || i >= len(text) {
		return false
	}
	b := text[i]
	return b >= 'a' && b <= 'z' || b >= '0' && b <= '9'
}
