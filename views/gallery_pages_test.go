package views_test

import (
	"fmt"

	"github.com/a-h/templ"

	"tandem/internal/form"
	"tandem/views"
)

func galleryPerson(n int, first, last string) views.Person {
	path := fmt.Sprintf("customerProfile.team[%d].", n-1)
	id := fmt.Sprintf("c%d-", n)
	field := func(name, short, label, value string) form.Field {
		return form.Field{
			Name: path + name, ID: id + short, Label: label, Value: value,
			Autocomplete: "off", NoSpellcheck: true,
		}
	}
	locale := field("contactPreference.locale", "locale", "Language for emails", "en-US")
	locale.Options = []form.Option{
		{Value: "en-US", Label: "English (United States)"},
		{Value: "zh-CN", Label: "中文（简体）"},
	}
	mail := field("contactPreference.disableNotifications", "mail",
		"Microsoft may email this person about the referral", "false")
	mail.Checked = true
	return views.Person{
		ID: fmt.Sprintf("contact-%d", n), Legend: fmt.Sprintf("Contact %d", n), Number: n,
		Remove: views.Rich("Remove[ contact %d]", n), You: n == 1,
		First:  field("firstName", "first", "First name", first),
		Last:   field("lastName", "last", "Last name", last),
		Email:  field("email", "email", "Email address", ""),
		Phone:  field("phoneNumber", "phone", "Phone number", ""),
		Locale: locale.Choose("en-US"),
		Mail:   mail,
	}
}

func galleryContacts() templ.Component {
	second := galleryPerson(2, "", "")
	second.Email.Error = "Enter an email address for contact 2"
	add := views.Btn{
		Text: "Add another contact", Icon: "plus", Variant: "secondary",
		Name: "add", Value: "1", NoValidate: true,
	}
	shell := galleryShell("Customer contacts – New referral", "drafts")
	return with(views.Layout(shell), with(views.StepGrid(gallerySteps(1), nil),
		views.BackLink("Back to customer profile", "/x"),
		views.ErrorSummary(form.Summary(galleryPerson(1, "", ""), second)),
		views.PageHead("Step 2 of 7", "Customer contacts", views.Saved("Draft saved at 14:32")),
		views.Lead("Add the people at Contoso Customer Inc who know about this deal."),
		with(views.StepForm("Save and continue"),
			views.PersonFieldset(galleryPerson(1, "Sue", "Smith")),
			views.PersonFieldset(second),
			views.Button(add),
			views.StepActions("Save and continue"),
		),
	))
}

func galleryNeeds() templ.Component {
	products := form.Field{
		Name: "details.requirements.products", ID: "products", Label: "Products",
		Error:   "Select at least one product, service or solution",
		Options: []form.Option{{Value: "Azure", Label: "Azure"}, {Value: "SQL", Label: "SQL Server"}},
	}
	solutions := form.Field{
		Name: "details.requirements.solutions", ID: "solutions", Label: "Solutions", Optional: true,
		Groups: []form.OptionGroup{
			{Label: "AI and analytics", Options: []form.Option{
				{Value: "AdvancedAnalytics", Label: "Advanced analytics"},
				{Value: "BigData", Label: "Big data"},
				{Value: "Chatbot", Label: "Chatbot"},
			}},
			{Label: "Apps and development", Options: []form.Option{
				{Value: "DevOps", Label: "DevOps"},
				{Value: "InternetofThings", Label: "Internet of Things"},
			}},
		},
	}.Choose("BigData", "InternetofThings")
	shell := galleryShell("What the customer needs – New referral", "drafts")
	return with(views.Layout(shell), with(views.StepGrid(gallerySteps(3), galleryRail()),
		views.ErrorSummary(form.Summary(views.PickerData{Field: products})),
		views.PageHead("Step 4 of 7, page 2 of 2", "What the customer needs", views.Saved("")),
		with(views.PickerForm("Save and continue"),
			views.Picker(views.PickerData{Field: products, Shown: "%d of %d products"}),
			views.Picker(views.PickerData{
				Field: solutions, Open: true, Shown: "%d of %d solutions", Find: "Find a solution",
			}),
			views.StepActions("Save and continue"),
		),
	))
}

const galleryJSON = `{
  "name": "Contoso <field> service \"rollout\"",
  "details": {
    "dealValue": 50000
  }
}`

func galleryCheck() templ.Component {
	profile := views.Card{
		ID: "s1", Title: "Customer profile", ChangeHref: "/x", Change: "Change[ customer profile]",
		Rows: []views.SumRow{
			{Key: "Organisation", Text: "Contoso Customer Inc"},
			{Key: "Address", Lines: []string{"One Microsoft Way, 34", "Redmond, WA 98052"}},
			{Key: "D-U-N-S number"},
			{Key: "Consent", Content: views.Ticked("Yes, with Microsoft and other partners")},
			{Key: "Deal value", Text: "USD 50,000.00", Strong: true},
			{Key: "Closing date", Missing: "Enter the closing date", Href: "/x#closing-day"},
			{Key: "Products", Content: views.Chips([]string{"Azure", "Dynamics 365 Enterprise"})},
			{Key: "ETag", Text: `"00006d10"`, Mono: true},
		},
	}
	people := views.People([]views.PersonCard{
		{Name: "Sue Smith", Lines: []string{"sue.smith@contoso.com", "1234567890"}, Note: "You"},
		{Name: "Joe Hansen", Lines: []string{"joe.hansen@contoso.com", "4035698759"}},
	})
	shell := galleryShell("Check your answers before sending – New referral", "drafts")
	return with(views.Layout(shell), with(views.Main("checkgrid"),
		views.BackLink("Back to target and invite", "/x"),
		views.PageHead("Step 7 of 7", "Check your answers before sending", nil),
		with(views.CheckColumns(views.Sheet()), views.SummaryCard(profile),
			with(views.SummaryCard(views.Card{ID: "s2", Title: "Customer contacts"}), people)),
		with(views.Details("See the exact data we will send", true),
			with(views.CodeBar("POST /v1.0/engagements/referrals"),
				views.CopyButton("body", "Copy[ data]"),
				views.CodeLink("download", "Download JSON", "/x")),
			views.Code("body", "Data we will send, as JSON", galleryJSON),
		),
	))
}

func galleryConnect() templ.Component {
	solution := form.Field{
		Name: "target[0].id", ID: "solution", Label: "Solution",
		Options: []form.Option{{Value: "SOL-34104-EBB", Label: "Field service accelerator"}},
	}
	target := form.Field{
		Name: "target[0].type", ID: "target", Label: "What is the referral for?",
		Options: []form.Option{
			{Value: "SolutionProfile", Label: "One of our solutions"},
			{Value: "BusinessProfileLocation", Label: "One of our business locations"},
		},
	}.Choose("SolutionProfile")
	who := form.Field{
		Name: "customerProfile.team", ID: "who", Hint: "Choose at least one person",
		Label: "Which customer contacts should Microsoft see?",
		Error: "Select at least one customer contact",
		Options: []form.Option{
			{Value: "0", Label: "Sue Smith", Hint: "sue.smith@contoso.com"},
			{Value: "1", Label: "Joe Hansen", Hint: "joe.hansen@contoso.com"},
		},
	}
	back := views.Btn{Text: "Not now", Href: "/x", Variant: "secondary"}
	return with(views.Layout(galleryShell("What Microsoft receives", "referrals")),
		with(views.Main("wiz"),
			views.ErrorSummary(form.Summary(who)),
			with(views.PageHead("Connected referral · Step 1 of 2", "What Microsoft receives", nil),
				views.Lead("Your referral was created.")),
			views.Pair(views.PairData{
				Own: views.PairCard{
					Kind: "Your referral", Name: "Contoso field service rollout", Tag: "Created",
					Colour: "success", Icon: "check", Note: "Target: SOL-34104-EBB", Done: true,
				},
				Microsoft: views.PairCard{
					Kind: "Microsoft’s referral", Name: "Contoso field service rollout",
					Tag: "Not created yet", Colour: "neutral",
				},
				EngagementID: "37ef26aa-1d15-4533-9f93-a69bd33ab1e5",
			}),
			with(views.StepForm("Continue"),
				views.Radios(target, views.Cond{"SolutionProfile", views.Select(solution)}),
				views.Checkboxes(who),
				with(views.Inset(), views.Tag("Sharing cannot be taken back", "warning")),
				with(views.Actions(), views.Button(views.Btn{Text: "Continue"}), views.LinkButton(back)),
			),
		))
}

func gallerySending() templ.Component {
	shell := galleryShell("Sending your referral", "referrals")
	shell.Refresh = 2
	return with(views.Layout(shell), with(views.Main("wiz narrow"),
		views.PageHead("Contoso field service rollout", "Sending your referral", nil),
		with(views.Note("late", "This takes longer than usual"), views.Inset()),
		views.Timeline([]views.Event{
			{State: "ok", Text: "Draft locked", Detail: "14:40:11"},
			{State: "now", Text: "Waiting for Microsoft", Detail: "Sent at 14:40:11"},
			{State: "problem", Text: "No answer after 30 seconds"},
			{State: "wait", Text: "Show the result"},
		}),
		views.EmptyState("none", "Nothing needs your attention", "All is well."),
	))
}

func galleryList() templ.Component {
	add := views.LinkButton(views.Btn{Text: "New referral", Icon: "plus", Href: "/drafts/new"})
	return with(views.Layout(galleryShell("Referrals (page 1 of 3)", "referrals")),
		with(views.Main("listpage"),
			views.PageHead("", "Referrals", add),
			views.Tabs("Referral lists", []views.Tab{
				{Text: "Submitted", Href: "/x", Count: 42, Current: true},
				{Text: "Needs attention", Href: "/x", Count: 2, Warn: true},
				{Text: "Drafts", Href: "/x"},
			}),
			views.Pager(views.PagerData{
				Label: "Pages of referrals", Text: "1 to 25 of 42", Next: "/x?page=2",
				Pages: []views.PageLink{{1, "/x", true}, {2, "/x?page=2", false}},
			}),
		))
}

func gallerySignIn() templ.Component {
	return with(views.Layout(views.Shell{Title: "Sign in"}), with(views.Main("wiz narrow"),
		views.PageHead("", "Sign in", nil),
	))
}
