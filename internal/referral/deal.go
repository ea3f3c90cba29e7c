package referral

import "slices"

// Deal is the deal type: who works on the deal decides what is asked and what Microsoft sees.
// See Microsoft's co-sell documentation; the wire values follow from it (Payload).
type Deal string

// The deal types.
const (
	// CoSell asks Microsoft for help and shares a customer contact.
	CoSell Deal = "cosell"
	// ServicesCoSell is a co-sell deal in which the partner delivers services.
	ServicesCoSell Deal = "services"
	// PartnerLed is worked on by the partner alone; Microsoft's sellers can see it.
	PartnerLed Deal = "partner-led"
	// Private is worked on by the partner alone and seen by nobody else.
	Private Deal = "private"
)

// Deals lists the deal types in the order in which a rep is asked.
func Deals() []Deal { return []Deal{CoSell, ServicesCoSell, PartnerLed, Private} }

// Valid tells whether d is one of Deals.
func (d Deal) Valid() bool { return slices.Contains(Deals(), d) }

// Label says who works on the deal, in the words of the start page.
func (d Deal) Label() string {
	switch d {
	case CoSell:
		return "Us and Microsoft together"
	case ServicesCoSell:
		return "We deliver services, Microsoft sells with us"
	case PartnerLed:
		return "Only us, and Microsoft’s sellers can see it"
	case Private:
		return "Only us, and nobody else can see it"
	}
	return ""
}

// Hint explains the deal type in one line.
func (d Deal) Hint() string {
	switch d {
	case CoSell:
		return "Co-sell. You ask Microsoft for help and share a customer contact"
	case ServicesCoSell:
		return "Services co-sell. Microsoft also asks your role, a solution area and a solution play"
	case PartnerLed:
		return "Partner-led. You can ask for help later"
	case Private:
		return "Private. You can open it to Microsoft later"
	}
	return ""
}

// Summary says who works on the deal, for the check page.
func (d Deal) Summary() string {
	switch d {
	case CoSell:
		return "You and Microsoft together (co-sell)"
	case ServicesCoSell:
		return "You deliver services, Microsoft sells with you (services co-sell)"
	case PartnerLed:
		return "Only you, and Microsoft’s sellers can see it (partner-led)"
	case Private:
		return "Only you, and nobody else can see it (private)"
	}
	return ""
}

// VisibleToMicrosoft is the value of consentToShareReferralWithMicrosoftSellers. It cannot be
// taken back once sent as true.
func (d Deal) VisibleToMicrosoft() bool { return d != Private }

// Connects tells whether a connected referral for Microsoft follows the partner's own.
func (d Deal) Connects() bool { return d == CoSell || d == ServicesCoSell }

// HasTarget tells whether the referral names a target. A private deal has none.
func (d Deal) HasTarget() bool { return d != Private }

// wireType is the value of type: Shared when two parties work on the deal.
func (d Deal) wireType() string {
	if d.Connects() {
		return "Shared"
	}
	return "Independent"
}
