package referral

import "strings"

// Section is a page on which a referral that was sent is changed; its value is the last part of
// the page's URL.
type Section string

// The sections. SectionStatus has pages of its own.
const (
	SectionDeal      Section = "deal"
	SectionContacts  Section = "contacts"
	SectionTeam      Section = "team"
	SectionSolutions Section = "solutions"
	SectionSharing   Section = "sharing"
	SectionStatus    Section = "status"
)

// Editable is an answer that Microsoft lets a partner change after sending.
type Editable struct {
	// Path is the API's JSON path, Pointer the same as a PATCH names it (RFC 6901).
	Path, Pointer string
	// List says that the answer is a list, each entry of which can be changed by itself.
	List bool
	// Section is the page that asks; empty when none does.
	Section Section
}

// Editables lists what can be changed, in the order of a change: Microsoft's list of PATCH paths.
func Editables() []Editable {
	return []Editable{
		{"externalReferenceId", "/externalReferenceId", false, SectionDeal},
		{"details.dealValue", "/details/dealValue", false, SectionDeal},
		{"details.currency", "/details/currency", false, SectionDeal},
		{"details.closingDateTime", "/details/closingDateTime", false, SectionDeal},
		{"salesStage", "/salesStage", false, SectionDeal},
		{"campaignId", "/campaignId", false, SectionDeal},
		{"details.notes", "/details/notes", false, SectionDeal},
		{"customerProfile.team", "/customerProfile/team", true, SectionContacts},
		{"details.requirements.solutions", "/details/requirements/solutions", true,
			SectionSolutions},
		{"team", "/team", true, SectionTeam},
		{"consent.consentToShareReferralWithMicrosoftSellers",
			"/consent/consentToShareReferralWithMicrosoftSellers", false, SectionSharing},
		{"referralProgram", "/referralProgram", false, ""},
		{"status", "/status", false, SectionStatus},
		{"substatus", "/substatus", false, SectionStatus},
		{"statusReason", "/statusReason", false, SectionStatus},
	}
}

// Frozen is an answer that cannot be changed once the referral is at Microsoft, and why.
type Frozen struct{ Path, Reason string }

// FrozenAnswers lists the answers of the form that Microsoft's API offers no way to change, with
// what a rep can do instead. A path covers everything below it.
func FrozenAnswers() []Frozen {
	return []Frozen{
		{"name", "Microsoft keeps the name with which a referral was sent."},
		{"qualification", "Microsoft keeps how qualified the deal was when it was sent."},
		{"details.requirements.additionalRequirements",
			"Microsoft’s service takes this answer only when a referral is sent."},
		{"details.requirements.industries", frozenNeeds},
		{"details.requirements.products", frozenNeeds},
		{"details.requirements.services", frozenNeeds},
		{"customerProfile", "A referral stays with its customer. For another customer, copy it " +
			"as a new draft."},
		{"consent", "The customer’s answers were recorded when the referral was sent."},
		{"target", "The invitation went out when the referral was sent."},
		{"inviteContext", "The invitation went out when the referral was sent."},
		{"type", "Microsoft’s service sets the type from who may see the deal."},
	}
}

const frozenNeeds = "Microsoft’s service lets partners change the solutions, and no other needs."

// FrozenReason returns why the answer at a path cannot be changed, empty when it can, or when
// nothing is known about it.
func FrozenReason(path string) string {
	for _, e := range Editables() {
		if below(path, e.Path) {
			return ""
		}
	}
	if path == "marketplaceIntent" {
		path = "details.requirements.additionalRequirements"
	}
	for _, f := range FrozenAnswers() {
		if below(path, f.Path) {
			return f.Reason
		}
	}
	return ""
}

// below tells whether path is parent, or a member or an entry of it.
func below(path, parent string) bool {
	rest, ok := strings.CutPrefix(path, parent)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// ClosedReason is why nothing of a closed referral can be changed.
const ClosedReason = "This referral is closed. Microsoft’s service lets nobody change it."
