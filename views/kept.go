package views

import (
	"context"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"tandem/internal/language"
)

// kept returns a component that is rendered once for each language and key, and copied afterwards.
// It is for parts of most pages that depend on nothing else. Nothing is evicted, so there may only
// be few keys.
func kept[K comparable](component func(K) templ.Component) func(K) templ.Component {
	type key struct {
		tag string
		of  K
	}
	var drawn sync.Map
	return func(of K) templ.Component {
		return part(func(ctx context.Context, m *markup) {
			k := key{language.Of(ctx).Tag(), of}
			html, ok := drawn.Load(k)
			if !ok {
				var out strings.Builder
				if m.err = component(of).Render(ctx, &out); m.err != nil {
					return
				}
				html = literal(out.String())
				drawn.Store(k, html)
			}
			m.raw(html.(literal))
		})
	}
}

// always is the key of parts that depend on the language alone.
type always struct{}

// place is where a page stands in the main navigation, and the number beside the drafts.
type place struct{ nav, drafts string }

// same are the parts that many pages share.
var same = struct {
	foot, links func(always) templ.Component
	nav         func(place) templ.Component
	question    func(minutes int) templ.Component
	actions     func(button string) templ.Component
}{kept(foot), kept(links), kept(topNav), kept(askToStay), kept(stepActions)}

// StepActions are the buttons of a step page; button is the text of the primary one.
func StepActions(button string) templ.Component { return same.actions(button) }
