package views

import (
	"context"

	"github.com/a-h/templ"

	"tandem/internal/language"
)

// referralRow is a row of the table.
func referralRow(r ListRow) templ.Component {
	return part(func(ctx context.Context, m *markup) {
		m.raw(`<tr role="row">`)
		m.rowHead(ctx, &r)
		m.cell(ctx, "num", "Deal value")
		m.text(r.Value)
		m.raw(`</td>`)
		m.cell(ctx, "nw", "Closing date")
		m.text(r.Closing)
		m.raw(`</td>`)
		m.cell(ctx, "", "Status")
		m.raw(`<span class="st"><span class="ds-tag"`)
		m.attr("data-color", r.Colour)
		m.raw(`>`)
		m.text(r.Status)
		m.raw(`</span><small>`)
		m.text(r.Substatus)
		m.raw(`</small></span></td>`)
		m.cell(ctx, "", "Microsoft referral")
		m.part(ctx, connection(r))
		m.raw(`</td>`)
		m.cell(ctx, "nw dim", "Updated")
		m.part(ctx, Moment(r.Updated))
		m.raw(`</td></tr>`)
	})
}

// rowHead names a referral and whose it is.
func (m *markup) rowHead(ctx context.Context, r *ListRow) {
	m.raw(`<th scope="row" role="rowheader" class="c-name"><a`)
	m.attr("href", "/referrals/"+r.ID)
	m.raw(`>`)
	m.text(r.Name)
	m.raw(`</a> <span>`)
	m.text(r.Customer)
	m.raw(` `)
	if r.Incoming {
		m.raw(`· `)
		m.text(t(ctx, "From Microsoft"))
		m.raw(` `)
	}
	if r.Owner != "" {
		m.raw(`· `)
		m.text(r.Owner)
	}
	m.raw(`</span></th>`)
}

// cell begins a cell; narrow screens show the label before it.
func (m *markup) cell(ctx context.Context, class string, label language.Key) {
	m.raw(`<td role="cell"`)
	m.filled("class", class)
	m.attr("data-l", t(ctx, label))
	m.raw(`>`)
}
