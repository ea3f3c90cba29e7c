package referral

import (
	"regexp"
	"slices"
	"strings"
)

// maxSolutions is Partner Center's limit of solutions on a referral.
const maxSolutions = 50

var (
	guidPattern     = regexp.MustCompile(`(?i)^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	solutionPattern = regexp.MustCompile(`(?i)^SOL-[0-9A-Z]+-[0-9A-Z]+$`)
)

// ValidSolutionID tells whether id is in the form of a catalogue id: SOL-34104-EBB or a GUID.
func ValidSolutionID(id string) bool {
	return solutionPattern.MatchString(id) || guidPattern.MatchString(id)
}

// SolutionID returns the id of a solution as catalogues write it, SOL-34104-EBB or a GUID in lower
// case, whatever the case it was typed in. CRMs write a GUID in braces. What is no such id is only
// made narrow.
func SolutionID(typed string) string {
	id := Narrow(typed)
	bare := strings.TrimSuffix(strings.TrimPrefix(id, "{"), "}")
	switch {
	case solutionPattern.MatchString(id):
		return strings.ToUpper(id)
	case guidPattern.MatchString(bare):
		return strings.ToLower(bare)
	}
	return id
}

// Given returns the solution ids a rep ticked in the organisation's list or typed into the text
// field, without empty ones and doubles.
func (r Requirements) Given() []string {
	var out []string
	typed := strings.FieldsFunc(Narrow(r.SolutionIDs), isSeparator)
	for _, id := range append(slices.Clone(r.OwnSolutions), typed...) {
		if id = SolutionID(id); !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

func isSeparator(r rune) bool { return strings.ContainsRune(" ,;\n\t", r) }

func checkNeeds(a Answers) Problems {
	var ps Problems
	if Deal(a.DealType) == ServicesCoSell {
		ps.checkServices(a.Services)
	}
	r := a.Details.Requirements
	ps.known("details.requirements.industries", r.Industries, Industries(),
		"Select an industry from the list")
	ps.known("details.requirements.products", r.Products, Products(),
		"Select a product from the list")
	ps.known("details.requirements.services", r.Services, Services(),
		"Select a service from the list")
	ps.known("details.requirements.solutions", r.Solutions, Solutions(),
		"Select a solution from the list")
	solutions := ps.checkSolutions(r, nil)
	switch {
	case solutions+len(r.Products)+len(r.Services) == 0:
		ps.add("details.requirements.products",
			"Select at least one product, service or solution")
	case solutions == 0 && !targetGivesSolution(a):
		ps.add("details.requirements.solutions", "Select at least one solution. "+
			"Microsoft does not accept this deal without one")
	}
	return ps
}

// checkSolutions checks the ids that were typed, but for those known to be right, and returns how
// many solutions there are.
func (ps *Problems) checkSolutions(r Requirements, right []string) int {
	given := r.Given()
	for _, id := range given {
		if !ValidSolutionID(id) && !slices.Contains(right, id) {
			ps.add("details.requirements.solutionIds",
				"Enter solution IDs like SOL-34104-EBB, one on each line")
			break
		}
	}
	solutions := len(r.Solutions) + len(given)
	if solutions > maxSolutions {
		ps.add("details.requirements.solutions", "Select %d solutions or fewer", maxSolutions)
	}
	return solutions
}

// targetGivesSolution tells whether the target will be among the solutions, or may still be: the
// API wants at least one solution whatever the deal type.
func targetGivesSolution(a Answers) bool {
	return Deal(a.DealType).HasTarget() && a.TargetType() != TargetLocation
}

func (ps *Problems) known(path string, ids []string, choices []Choice, message sentence) {
	for _, id := range ids {
		if !Has(choices, id) {
			ps.add(path, message)
			return
		}
	}
}

func checkTarget(a Answers) Problems {
	var ps Problems
	if Deal(a.DealType).HasTarget() {
		ps.checkTargetID(a)
	}
	ps.atMost("inviteContext.notes", a.InviteContext.Notes,
		"Invite message must be %s characters or less", maxNotes)
	ps.oneOf("status", a.Status, Statuses(), "Select the status when sent")
	if a.Status == "Closed/Lost" || a.Status == "Closed/Declined" {
		ps.require("statusReason", a.StatusReason, "Enter a status reason")
	}
	ps.atMost("statusReason", a.StatusReason,
		"Status reason must be %s characters or less", maxName)
	ps.atMost("inviteContext.invitedBy.organizationId", a.InviteContext.InvitedBy.OrganizationID,
		"Organisation ID must be %s characters or less", maxShort)
	return ps
}

func (ps *Problems) checkTargetID(a Answers) {
	switch a.TargetType() {
	case TargetSolution:
		path := "target[0].id"
		if a.otherTarget() {
			path = OtherSolutionPath
		}
		if !ValidSolutionID(a.TargetID(TargetSolution)) {
			ps.add(path, "Enter a solution ID, like SOL-34104-EBB")
		}
	case TargetLocation:
		ps.checkLocation(a.TargetID(TargetLocation))
	default:
		ps.add("target[0].type", "Select what the referral is for")
	}
}

// OtherSolutionPath names the input for a solution that is not in the list.
const OtherSolutionPath = "target[0].otherId"

// otherTarget tells whether the solution is not one of the list.
func (a Answers) otherTarget() bool {
	return len(a.Target) > 0 && len(a.Target[0].ID) > 0 && a.Target[0].ID[0] == OtherSolution
}

// LocationPath names the second input of target[0].id, which takes a location's id.
const LocationPath = "target[0].id.location"

func (ps *Problems) checkLocation(id string) {
	switch {
	case id == "":
		ps.add(LocationPath, "Enter the business profile location ID")
	case !guidPattern.MatchString(id):
		ps.add(LocationPath, "Business profile location ID must be 36 characters, "+
			"like 01e2abcd-52b0-4af3-a3ae-1fd1530b3563")
	}
}
