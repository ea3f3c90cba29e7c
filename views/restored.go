package views

import (
	"context"
	"time"

	"tandem/internal/language"
)

// Restored says that a page shows what the rep typed and did not save; the zero value says nothing.
type Restored struct {
	// At is when it was kept, On the day of it in words. SignedOut says that it was posted after
	// the session had ended.
	At        time.Time
	On        string
	SignedOut bool
	// Subject and Page name it; ReturnTo is the page itself.
	Subject, Page, ReturnTo string
}

func (r Restored) text(ctx context.Context) string {
	if r.SignedOut {
		return t(ctx, "You were signed out. We kept what you typed on this page.")
	}
	return t(ctx, "We filled in what you typed on %s at %s.", r.On, language.Of(ctx).TimeOfDay(r.At))
}
