package handlers

import "time"

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
