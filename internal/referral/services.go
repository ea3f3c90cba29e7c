package referral

// The attribute types of Microsoft's API (details.requirements.additionalRequirements.attributes).
const (
	attributeIntent = "CustomerMarketplaceIntent"
	attributeRole   = "PartnerRole"
	attributeArea   = "SolutionArea"
	attributePlay   = "SolutionPlay"
)

// checkServices asks for what Microsoft requires of services co-sell deals. Which values Microsoft
// accepts is not published, so any is allowed; see Warnings.
func (ps *Problems) checkServices(s ServicesDeal) {
	const at = "services."
	ps.require(at+"partnerRole", s.Role(), "Select the partner role")
	ps.require(at+"solutionArea", s.Area(), "Select the solution area")
	ps.require(at+"solutionPlay", s.Play(), "Select the solution play")
	ps.atMost(at+"otherRole", s.OtherRole, "Partner role must be %s characters or less", maxShort)
	ps.atMost(at+"otherArea", s.OtherArea, "Solution area must be %s characters or less", maxShort)
	ps.atMost(at+"otherPlay", s.OtherPlay, "Solution play must be %s characters or less", maxShort)
}

// attributes are the answers that the API takes by type and id. Those of a services co-sell deal
// are left out of every other deal.
func attributes(a Answers) []attribute {
	all := []attribute{{attributeIntent, a.MarketplaceIntent}}
	if Deal(a.DealType) == ServicesCoSell {
		all = append(all, attribute{attributeRole, a.Services.Role()},
			attribute{attributeArea, a.Services.Area()}, attribute{attributePlay, a.Services.Play()})
	}
	var out []attribute
	for _, x := range all {
		if x.ID != "" {
			out = append(out, x)
		}
	}
	return out
}

func readServices(all []attribute) ServicesDeal {
	return ServicesDeal{PartnerRole: readAttribute(all, attributeRole),
		SolutionArea: readAttribute(all, attributeArea),
		SolutionPlay: readAttribute(all, attributePlay)}
}

func readAttribute(all []attribute, kind string) string {
	for _, a := range all {
		if a.Type == kind {
			return a.ID
		}
	}
	return ""
}

// Warnings returns what a rep should check although the answers break no rule: values that the
// settings no longer offer or never did, and a solution play of another area.
func Warnings(a Answers, s Settings, today Date) Problems {
	var ps Problems
	if Deal(a.DealType) == ServicesCoSell {
		d := a.Services
		ps.offered("services.partnerRole", s, PartnerRoles, d.Role(), today)
		ps.offered("services.solutionArea", s, SolutionAreas, d.Area(), today)
		ps.offered("services.solutionPlay", s, SolutionPlays, d.Play(), today)
		ps.playOfArea(s, d)
	}
	if id := a.TargetID(TargetSolution); a.TargetType() == TargetSolution &&
		Deal(a.DealType).HasTarget() {
		ps.retired("target[0].id", s, OwnSolutions, id, today)
	}
	for _, id := range a.Details.Requirements.Given() {
		ps.retired("details.requirements.solutionIds", s, OwnSolutions, id, today)
	}
	return ps
}

// offered warns of a value that is not among those offered.
func (ps *Problems) offered(path string, s Settings, k EntryKind, code string, today Date) {
	if _, known := s.Find(k, code); known || code == "" {
		ps.retired(path, s, k, code, today)
		return
	}
	ps.add(path, "%s is not in your organisation’s list. Compare it with Partner Center", code)
}

// retired warns of a value of the list that is not offered on the day.
func (ps *Problems) retired(path string, s Settings, k EntryKind, code string, today Date) {
	if e, known := s.Find(k, code); known && !e.ValidOn(today) {
		ps.add(path, "%s is not offered any more. Choose another if there is one", e.Name)
	}
}

func (ps *Problems) playOfArea(s Settings, d ServicesDeal) {
	play, ok := s.Find(SolutionPlays, d.Play())
	area, known := s.Find(SolutionAreas, play.Area)
	if ok && known && d.Area() != "" && area.Code != d.Area() {
		ps.add("services.solutionPlay", "%s belongs to the solution area %s", play.Name, area.Name)
	}
}
