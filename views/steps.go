package views

import (
	"context"
	"strconv"

	"github.com/a-h/templ"
)

// StepNav lists the steps with their state in words.
func StepNav(s Steps) templ.Component {
	return part(func(ctx context.Context, m *markup) {
		m.raw(`<nav class="steps" aria-labelledby="steps-h"><h2 class="steps__h" id="steps-h">`)
		m.text(s.Title)
		m.raw(`</h2><ol>`)
		for i, item := range s.Items {
			m.raw(`<li`)
			m.attr("class", s.class(i))
			m.raw(`>`)
			m.stepLink(item, "steps__a", i == s.Current, func() {
				m.stepBody(ctx, item, i == s.Current)
			})
			m.raw(`</li>`)
		}
		m.raw(`</ol></nav>`)
	})
}

// stepLink leads to a step, or is text when there is no way yet.
func (m *markup) stepLink(item StepItem, class string, current bool, body func()) {
	if item.Href == "" {
		m.raw(`<span`)
		m.filled("class", class)
		m.raw(`>`)
		body()
		m.raw(`</span>`)
		return
	}
	m.raw(`<a`)
	m.filled("class", class)
	m.attr("href", item.Href)
	if current {
		m.attr("aria-current", "step")
	}
	m.raw(`>`)
	body()
	m.raw(`</a>`)
}

func (m *markup) stepBody(ctx context.Context, item StepItem, current bool) {
	m.raw(`<span class="steps__n" aria-hidden="true">`)
	if item.State == "done" && !current {
		m.part(ctx, Icon("check"))
	} else {
		m.text(strconv.Itoa(item.Number))
	}
	m.raw(`</span><span class="steps__t"><span>`)
	m.text(item.Name)
	m.raw(`</span> <small>`)
	m.text(item.status(ctx))
	m.raw(`</small></span>`)
}

// StepNavSmall is the step list of small screens: a bar that opens.
func StepNavSmall(s Steps) templ.Component {
	return part(func(ctx context.Context, m *markup) {
		if !s.shown() {
			return
		}
		m.raw(`<details class="steps-sm">`)
		m.stepsBar(ctx, s)
		m.raw(`<ol>`)
		for i, item := range s.Items {
			m.raw(`<li>`)
			m.stepLink(item, "", i == s.Current, func() { m.text(item.Name) })
			m.raw(`<small>`)
			m.text(t(ctx, item.state()))
			m.raw(`</small></li>`)
		}
		m.raw(`</ol></details>`)
	})
}

// stepsBar says where the person is, and opens the list.
func (m *markup) stepsBar(ctx context.Context, s Steps) {
	now := s.Items[s.Current]
	m.raw(`<summary><span class="steps-sm__bar" aria-hidden="true"><i`)
	m.attr("data-step", strconv.Itoa(now.Number))
	m.raw(`></i></span><span class="steps-sm__t"><strong>`)
	m.text(s.progress(ctx))
	m.raw(`</strong> `)
	m.text(now.Name)
	m.raw(`</span><span class="steps-sm__x">`)
	m.text(t(ctx, "All steps"))
	m.part(ctx, Icon("chev"))
	m.raw(`</span></summary>`)
}
