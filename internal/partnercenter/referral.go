package partnercenter

import "encoding/json"

// Referral is a referral as the service answers it. Fields it does not know,
// and values of an unexpected kind, are left out here and kept in Raw.
type Referral struct {
	ID                  string `json:"id"`
	EngagementID        string `json:"engagementId"`
	OrganizationID      string `json:"organizationId"`
	OrganizationName    string `json:"organizationName"`
	Name                string `json:"name"`
	ExternalReferenceID string `json:"externalReferenceId"`
	CampaignID          string `json:"campaignId"`
	SalesStage          string `json:"salesStage"`
	ReferralProgram     string `json:"referralProgram"`
	Type                string `json:"type"`
	Status              string `json:"status"`
	Substatus           string `json:"substatus"`
	StatusReason        string `json:"statusReason"`
	Qualification       string `json:"qualification"`
	Direction           string `json:"direction"`
	// ETag contains its quotes and goes verbatim into Patch.
	ETag            string          `json:"eTag"`
	Created         Time            `json:"createdDateTime"`
	Updated         Time            `json:"updatedDateTime"`
	Expires         Time            `json:"expirationDateTime"`
	Accepted        Time            `json:"acceptedDateTime"`
	Closed          Time            `json:"closedDateTime"`
	CustomerProfile CustomerProfile `json:"customerProfile"`
	Consent         Consent         `json:"consent"`
	Details         Details         `json:"details"`
	Team            []Member        `json:"team"`
	Target          []Target        `json:"target"`
	InviteContext   InviteContext   `json:"inviteContext"`
	// Raw is the JSON this referral was read from, unchanged.
	Raw json.RawMessage `json:"-"`
}

// CustomerProfile is the customer of a referral.
type CustomerProfile struct {
	Name    string   `json:"name"`
	Address Address  `json:"address"`
	Size    string   `json:"size"`
	Team    []Member `json:"team"`
	IDs     IDs      `json:"ids"`
}

// Address is a customer's address; Country is ISO 3166-1 alpha-2.
type Address struct {
	AddressLine1 string `json:"addressLine1"`
	AddressLine2 string `json:"addressLine2"`
	City         string `json:"city"`
	State        string `json:"state"`
	PostalCode   string `json:"postalCode"`
	Country      string `json:"country"`
	Region       string `json:"region"`
}

// ProfileID is an id of the customer elsewhere: ProfileType Duns or External.
type ProfileID struct {
	ProfileType string `json:"profileType"`
	ID          string `json:"id"`
}

// Member is a person, at the customer or in the partner's team.
type Member struct {
	FirstName         string            `json:"firstName"`
	LastName          string            `json:"lastName"`
	PhoneNumber       string            `json:"phoneNumber"`
	Email             string            `json:"email"`
	ContactPreference ContactPreference `json:"contactPreference"`
}

// ContactPreference is how a member wants to be written to. Locale is a culture
// name such as en-us; DisableNotifications is nil where the service says null.
type ContactPreference struct {
	Locale               string `json:"locale"`
	DisableNotifications *bool  `json:"disableNotifications"`
}

// Consent is what the customer agreed to; nil where the service says nothing.
// The doubled To in the first name is the service's own.
type Consent struct {
	ShareInfoWithOthers  *bool `json:"consentToToShareInfoWithOthers"`
	Contact              *bool `json:"consentToContact"`
	ShareWithSellers     *bool `json:"consentToShareReferralWithMicrosoftSellers"`
	ContactThirdPartners *bool `json:"consentToMicrosoftToContactSpecificPartners"`
}

// Details is the deal. Currency is ISO 4217.
type Details struct {
	Notes           string       `json:"notes"`
	DealValue       Decimal      `json:"dealValue"`
	Currency        string       `json:"currency"`
	ClosingDateTime Time         `json:"closingDateTime"`
	CustomerAction  string       `json:"customerAction"`
	Requirements    Requirements `json:"requirements"`
}

// Requirements is what the customer needs.
type Requirements struct {
	Industries []Tag      `json:"industries"`
	Products   []Tag      `json:"products"`
	Services   []Tag      `json:"services"`
	Solutions  []Solution `json:"solutions"`
	Additional struct {
		Attributes []Attribute `json:"attributes"`
	} `json:"additionalRequirements"`
}

// Tag is a value of one of the published lists.
type Tag struct {
	ID string `json:"id"`
}

// Solution is a solution of the partner's, of Microsoft's, or a category.
type Solution struct {
	Type          string `json:"type"`
	ID            string `json:"id"`
	Name          string `json:"name"`
	PublisherName string `json:"publisherName"`
	SolutionType  string `json:"solutionType"`
}

// Attribute is a further fact: Type is its kind, ID its value.
type Attribute struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

// Target is whom the referral is for.
type Target struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

// InviteContext is the message that goes with an invitation.
type InviteContext struct {
	Notes                 string `json:"notes"`
	AssistanceRequestCode string `json:"assistanceRequestCode"`
	InvitedBy             struct {
		OrganizationID   string `json:"organizationId"`
		OrganizationName string `json:"organizationName"`
	} `json:"invitedBy"`
}
