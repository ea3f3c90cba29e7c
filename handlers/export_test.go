package handlers

import (
	"strconv"
	"strings"
	"time"
)

// MostBuckets is how many keys Buckets remembers.
const MostBuckets = mostBuckets

// Buckets are token buckets by key.
type Buckets = buckets

// NewBuckets returns buckets without a key.
func NewBuckets(l Limit) *Buckets { return newBuckets(l) }

// Wait takes a token for the key.
func (b *buckets) Wait(key string, now time.Time) time.Duration { return b.wait(key, now) }

// Len is how many keys are remembered.
func (b *buckets) Len() int { return max(len(b.byKey), b.used.Len()) }

// PlainCell is a text as it stands in an exported file.
func PlainCell(s string) string { return plainCell(s) }

// MostKept is how many bytes of tables are kept.
const MostKept = mostKept

// KeptBytes is how many bytes are kept after n tables of a size, of so many lists in turn.
func KeptBytes(n, lists, size int) int {
	t := newTables()
	for i := range n {
		t.keep(tableKey{sort: strconv.Itoa(i % lists)}, table{html: strings.Repeat("x", size)})
	}
	return t.bytes
}

// NearPages are the pages that a page of a list links to by number.
func NearPages(page, last int) []int { return nearPages(page, last) }
