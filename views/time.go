package views

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"tandem/internal/language"
)

// Moment shows a time where the person is to the minute, as in 22 Nov 2026, 14:40.
func Moment(at time.Time) templ.Component {
	return part(func(ctx context.Context, m *markup) {
		m.raw(`<time`)
		m.attr("datetime", instant(at))
		m.attr("title", fullTime(ctx, at))
		m.raw(`>`)
		m.text(language.Of(ctx).ShortDateTime(at))
		m.raw(`</time>`)
	})
}
