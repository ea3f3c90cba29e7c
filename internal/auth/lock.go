package auth

import (
	"context"
	"sync"
)

// locks is a Locker within this process.
type locks struct {
	mu   sync.Mutex
	held map[string]*turn
}

// turn is full while somebody has the lock. It is forgotten when nobody has it or waits for it.
type turn struct {
	taken chan struct{}
	users int
}

// Lock implements Locker.
func (l *locks) Lock(ctx context.Context, userID string) (unlock func(), err error) {
	t := l.join(userID)
	select {
	case t.taken <- struct{}{}:
		return func() {
			<-t.taken
			l.leave(userID, t)
		}, nil
	case <-ctx.Done():
		l.leave(userID, t)
		return nil, ctx.Err()
	}
}

func (l *locks) join(userID string) *turn {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := l.held[userID]
	if t == nil {
		t = &turn{taken: make(chan struct{}, 1)}
		l.held[userID] = t
	}
	t.users++
	return t
}

func (l *locks) leave(userID string, t *turn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if t.users--; t.users == 0 {
		delete(l.held, userID)
	}
}
