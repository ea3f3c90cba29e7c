package form_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/form"
)

func currency() form.Field {
	return form.Field{
		Name:    "details.currency",
		ID:      "currency",
		Options: []form.Option{{Value: "", Label: "Choose one", Selected: true}},
		Groups: []form.OptionGroup{{
			Label: "Often used",
			Options: []form.Option{
				{Value: "USD", Label: "US dollar"},
				{Value: "EUR", Label: "Euro"},
			},
		}},
	}
}

func TestChooseSelectsByValue(t *testing.T) {
	before := currency()
	after := before.Choose("EUR")
	if diff := cmp.Diff([]string{"Euro"}, after.Chosen()); diff != "" {
		t.Errorf("chosen (-want +got):\n%s", diff)
	}
	if after.Value != "EUR" {
		t.Errorf("value = %q, want EUR", after.Value)
	}
	if diff := cmp.Diff(currency(), before); diff != "" {
		t.Errorf("Choose changed the field it was called on (-want +got):\n%s", diff)
	}
}

func TestChooseNothingClears(t *testing.T) {
	if got := currency().Choose("USD", "EUR").Choose().Chosen(); got != nil {
		t.Errorf("chosen = %q, want none", got)
	}
}

func TestAllListsOptionsBeforeGroups(t *testing.T) {
	var values []string
	for _, o := range currency().All() {
		values = append(values, o.Value)
	}
	if diff := cmp.Diff([]string{"", "USD", "EUR"}, values); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
}

func TestSummaryIsInPageOrder(t *testing.T) {
	items := form.Summary(
		form.Field{ID: "name", Error: "Enter a referral name"},
		form.Field{ID: "crm"},
		form.Date{ID: "closing", Error: "Closing date must include a year", Wrong: "year"},
		form.Date{ID: "other", Error: "Enter the other date"},
		form.Date{ID: "fine"},
	)
	want := []form.Item{
		{ID: "name", Text: "Enter a referral name"},
		{ID: "closing-year", Text: "Closing date must include a year"},
		{ID: "other-day", Text: "Enter the other date"},
	}
	if diff := cmp.Diff(want, items); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
}

func TestDateMarksOnlyTheWrongPart(t *testing.T) {
	d := form.Date{Name: "details.closingDateTime", ID: "closing", Error: "Wrong", Wrong: "month"}
	var marked []string
	for _, p := range d.Parts() {
		if p.Error != "" {
			marked = append(marked, p.Name)
		}
	}
	if diff := cmp.Diff([]string{"details.closingDateTime.month"}, marked); diff != "" {
		t.Errorf("marked (-want +got):\n%s", diff)
	}
}
