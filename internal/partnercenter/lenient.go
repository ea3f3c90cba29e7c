package partnercenter

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"time"
)

// maxID is the most bytes of an id and an eTag. The service's have 36 and 38.
const maxID = 256

// ParseReferral reads the JSON of one referral. Members may be missing, null or
// of an unexpected kind; only JSON that is broken, or that is not an object
// with an id, is an error. Ids and eTags of over 256 bytes are left out like
// values of an unexpected kind. Raw keeps a copy of the input.
func ParseReferral(raw []byte) (*Referral, error) {
	var ref Referral
	if err := lenient(raw, &ref); err != nil {
		return nil, err
	}
	for _, id := range []*string{&ref.ID, &ref.EngagementID, &ref.ETag} {
		*id = usable(*id)
	}
	if ref.ID == "" {
		return nil, errNoReferral
	}
	ref.Raw = bytes.Clone(bytes.TrimSpace(raw))
	return &ref, nil
}

// usable returns the id or eTag, or nothing when it is too long to be one.
func usable(id string) string {
	if len(id) > maxID {
		return ""
	}
	return id
}

// lenient decodes like json.Unmarshal, whose type errors only report the first
// member that was skipped; all others are decoded by then.
func lenient(raw []byte, v any) error {
	err := json.Unmarshal(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")), v)
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return nil
	}
	return err
}

// Decimal is a number as the service wrote it, which is sometimes a JSON number
// and sometimes a string. Empty means none.
type Decimal string

// UnmarshalJSON accepts a number, a string and null; anything else is none.
func (d *Decimal) UnmarshalJSON(raw []byte) error {
	text := strings.Trim(string(raw), `" `)
	if json.Valid([]byte(text)) && strings.Trim(text, "+-.0123456789eE") == "" {
		*d = Decimal(text)
	}
	return nil
}

// Time is a moment in UTC, zero where the service wrote none or one that cannot
// be read.
type Time struct{ time.Time }

// UnmarshalJSON accepts RFC 3339 with any number of fractional digits, and the
// same without a zone, which means UTC.
func (t *Time) UnmarshalJSON(raw []byte) error {
	text := strings.Trim(string(raw), `"`)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			t.Time = at.UTC()
			return nil
		}
	}
	return nil
}

// IDs are a customer's ids elsewhere. The service also prints none as {}.
type IDs []ProfileID

// UnmarshalJSON accepts a list; anything else is none.
func (ids *IDs) UnmarshalJSON(raw []byte) error {
	var list []ProfileID
	if lenient(raw, &list) == nil {
		*ids = list
	}
	return nil
}
