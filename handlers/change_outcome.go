package handlers

import (
	"net/url"

	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

// changeOutcome is a line of the table of a change's outcomes: what people read, and what they can
// do.
type changeOutcome struct {
	kind referral.OutcomeKind
	// waiting is for the line of a change that goes on by itself.
	waiting bool
	title   language.Key
	text    language.Key
	// help is what to do with the details that the change's own page shows; empty for nothing.
	help language.Key
	// short is what lists say.
	short   language.Key
	actions []changeAction
}

// changeAction names a button of a change.
type changeAction int

const (
	signInAndSave changeAction = iota
	trySavingAgain
	checkChange
	editAgain
	discardChange
	backToReferral
)

// changeOutcomes follows the table of a send's outcomes. Unless a line says otherwise, nothing was
// changed at Microsoft.
func changeOutcomes() []changeOutcome {
	const problem, signIn = "There is a problem with this service", "Microsoft needs you to sign in again"
	edit := []changeAction{editAgain, discardChange}
	again := []changeAction{trySavingAgain, discardChange}
	return []changeOutcome{
		{kind: referral.OutcomeInvalid, title: "Microsoft did not accept this change",
			text:  "We could not tell which answer is wrong. Nothing was changed.",
			help:  "Send the details below to support.",
			short: "Microsoft did not accept a change", actions: edit},
		{kind: referral.OutcomeForbidden, title: "Your account cannot change this referral",
			text: "Ask your Partner Center administrator for the Referrals admin role. Nothing was " +
				"changed.",
			short: "Your account lacks a role to change it", actions: again},
		{kind: referral.OutcomeTooLarge, title: "This change is too large",
			text:  "Shorten the notes. Nothing was changed.",
			short: "A change is too large for Microsoft", actions: edit},
		{kind: referral.OutcomeBusy, title: "Someone else is changing this engagement",
			text:  "Try again in a few minutes. Nothing was changed.",
			short: "Someone else is changing it", actions: again},
		{kind: referral.OutcomeLimited, title: "Microsoft limits requests",
			text:  "We tried for a while and stopped. Nothing was changed. Try again later.",
			short: "Microsoft limits requests", actions: again},
		{kind: referral.OutcomeLimited, waiting: true, title: "Microsoft limits requests",
			text:    "We save your change at %s.",
			actions: []changeAction{discardChange}},
		{kind: referral.OutcomeUnavailable, title: "Microsoft’s service is not available",
			text: "Nothing was changed. Try again later.", short: "Microsoft was not available",
			actions: again},
		{kind: referral.OutcomeUnavailable, waiting: true,
			title: "Microsoft’s service is not available", text: "We save your change at %s.",
			actions: []changeAction{discardChange}},
		{kind: referral.OutcomeSignIn, title: signIn, short: signIn,
			text: "Your sign-in ran out, or your organisation asks for a new one. After you sign " +
				"in, the change is saved by itself.",
			actions: []changeAction{signInAndSave, discardChange}},
		{kind: referral.OutcomeMFA, title: signIn, short: signIn,
			text: "Your organisation requires a second sign-in step. After you sign in, the change " +
				"is saved by itself.",
			actions: []changeAction{signInAndSave, discardChange}},
		{kind: referral.OutcomeLookupError, title: "We could not check with Microsoft",
			text: "Your change may be at Microsoft already. We check before we save it again, so " +
				"nothing is changed twice.",
			short:   "We could not check whether a change arrived",
			actions: []changeAction{checkChange, backToReferral}},
		{kind: referral.OutcomeConflict, title: "Someone else changed this referral",
			short:   "Changed by someone else, too",
			actions: []changeAction{backToReferral}},
		{kind: referral.OutcomeEnded, title: "An administrator ended this change",
			text: "Nobody knows if Microsoft received it. It is never sent again. The referral " +
				"shows what Microsoft has.",
			actions: []changeAction{backToReferral}},
		{kind: rest, title: problem, short: "A change met a problem with this service",
			text:    "Microsoft could not take the change the way we sent it. Nothing was changed.",
			help:    "Send the details below to your administrator.",
			actions: again},
	}
}

// changeOutcomeOf finds the line for a change.
func changeOutcomeOf(ch referral.Change) changeOutcome {
	kind, lines := ch.Outcome.Kind, changeOutcomes()
	if ch.AwaitsSignIn() && kind != referral.OutcomeMFA {
		kind = referral.OutcomeSignIn
	}
	for _, line := range lines {
		if line.kind == kind && line.waiting == (ch.State == referral.Waiting) {
			return line
		}
	}
	return lines[len(lines)-1]
}

// lineText says what happened, and names the answer that Microsoft reports, if it named one.
func lineText(l *language.Locale, line changeOutcome, ch referral.Change) string {
	switch {
	case line.waiting:
		return l.T(line.text, l.TimeOfDay(ch.WaitUntil))
	case namesField(line, ch):
		return l.T("Microsoft reports a problem with: %s", fieldLabel(l, ch.Outcome.Path))
	}
	return l.T(line.text)
}

func namesField(line changeOutcome, ch referral.Change) bool {
	return line.kind == referral.OutcomeInvalid && ch.Outcome.Path != ""
}

// changeButtons are what can be done about the change. To give it up is never the first choice.
func changeButtons(
	l *language.Locale, line changeOutcome, ch referral.Change,
) []views.Action {
	var out []views.Action
	for i, a := range line.actions {
		b := changeButton(l, a, ch)
		b.Secondary = i > 0 || a == discardChange
		out = append(out, b)
	}
	return out
}

func changeButton(l *language.Locale, a changeAction, ch referral.Change) views.Action {
	self, own := changePath(ch.ID), referralPath(ch.ReferralID)
	switch a {
	case signInAndSave:
		return views.Action{Text: l.T("Sign in and save"), Href: "/auth/sign-in", Post: true,
			ReturnTo: self}
	case trySavingAgain:
		return views.Action{Text: l.T("Try again"), Href: self + "/again", Post: true}
	case checkChange:
		return views.Action{Text: l.T("Check with Microsoft"), Href: self + "/again", Post: true}
	case editAgain:
		to := editPath(ch.ReferralID, ch.Section) + "?from=" + url.QueryEscape(ch.ID)
		if ch.Section == referral.SectionStatus {
			to = own + "/status"
		}
		return views.Action{Text: l.T("Change your answers"), Href: to}
	case discardChange:
		return views.Action{Text: l.T("Discard my change"), Href: self + "/drop", Post: true}
	}
	return views.Action{Text: l.T("Back to the referral"), Href: own}
}
