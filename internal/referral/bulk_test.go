package referral_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/referral"
)

const bulkRaw = `{"id":"r-1","engagementId":"e-1","name":"Rollout","externalReferenceId":"CRM-1",
	"status":"Closed","substatus":"Lost","statusReason":"Too late","salesStage":"Propose",
	"campaignId":"C-7","customerProfile":{"name":"Contoso","ids":[{"profileType":"External","id":"x"},
		{"profileType":"duns","id":"123456789"}],"address":{"addressLine1":"1 Main Street",
		"addressLine2":"Floor 2","city":"Redmond","state":"WA","postalCode":"98052","country":"US"},
		"team":[{"firstName":"Sue","lastName":"Smith","phoneNumber":"+1 425 555 0100",
			"email":"sue@contoso.com"},{"firstName":"Joe"}]},
	"consent":{"consentToToShareInfoWithOthers":true,
		"consentToShareReferralWithMicrosoftSellers":false},
	"details":{"notes":"First,\n\"second\"","dealValue":50000.5,"currency":"USD",
		"closingDateTime":"2027-01-14T00:00:00Z","requirements":{
			"solutions":[{"id":"SOL-1"},{"id":"SOL-2"}],"additionalRequirements":{"attributes":[
				{"type":"CustomerMarketplaceIntent","id":"HaveNotDecided"}]}}},
	"team":[{"email":"priya@northbridge.example"}],
	"inviteContext":{"notes":"Join us","assistanceRequestCode":"QuotesOrLicensing"}}`

// bulkColumns are those of Microsoft's file up to the solutions, in its order.
const bulkColumns = "Errors, Engagement ID, Referral ID, Deal Name, Customer Name, " +
	"Customer Address Line 1, Customer Address Line 2, City, State, Postal code, Country, " +
	"D-U-N-S ID, Customer Contact First Name, Customer Contact Last Name, " +
	"Customer Contact Phone number, Customer Contact Email Address, Partner Referral Status, " +
	"Partner Referral Substatus, Microsoft Referral Status, Declined/Lost/Error reason, " +
	"Sales Stage, Estimated Deal Value, Currency, Estimated Close Date (MM/DD/YYYY), CRM ID, " +
	"Marketing Campaign ID, Notes, Microsoft help required?, " +
	"What specific help is required from Microsoft? (1–6), Share with Microsoft sales team, " +
	"Notes to Microsoft, Consent to share Customer/Partner contact, Marketplace Purchase Intent"

func bulkCells(t *testing.T, d referral.BulkDeal) map[string]string {
	t.Helper()
	row, err := referral.BulkRow(d)
	if err != nil {
		t.Fatal(err)
	}
	head := referral.BulkHead()
	if len(row) != len(head) {
		t.Fatalf("%d cells below %d heads", len(row), len(head))
	}
	cells := map[string]string{}
	for i, name := range head {
		if row[i] != "" {
			cells[name] = row[i]
		}
	}
	return cells
}

func TestBulkRow(t *testing.T) {
	want := map[string]string{"Engagement ID": "e-1", "Referral ID": "r-1", "Deal Name": "Rollout",
		"Customer Name": "Contoso", "Customer Address Line 1": "1 Main Street",
		"Customer Address Line 2": "Floor 2", "City": "Redmond", "State": "WA",
		"Postal code": "98052", "Country": "US", "D-U-N-S ID": "123456789",
		"Customer Contact First Name": "Sue", "Customer Contact Last Name": "Smith",
		"Customer Contact Phone number":  "+1 425 555 0100",
		"Customer Contact Email Address": "sue@contoso.com", "Partner Referral Status": "Closed",
		"Partner Referral Substatus": "Lost", "Microsoft Referral Status": "Active",
		"Declined/Lost/Error reason": "Too late", "Sales Stage": "Propose",
		"Estimated Deal Value": "50000.5", "Currency": "USD",
		"Estimated Close Date (MM/DD/YYYY)": "01/14/2027", "CRM ID": "CRM-1",
		"Marketing Campaign ID": "C-7", "Notes": "First,\n\"second\"",
		"Microsoft help required?":                             "Yes",
		"What specific help is required from Microsoft? (1–6)": "Quotes or licensing",
		"Share with Microsoft sales team":                      "No", "Notes to Microsoft": "Join us",
		"Consent to share Customer/Partner contact": "Yes",
		"Marketplace Purchase Intent":               "They have not decided",
		"Solution 1":                                "SOL-1", "Solution 2": "SOL-2", "Team member 1": "priya@northbridge.example"}
	want["Marketplace Purchase Intent"] = referral.LabelOf(referral.MarketplaceIntents(),
		"HaveNotDecided")
	got := bulkCells(t, referral.BulkDeal{Raw: []byte(bulkRaw), MicrosoftStatus: "Active"})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	head := referral.BulkHead()
	listed := strings.Split(bulkColumns, ", ")
	if diff := cmp.Diff(listed, head[:len(listed)]); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
	for i := range 50 {
		n := len(listed) + i
		if head[n] != fmt.Sprint("Solution ", i+1) || head[n+50] != fmt.Sprint("Team member ", i+1) {
			t.Errorf("columns %d and %d are %q and %q", n, n+50, head[n], head[n+50])
		}
	}
	if len(head) != len(listed)+100 {
		t.Errorf("%d columns", len(head))
	}
	for name, at := range map[string]int{"Errors": 0, "Marketplace Purchase Intent": 32,
		"Solution 50": 82, "Team member 50": 132} {
		if got := slices.Index(head, name); got != at {
			t.Errorf("%s is column %d, want %d", name, got, at)
		}
	}
}

func TestBulkRowTakesOddShapes(t *testing.T) {
	got := bulkCells(t, referral.BulkDeal{Help: true, Raw: []byte(`{"name":7,"team":{},
		"customerProfile":{"ids":{},"team":null,"address":"x"},"consent":[],
		"details":{"dealValue":"12.50","closingDateTime":"soon"}}`)})
	want := map[string]string{"Deal Name": "7", "Estimated Deal Value": "12.50",
		"Microsoft help required?": "Yes"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := referral.BulkRow(referral.BulkDeal{Raw: []byte(`[]`)}); err == nil {
		t.Error("takes a list")
	}
}
