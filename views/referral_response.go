package views

import (
	"context"

	"tandem/internal/language"
)

func missingTitle(ctx context.Context, v Response) string {
	if n := len(v.Missing); n > 0 {
		return t(ctx, "%d answers did not come back", n)
	}
	return t(ctx, "%d answers came back different", len(v.Different))
}

// maxListed is how many labels a sentence names; the table below it has them all.
const maxListed = 6

// listed names labels in a sentence.
func listed(ctx context.Context, labels []string) string {
	l := language.Of(ctx)
	if more := len(labels) - maxListed; more > 1 {
		return l.T("%[2]s and %[1]d more", more, l.List(labels[:maxListed]))
	}
	return l.List(labels)
}
