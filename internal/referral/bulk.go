package referral

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// BulkDeal is a deal for Microsoft's bulk file.
type BulkDeal struct {
	// Raw is the referral's JSON: Microsoft's, or that of a draft as it would be sent.
	Raw []byte
	// MicrosoftStatus is the status of the connected referral, empty without one. Help tells
	// whether Microsoft is asked for help although Raw does not say so.
	MicrosoftStatus string
	Help            bool
}

// mostListed is how many solutions and team members a line has room for.
const mostListed = 50

// BulkHead are the columns of the file that Partner Center exports and takes for many deals at
// once, in its order.
func BulkHead() []string {
	head := []string{"Errors", "Engagement ID", "Referral ID", "Deal Name", "Customer Name",
		"Customer Address Line 1", "Customer Address Line 2", "City", "State", "Postal code",
		"Country", "D-U-N-S ID", "Customer Contact First Name", "Customer Contact Last Name",
		"Customer Contact Phone number", "Customer Contact Email Address",
		"Partner Referral Status", "Partner Referral Substatus", "Microsoft Referral Status",
		"Declined/Lost/Error reason", "Sales Stage", "Estimated Deal Value", "Currency",
		"Estimated Close Date (MM/DD/YYYY)", "CRM ID", "Marketing Campaign ID", "Notes",
		"Microsoft help required?", "What specific help is required from Microsoft? (1–6)",
		"Share with Microsoft sales team", "Notes to Microsoft",
		"Consent to share Customer/Partner contact", "Marketplace Purchase Intent"}
	for _, kind := range []string{"Solution", "Team member"} {
		for n := range mostListed {
			head = append(head, fmt.Sprintf("%s %d", kind, n+1))
		}
	}
	return head
}

// BulkRow is a deal as a line below BulkHead. Members of an unexpected shape are left empty; the
// error says that Raw is no JSON object. Help is named in words: which number stands for which is
// not published.
func BulkRow(d BulkDeal) ([]string, error) {
	var doc map[string]any
	if err := json.Unmarshal(d.Raw, &doc); err != nil {
		return nil, fmt.Errorf("reading a referral for the bulk file: %w", err)
	}
	b := bulk{doc}
	contact := bulk{firstOf(b.list("customerProfile.team"))}
	code := b.text("inviteContext.assistanceRequestCode")
	row := []string{"", b.text("engagementId"), b.text("id"), b.text("name"),
		b.text("customerProfile.name"), b.text("customerProfile.address.addressLine1"),
		b.text("customerProfile.address.addressLine2"), b.text("customerProfile.address.city"),
		b.text("customerProfile.address.state"), b.text("customerProfile.address.postalCode"),
		b.text("customerProfile.address.country"), b.duns(),
		contact.text("firstName"), contact.text("lastName"), contact.text("phoneNumber"),
		contact.text("email"), b.text("status"), b.text("substatus"), d.MicrosoftStatus,
		b.text("statusReason"), b.text("salesStage"), b.text("details.dealValue"),
		b.text("details.currency"), b.closing(), b.text("externalReferenceId"),
		b.text("campaignId"), b.text("details.notes"), yesOrNo(d.Help || code != ""),
		LabelOf(HelpCodes(), code),
		b.agreed("consent.consentToShareReferralWithMicrosoftSellers"),
		b.text("inviteContext.notes"), b.agreed("consent.consentToToShareInfoWithOthers"),
		b.intent()}
	row = append(row, padded(b.solutions())...)
	return append(row, padded(b.team())...), nil
}

// bulk reads values from a referral's JSON by path. A path that does not exist has no value.
type bulk struct{ doc map[string]any }

func (b bulk) at(path string) any {
	var v any = b.doc
	for name := range strings.SplitSeq(path, ".") {
		m, _ := v.(map[string]any)
		v = m[name]
	}
	return v
}

func (b bulk) text(path string) string {
	switch v := b.at(path).(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

func (b bulk) list(path string) (out []map[string]any) {
	all, _ := b.at(path).([]any)
	for _, item := range all {
		if m, ok := item.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

func (b bulk) agreed(path string) string {
	if yes, ok := b.at(path).(bool); ok {
		return yesOrNo(yes)
	}
	return ""
}

func (b bulk) duns() string {
	for _, id := range b.list("customerProfile.ids") {
		if one := (bulk{id}); strings.EqualFold(one.text("profileType"), "Duns") {
			return one.text("id")
		}
	}
	return ""
}

func (b bulk) closing() string {
	day, ok := ParseDate(b.text("details.closingDateTime"))
	if !ok {
		return ""
	}
	return day.Time().Format("01/02/2006")
}

func (b bulk) intent() string {
	for _, a := range b.list("details.requirements.additionalRequirements.attributes") {
		if one := (bulk{a}); one.text("type") == "CustomerMarketplaceIntent" {
			return LabelOf(MarketplaceIntents(), one.text("id"))
		}
	}
	return ""
}

func (b bulk) solutions() (ids []string) {
	for _, s := range b.list("details.requirements.solutions") {
		ids = append(ids, bulk{s}.text("id"))
	}
	return ids
}

func (b bulk) team() (addresses []string) {
	for _, m := range b.list("team") {
		addresses = append(addresses, bulk{m}.text("email"))
	}
	return addresses
}

func padded(values []string) []string {
	out := make([]string, mostListed)
	copy(out, values)
	return out
}

func yesOrNo(yes bool) string {
	if yes {
		return "Yes"
	}
	return "No"
}

func firstOf(all []map[string]any) map[string]any {
	if len(all) == 0 {
		return nil
	}
	return all[0]
}
