package views

import (
	"context"

	"tandem/internal/language"
)

// HelpPage is the help for reps.
type HelpPage struct {
	Shell Shell
	Deals []HelpDeal
}

// HelpDeal says what a deal type means.
type HelpDeal struct {
	Title, Hint string
	Points      []string
}

// picture is the address of a picture of a page in the reader's language, or else in English.
func picture(ctx context.Context, name string) string {
	if url := asset(name + "-" + language.Of(ctx).Tag() + ".webp"); url != "" {
		return url
	}
	return asset(name + "-en.webp")
}
