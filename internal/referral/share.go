package referral

// Upgrades lists what a deal can become after it was sent: sharing can be widened, and never taken
// back.
func Upgrades(d Deal) []Deal {
	switch d {
	case Private:
		return []Deal{PartnerLed, CoSell}
	case PartnerLed:
		return []Deal{CoSell}
	}
	return nil
}
