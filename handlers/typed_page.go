package handlers

import (
	"strings"

	"github.com/labstack/echo/v4"

	"tandem/internal/referral"
)

// The pages on which people type that are no steps of a draft.
const (
	pageNew         = "new"
	pageType        = "type"
	pageConnect     = "connect"
	pageStatus      = "status"
	pageClose       = "close"
	pageEdit        = "edit-"     // and the section
	pageVersions    = "versions-" // and the id of the change, or the step
	pagePreferences = "preferences"
	pageSettings    = "settings" // and the list and the entry, each after a hyphen
)

// typedPage returns the names under which input of the present route is kept; ok is false for pages
// on which nothing is typed.
func typedPage(c echo.Context) (subject, page string, ok bool) {
	switch path := c.Path(); {
	case path == "/preferences":
		return "", pagePreferences, true
	case path == "/drafts/new":
		return "", pageNew, true
	case strings.HasPrefix(path, "/drafts/"):
		page, ok = typedOfDraft(c)
		return c.Param("d"), page, ok
	case strings.HasPrefix(path, "/referrals/"):
		page, ok = typedOfReferral(c)
		return c.Param("r"), page, ok
	}
	page, ok = typedOfSettings(c)
	return "", page, ok
}

func typedOfDraft(c echo.Context) (page string, ok bool) {
	step := referral.Step(c.Param("step"))
	switch c.Path() {
	case "/drafts/:d/type":
		return pageType, true
	case "/drafts/:d/:step", autosavePath:
		return string(step), step.Valid()
	case conflictRoute:
		return choicesPage(step), step.Valid()
	}
	return "", false
}

// choicesPage names the page under which the rep's choices between versions are kept. The versions
// themselves are kept elsewhere: one is stored, the other is what he typed on the step.
func choicesPage(s referral.Step) string { return pageVersions + string(s) }

func typedOfReferral(c echo.Context) (page string, ok bool) {
	switch c.Path() {
	case connectRoute, connectRoute + autosaveEnd:
		return pageConnect, true
	case shareRoute:
		return pageEdit + string(referral.SectionSharing), true
	case statusRoute:
		return pageStatus, true
	case closeRoute:
		return pageClose, true
	case versionsRoute:
		return pageVersions + c.Param("c"), true
	case editRoute, editRoute + autosaveEnd:
		_, ok := stepFor(referral.Section(c.Param("section")))
		return pageEdit + c.Param("section"), ok
	}
	return "", false
}

// typedOfSettings names the page of a settings list. Both forms of the list are on the same page.
func typedOfSettings(c echo.Context) (page string, ok bool) {
	list := pageSettings + "-" + c.Param("kind")
	known := referral.EntryKind(c.Param("kind")).Valid()
	switch c.Path() {
	case "/settings":
		return pageSettings, true
	case "/settings/contacts":
		return pageSettings + "-contacts", true
	case "/settings/:kind", importRoute:
		return list, known
	case "/settings/:kind/:id":
		return list + "-" + c.Param("id"), known
	}
	return "", false
}
