package handlers

import (
	"container/list"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// mostBuckets is how many people or addresses are remembered; they take a few megabytes. When there
// are more, the one that has not asked for the longest time is forgotten.
const mostBuckets = 10_000

// buckets holds a token bucket for each key. It is safe for concurrent use.
type buckets struct {
	limit Limit

	mu    sync.Mutex
	byKey map[string]*list.Element
	used  *list.List // of *bucket, the last used first
}

type bucket struct {
	*rate.Limiter
	key string
}

func newBuckets(l Limit) *buckets {
	return &buckets{limit: l, byKey: map[string]*list.Element{}, used: list.New()}
}

// wait takes a token for the key and returns zero. When there is none, it returns how long it takes
// until there is one.
func (b *buckets) wait(key string, now time.Time) time.Duration {
	if b.limit.PerSecond <= 0 {
		return 0
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	x := b.of(key, now)
	if x.AllowN(now, 1) {
		return 0
	}
	missing := 1 - x.TokensAt(now)
	return max(time.Duration(missing/b.limit.PerSecond*float64(time.Second)), 1)
}

// of returns the bucket of the key, a full one when it is new.
func (b *buckets) of(key string, now time.Time) *bucket {
	if e, ok := b.byKey[key]; ok {
		b.used.MoveToFront(e)
		return bucketOf(e)
	}
	b.evict(now)
	x := &bucket{key: key,
		Limiter: rate.NewLimiter(rate.Limit(b.limit.PerSecond), max(b.limit.Burst, 1))}
	b.byKey[key] = b.used.PushFront(x)
	return x
}

// evict makes room for one more bucket, and drops those at the end that are full again: they are no
// different from new ones.
func (b *buckets) evict(now time.Time) {
	for e := b.used.Back(); e != nil; e = b.used.Back() {
		x := bucketOf(e)
		if full := x.TokensAt(now) >= float64(x.Burst()); !full && b.used.Len() < mostBuckets {
			return
		}
		b.used.Remove(e)
		delete(b.byKey, x.key)
	}
}

func bucketOf(e *list.Element) *bucket {
	x, _ := e.Value.(*bucket) // nothing else is put in
	return x
}
