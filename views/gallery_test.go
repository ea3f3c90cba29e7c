package views_test

import (
	"context"
	"flag"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"tandem/internal/form"
	"tandem/internal/htmlcheck"
	"tandem/static"
	"tandem/views"
)

// gallery serves the pages below for a look: go test ./views -run Gallery -gallery localhost:8090
var gallery = flag.String("gallery", "", "address to serve the gallery at, until interrupted")

// galleryPages are pages made of components only, one per kind of page.
func galleryPages() map[string]templ.Component {
	return map[string]templ.Component{
		"deal":     galleryDeal(),
		"contacts": galleryContacts(),
		"needs":    galleryNeeds(),
		"check":    galleryCheck(),
		"connect":  galleryConnect(),
		"sending":  gallerySending(),
		"list":     galleryList(),
		"signin":   gallerySignIn(),
	}
}

func TestGalleryIsSound(t *testing.T) {
	for name, page := range galleryPages() {
		t.Run(name, func(t *testing.T) {
			html := render(t, page)
			p := htmlcheck.Parse(t, strings.NewReader(html))
			p.Sound()
			p.One("h1")
			p.One("main#main[tabindex='-1']")
			if got := p.Text("title"); !strings.HasSuffix(got, " – Tandem") {
				t.Errorf("title = %q", got)
			}
		})
	}
}

func TestGalleryServes(t *testing.T) {
	if *gallery == "" {
		t.Skip("no -gallery address")
	}
	mux := http.NewServeMux()
	mux.Handle(static.Root, static.Handler())
	axe := filepath.Join("..", "node_modules", "axe-core", "axe.min.js")
	mux.HandleFunc("/axe.js", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, axe)
	})
	for name, page := range galleryPages() {
		mux.Handle("/"+name, templ.Handler(page))
	}
	t.Fatal(http.ListenAndServe(*gallery, mux))
}

func render(t *testing.T, c templ.Component) string {
	t.Helper()
	var out strings.Builder
	if err := c.Render(context.Background(), &out); err != nil {
		t.Fatalf("rendering: %v", err)
	}
	return out.String()
}

// with gives a component its children, as the block after @ does in templates.
func with(parent templ.Component, children ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return parent.Render(templ.WithChildren(ctx, templ.Join(children...)), w)
	})
}

func galleryShell(title, nav string) views.Shell {
	return views.Shell{
		Title:    title,
		Nav:      nav,
		User:     views.User{Name: "Priya Raman", Initials: "PR", Email: "priya@northbridge.example"},
		Drafts:   3,
		Practice: nav == "referrals",
	}
}

func gallerySteps(current int) views.Steps {
	names := []string{
		"Customer profile", "Customer contacts", "Consent", "Deal details", "Our team",
		"Target and invite", "Check your answers",
	}
	details := []string{"Contoso Customer Inc", "2 people", "Given"}
	steps := views.Steps{Title: "New referral", Current: current}
	for i, name := range names {
		item := views.StepItem{Name: name, Href: "/x", State: "todo", Number: i + 1}
		switch {
		case i == current:
			item.State = "now"
		case i < current:
			item.State = "done"
			item.Detail = details[min(i, 2)]
		case i == 6:
			item.State, item.Href = "wait", ""
		}
		steps.Items = append(steps.Items, item)
	}
	return steps
}

func galleryRail() templ.Component {
	return views.Rail(views.RailData{
		Items: []views.RailItem{
			{"Customer", "Contoso Customer Inc", "Redmond, WA, United States"},
			{"Contacts", "Sue Smith, Joe Hansen", ""},
			{"Consent", "Share and contact: yes", ""},
		},
		Note: views.Rich("Nothing is sent to Microsoft yet."),
	})
}

func galleryDeal() templ.Component {
	name := form.Field{
		Name: "name", ID: "referral-name", Label: "Referral name",
		Hint: "Everyone working on the deal sees this name", Error: "Enter a referral name",
	}
	crm := form.Field{
		Name: "externalReferenceId", ID: "crm-ref", Label: "Your CRM reference", Optional: true,
		Hint: "For example, the Dynamics 365 opportunity ID", Value: "OPP-20431", Width: "w20",
		NoSpellcheck: true,
	}
	value := form.Field{
		Name: "details.dealValue", ID: "deal-value", Label: "Deal value", InputMode: "decimal",
		Error: "Deal value must be a number, like 50000 or 50,000.50", Value: "fifty thousand",
		Autocomplete: "off",
	}
	closing := form.Date{
		Name: "details.closingDateTime", ID: "closing", Label: "Closing date",
		Hint: "When the customer wants to decide, for example 27 3 2027",
		Day:  "14", Month: "11", Year: "2018",
		Error: "Closing date must be today or in the future",
	}
	shell := galleryShell("Deal details – New referral", "drafts")
	shell.HasErrors = true
	return with(views.Layout(shell), with(views.StepGrid(gallerySteps(3), galleryRail()),
		views.BackLink("Back to consent", "/x"),
		views.ErrorSummary(form.Summary(name, crm, value, closing)),
		views.PageHead("Step 4 of 7", "Deal details", views.Saved("Draft saved at 14:32")),
		with(views.StepForm("Save and continue"),
			views.Text(name),
			views.Text(crm),
			with(views.Row(), views.Text(value), views.Select(galleryCurrency())),
			views.DateInput(closing),
			views.Radios(galleryQualification()),
			views.Textarea(galleryNotes()),
			views.StepActions("Save and continue"),
		),
	))
}

func galleryCurrency() form.Field {
	return form.Field{
		Name: "details.currency", ID: "currency", Label: "Currency",
		Groups: []form.OptionGroup{
			{Label: "Often used", Options: []form.Option{{Value: "USD", Label: "USD – US dollar"}}},
			{Label: "All", Options: []form.Option{{Value: "AED", Label: "AED – UAE dirham"}}},
		},
	}.Choose("USD")
}

func galleryQualification() form.Field {
	return form.Field{
		Name: "qualification", ID: "qualification", Label: "How qualified is this deal?",
		Options: []form.Option{
			{
				Value: "SalesQualified", Label: "Sales qualified",
				Hint: "Your sales team has confirmed the need and the budget",
			},
			{
				Value: "MarketingQualified", Label: "Marketing qualified",
				Hint: "Interest shown in a campaign or event",
			},
			{Value: "Direct", Label: "Direct from the customer"},
		},
	}.Choose("SalesQualified")
}

func galleryNotes() form.Field {
	return form.Field{
		Name: "details.notes", ID: "notes", Label: "Notes for the people working on the deal",
		Optional: true, Rows: 4, Max: 1000,
		Value: "Customer is looking to leverage Dynamics 365 to manage their supply chain.",
	}
}
