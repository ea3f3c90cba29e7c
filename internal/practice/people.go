package practice

import "strings"

// Organisation is the invented partner that all the people work for.
const Organisation = "Northbridge Systems"

// AdminRole is the app role in the roles claim of an administrator.
const AdminRole = "Tandem.Admin"

// tenantID and organizationID never change, so that a kept database meets the
// same people again.
const (
	tenantID       = "5d7c1f0e-5a0b-4b69-9d0e-6a4c3b1f7e20"
	organizationID = "8c0f6a52-71d3-4f6e-b1a4-2f9d5c7e3b18"
)

// Access is what a person may do in Partner Center.
type Access int

// The roles of Partner Center that matter to referrals.
const (
	// NoAccess is refused with 403.
	NoAccess Access = iota
	// ReferralsUser sees what he created and what he is in the team of.
	ReferralsUser
	// ReferralsAdmin sees everything.
	ReferralsAdmin
)

// Person is somebody who can sign in.
type Person struct {
	GivenName, FamilyName, Email string
	// ObjectID is the oid claim, the same in every run.
	ObjectID string
	// About says in a sentence what can be tried as this person.
	About string
	// Roles is the roles claim.
	Roles  []string
	Access Access
}

// Name is the name in full.
func (p Person) Name() string { return p.GivenName + " " + p.FamilyName }

// People returns the invented people, all of Organisation.
func People() []Person {
	return []Person{
		{
			GivenName: "Priya", FamilyName: "Raman", Email: "priya.raman@northbridge.example",
			ObjectID: "a3f1c9d0-2b64-4a7e-8f15-0c9e7d5b1a01", Access: ReferralsUser,
			About: "Sales rep. Sees her own deals.",
		},
		{
			GivenName: "Daniel", FamilyName: "Okafor", Email: "daniel.okafor@northbridge.example",
			ObjectID: "a3f1c9d0-2b64-4a7e-8f15-0c9e7d5b1a02", Access: ReferralsUser,
			About: "Sales rep. Sees his own deals.",
		},
		{
			GivenName: "Mei", FamilyName: "Lin", Email: "mei.lin@northbridge.example",
			ObjectID: "a3f1c9d0-2b64-4a7e-8f15-0c9e7d5b1a03", Access: ReferralsAdmin,
			About: "Administrator. Sees every deal and changes the settings.",
			Roles: []string{AdminRole},
		},
		{
			GivenName: "Sam", FamilyName: "Carter", Email: "sam.carter@northbridge.example",
			ObjectID: "a3f1c9d0-2b64-4a7e-8f15-0c9e7d5b1a04", Access: NoAccess,
			About: "Has no role in Partner Center, so Microsoft refuses what he sends.",
		},
	}
}

func personByEmail(email string) (Person, bool) {
	for _, p := range People() {
		if strings.EqualFold(p.Email, email) {
			return p, true
		}
	}
	return Person{}, false
}
