package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// routes is the table of pages. Everything but the open routes needs a signed-in person; see
// isOpen in session.go.
func routes(e *echo.Echo, d Deps) {
	e.GET("/healthz", health())
	e.GET("/readyz", readiness(d))
	e.GET("/static/*", echo.WrapHandler(d.Static))
	if d.Practice != nil {
		e.Any("/practice/*", echo.WrapHandler(d.Practice))
	}

	e.GET("/auth/sign-in", signInPage(d))
	e.POST("/auth/sign-in", startSignIn(d))
	e.GET("/auth/callback", finishSignIn(d))
	e.POST("/auth/sign-out", signOut(d))
	e.GET("/auth/signed-out", redirectTo("/auth/sign-in?reason=signed-out"))

	e.GET("/", redirectTo("/referrals"))
	e.POST(keepPath, keepSession(d))
	e.POST("/typed/discard", discardTyped(d.Store))
	e.GET("/privacy/data.json", myData(d.Store))
	e.GET("/help", helpPage())
	e.GET("/privacy", privacyPage())
	e.GET("/accessibility", accessibilityPage())
	e.GET("/preferences", preferencesPage(d))
	e.POST("/preferences", savePreferences(d))

	referralRoutes(e, d)
	draftRoutes(e, d)
	sendRoutes(e, d)
	settingsRoutes(e, d)
}

func referralRoutes(e *echo.Echo, d Deps) {
	e.GET("/referrals", listPage(d))
	e.POST("/referrals/refresh", refreshList(d))
	e.GET("/referrals.csv", exportCSV(d))
	e.GET("/pipeline", pipelinePage(d))
	e.GET("/referrals.bulk.csv", exportBulk(d))
	e.GET("/referrals/:r", referralPage(d))
	e.GET("/referrals/:r/sent", sentPage(d.Store))
	e.POST("/referrals/:r/copy", copyReferral(d))
	e.GET("/referrals/:r/response", responsePage(d))
	e.GET("/referrals/:r/response.json", responseJSON(d.Store))
	e.GET(shareRoute, sharePage(d))
	e.POST(shareRoute, shareReferral(d))
	e.GET(shareRoute+"/stop", shareStopPage(d))
	e.GET(editRoute, editPage(d))
	e.POST(editRoute, saveEdit(d))
	e.POST(editRoute+autosaveEnd, autosaveEdit(d))
	e.POST("/referrals/:r/refresh", refreshReferral(d))
	e.POST("/referrals/:r/seen", seeReferral(d.Store))
	e.GET("/referrals/:r/dates.ics", datesFile(d))
	e.GET(statusRoute, standingPage(d))
	e.POST(statusRoute, saveStanding(d))
	e.GET(closeRoute, closePage(d))
	e.POST(closeRoute, closeReferral(d))
	e.GET(versionsRoute, conflictPage(d))
	e.POST(versionsRoute, settleConflict(d))
	e.GET(connectRoute, connectPage(d.Store))
	e.POST(connectRoute, saveConnect(d.Store))
	e.POST(connectRoute+autosaveEnd, autosaveConnect(d))
	e.GET("/referrals/:r/connect/check", connectCheckPage(d.Store))
	e.POST("/referrals/:r/connect/send", sendConnect(d.Store, d.Sender))
}

func draftRoutes(e *echo.Echo, d Deps) {
	e.GET("/drafts", draftsPage(d))
	e.GET("/drafts/new", newDraftPage(d.Store))
	e.POST("/drafts/new", createDraft(d.Store))
	e.GET("/drafts/:d", resumeDraft(d))
	e.GET("/drafts/:d/type", dealTypePage(d.Store))
	e.POST("/drafts/:d/type", saveDealType(d))
	e.GET("/drafts/:d/check", checkPage(d))
	e.GET("/drafts/:d/payload.json", payloadFile(d.Store))
	e.POST("/drafts/:d/send", sendDraft(d))
	e.GET("/drafts/:d/delete", deletePage(d.Store))
	e.POST("/drafts/:d/delete", deleteDraft(d.Store))
	e.GET("/drafts/:d/consent/stop", consentStopPage(d.Store))
	e.POST("/drafts/:d/consent/stop", makePrivate(d))
	e.GET("/drafts/:d/:step", stepPage(d))
	e.POST("/drafts/:d/:step", saveStep(d))
	e.POST(autosavePath, autosave(d))
	e.GET(conflictRoute, stepConflictPage(d))
	e.POST(conflictRoute, settleStep(d))
}

func sendRoutes(e *echo.Echo, d Deps) {
	e.GET("/sends/:s", sendPage(d))
	e.POST("/sends/:s/check", act(sendPath, d.Sender.LookUp))
	e.POST("/sends/:s/again", act(sendPath, d.Sender.Again))
	e.POST("/sends/:s/cancel", cancelSend(d.Store))
	e.GET("/changes/:c", changePage(d))
	e.POST("/changes/:c/again", act(changePath, d.Changes.RetryChange))
	e.POST("/changes/:c/drop", act(changePath, d.Changes.DropChange))
}

func settingsRoutes(e *echo.Echo, d Deps) {
	e.GET("/settings", settingsPage(d))
	e.POST("/settings", saveOrganization(d))
	e.GET("/settings/people", peoplePage(d.Store))
	e.GET("/settings/people/:p/data.json", dataOf(d.Store))
	e.GET("/settings/people/:p/erase", erasePersonPage(d.Store))
	e.POST("/settings/people/:p/erase", erasePerson(d.Store))
	e.POST("/settings/people/:p/end", endUndone(d.Store))
	e.GET("/settings/contacts", contactPage(d.Store))
	e.POST("/settings/contacts", eraseContact(d.Store))
	e.GET("/settings/:kind", listSettingsPage(d))
	e.POST("/settings/:kind", addEntry(d))
	e.POST(importRoute, importEntries(d))
	e.GET("/settings/:kind/:id", entryPage(d))
	e.POST("/settings/:kind/:id", saveEntry(d))
	e.POST("/settings/:kind/:id/retire", retireEntry(d))
	e.POST("/settings/:kind/:id/restore", restoreEntry(d))
}

func redirectTo(path string) echo.HandlerFunc {
	return func(c echo.Context) error { return c.Redirect(http.StatusSeeOther, path) }
}
