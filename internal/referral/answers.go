package referral

// Answers are the texts that a rep typed, unchanged, so that a wrong answer is shown again as it
// was typed. The form tags are the names of the inputs: the API's JSON paths.
type Answers struct {
	DealType            string `form:"dealType" json:"dealType,omitempty"`
	Name                string `form:"name" json:"name,omitempty"`
	ExternalReferenceID string `form:"externalReferenceId" json:"externalReferenceId,omitempty"`
	// CampaignID and SalesStage are asked only once the referral is at Microsoft.
	CampaignID    string `form:"campaignId" json:"campaignId,omitempty"`
	SalesStage    string `form:"salesStage" json:"salesStage,omitempty"`
	Qualification string `form:"qualification" json:"qualification,omitempty"`
	// Status is status and substatus joined by a slash, such as New/Pending.
	Status       string `form:"status" json:"status,omitempty"`
	StatusReason string `form:"statusReason" json:"statusReason,omitempty"`
	// MarketplaceIntent is Yes, No or HaveNotDecided.
	MarketplaceIntent string          `form:"marketplaceIntent" json:"marketplaceIntent,omitempty"`
	CustomerProfile   CustomerProfile `form:"customerProfile" json:"customerProfile"`
	Consent           Consent         `form:"consent" json:"consent"`
	Details           Details         `form:"details" json:"details"`
	Team              []Member        `form:"team" json:"team,omitempty"`
	Target            []Target        `form:"target" json:"target,omitempty"`
	InviteContext     InviteContext   `form:"inviteContext" json:"inviteContext"`
	// Services is asked of services co-sell deals only.
	Services ServicesDeal `form:"services" json:"services,omitzero"`
}

// ServicesDeal is what Microsoft asks about a services co-sell deal. Each answer is a code from a
// list in the settings or a typed text; the typed text (OtherRole and so on) takes precedence.
type ServicesDeal struct {
	PartnerRole  string `form:"partnerRole" json:"partnerRole,omitempty"`
	SolutionArea string `form:"solutionArea" json:"solutionArea,omitempty"`
	SolutionPlay string `form:"solutionPlay" json:"solutionPlay,omitempty"`
	OtherRole    string `form:"otherRole" json:"otherRole,omitempty"`
	OtherArea    string `form:"otherArea" json:"otherArea,omitempty"`
	OtherPlay    string `form:"otherPlay" json:"otherPlay,omitempty"`
}

// Role is the partner role that goes over the wire; empty when not answered, like Area and Play.
func (s ServicesDeal) Role() string { return first(Clean(s.OtherRole), Clean(s.PartnerRole)) }

// Area is the solution area that goes over the wire.
func (s ServicesDeal) Area() string { return first(Clean(s.OtherArea), Clean(s.SolutionArea)) }

// Play is the solution play that goes over the wire.
func (s ServicesDeal) Play() string { return first(Clean(s.OtherPlay), Clean(s.SolutionPlay)) }

// CustomerProfile is the customer's organisation and the contacts there.
type CustomerProfile struct {
	Name string `form:"name" json:"name,omitempty"`
	// Size is an id of CustomerSizes; empty when not given.
	Size    string  `form:"size" json:"size,omitempty"`
	Address Address `form:"address" json:"address"`
	// Duns is nine digits, with or without spaces and hyphens.
	Duns string `form:"duns" json:"duns,omitempty"`
	// ExternalID is the partner's own id of the customer.
	ExternalID string   `form:"externalId" json:"externalId,omitempty"`
	Team       []Member `form:"team" json:"team,omitempty"`
}

// Address is a postal address. Country is ISO 3166-1 alpha-2.
type Address struct {
	AddressLine1 string `form:"addressLine1" json:"addressLine1,omitempty"`
	AddressLine2 string `form:"addressLine2" json:"addressLine2,omitempty"`
	City         string `form:"city" json:"city,omitempty"`
	State        string `form:"state" json:"state,omitempty"`
	PostalCode   string `form:"postalCode" json:"postalCode,omitempty"`
	Country      string `form:"country" json:"country,omitempty"`
	Region       string `form:"region" json:"region,omitempty"`
}

// Member is a person: a customer contact or one of the partner's own team.
type Member struct {
	FirstName         string            `form:"firstName" json:"firstName,omitempty"`
	LastName          string            `form:"lastName" json:"lastName,omitempty"`
	Email             string            `form:"email" json:"email,omitempty"`
	PhoneNumber       string            `form:"phoneNumber" json:"phoneNumber,omitempty"`
	ContactPreference ContactPreference `form:"contactPreference" json:"contactPreference"`
}

// ContactPreference says how Microsoft may write to a person.
type ContactPreference struct {
	// Locale is a culture name in lower case, such as en-us.
	Locale string `form:"locale" json:"locale,omitempty"`
	// DisableNotifications is "false" when Microsoft may email the person, else empty: an
	// unticked checkbox posts nothing.
	DisableNotifications string `form:"disableNotifications" json:"disableNotifications,omitempty"`
}

// Consent holds the customer's answers, "true" or "false"; empty when not answered. The double
// "To" is the API's spelling.
type Consent struct {
	ShareInfo string `form:"consentToToShareInfoWithOthers" json:"share,omitempty"`
	Contact   string `form:"consentToContact" json:"contact,omitempty"`
}

// Details are the facts of the deal.
type Details struct {
	DealValue string      `form:"dealValue" json:"dealValue,omitempty"`
	Currency  string      `form:"currency" json:"currency,omitempty"` // ISO 4217
	Closing   ClosingDate `form:"closingDateTime" json:"closingDateTime"`
	Notes     string      `form:"notes" json:"notes,omitempty"`
	// Requirements are the tags that say what the customer needs.
	Requirements Requirements `form:"requirements" json:"requirements"`
}

// ClosingDate is a date in three parts as typed; Month may be a word.
type ClosingDate struct {
	Day   string `form:"day" json:"day,omitempty"`
	Month string `form:"month" json:"month,omitempty"`
	Year  string `form:"year" json:"year,omitempty"`
}

// Requirements are ids of the catalogue, plus solutions by their catalogue id.
type Requirements struct {
	Industries []string `form:"industries" json:"industries,omitempty"`
	Products   []string `form:"products" json:"products,omitempty"`
	Services   []string `form:"services" json:"services,omitempty"`
	// Solutions holds published tags and, as typed, ids such as SOL-34104-EBB or a GUID.
	Solutions []string `form:"solutions" json:"solutions,omitempty"`
	// SolutionIDs is the text in which a rep lists solutions by id, one a line or by comma.
	SolutionIDs string `form:"solutionIds" json:"solutionIds,omitempty"`
	// OwnSolutions are ids ticked in the list of the organisation's own solutions.
	OwnSolutions []string `form:"ownSolutions" json:"ownSolutions,omitempty"`
}

// Target is what the referral is for. ID has one value per branch of the question, in page order:
// the solution's id, then the location's. A single value belongs to the branch chosen.
type Target struct {
	Type string   `form:"type" json:"type,omitempty"`
	ID   []string `form:"id" json:"id,omitempty"`
	// OtherID is the solution's id when ID is OtherSolution.
	OtherID string `form:"otherId" json:"otherId,omitempty"`
}

// OtherSolution is the choice of a solution that is not in the list.
const OtherSolution = "other"

// InviteContext is what an invited organisation reads first.
type InviteContext struct {
	Notes     string    `form:"notes" json:"notes,omitempty"`
	InvitedBy InvitedBy `form:"invitedBy" json:"invitedBy"`
}

// InvitedBy names the inviting organisation.
type InvitedBy struct {
	OrganizationID string `form:"organizationId" json:"organizationId,omitempty"`
}

// The target types.
const (
	TargetSolution = "SolutionProfile"
	TargetLocation = "BusinessProfileLocation"
)

// TargetType returns the chosen target type, empty when none is.
func (a Answers) TargetType() string {
	if len(a.Target) == 0 {
		return ""
	}
	return a.Target[0].Type
}

// TargetID returns the id typed for the given target type as catalogues write it; see SolutionID.
func (a Answers) TargetID(kind string) string {
	if len(a.Target) == 0 {
		return ""
	}
	if kind == TargetSolution && a.otherTarget() {
		return SolutionID(a.Target[0].OtherID)
	}
	ids := a.Target[0].ID
	switch {
	case len(ids) == 1 && a.Target[0].Type == kind:
		return SolutionID(ids[0])
	case kind == TargetSolution && len(ids) > 1:
		return SolutionID(ids[0])
	case kind == TargetLocation && len(ids) > 1:
		return SolutionID(ids[1])
	}
	return ""
}

// NewMember returns a blank person whom Microsoft may email in the given language; an empty
// locale means en-us.
func NewMember(locale string) Member {
	if locale == "" {
		locale = "en-us"
	}
	return Member{ContactPreference: ContactPreference{Locale: locale, DisableNotifications: "false"}}
}

// Blank tells whether nobody typed anything about the person.
func (m Member) Blank() bool {
	return Clean(m.FirstName+m.LastName+m.Email+m.PhoneNumber) == ""
}

// FullName returns first and last name, without a space between names in Han characters.
func (m Member) FullName() string { return joinName(Clean(m.FirstName), Clean(m.LastName)) }

// People returns the members about whom anything was typed.
func People(all []Member) []Member {
	var out []Member
	for _, m := range all {
		if !m.Blank() {
			out = append(out, m)
		}
	}
	return out
}
