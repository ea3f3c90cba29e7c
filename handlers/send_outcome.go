package handlers

import (
	"errors"
	"fmt"
	"net/http"

	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

func isConflict(err error) bool { return errors.Is(err, referral.ErrConflict) }

// outcome is a line of the table of outcomes: what people read, what they can do, and who helps.
type outcome struct {
	kind referral.OutcomeKind
	// waiting is for the line of a send that goes on by itself.
	waiting bool
	title   language.Key
	// text says what happened and who can help.
	text language.Key
	// short is what lists say.
	short   language.Key
	actions []action
	after   language.Key
}

// action names a button.
type action int

const (
	checkAnswers action = iota
	signInAndSend
	signInToCheck
	tryAgain
	sendOnceMore
	stopWaiting
	giveUp
	checkMicrosoft
	decideLater
)

// These lines do not follow from an answer of Microsoft.
const (
	stopped  referral.OutcomeKind = "cancelled"
	noSignIn referral.OutcomeKind = "lookup-sign-in"
	// unclear is for an answer that does not tell whether the referral was stored.
	unclear referral.OutcomeKind = "unknown-answered"
	// endedSafely is for a send that an admin ended and that is certainly not at Microsoft.
	endedSafely referral.OutcomeKind = "ended-safely"
	rest        referral.OutcomeKind = ""
	// stoppedInDoubt is for what a person stopped after an attempt that may have been carried out.
	stoppedInDoubt referral.OutcomeKind = "cancelled-in-doubt"
)

// refusals are the outcomes after which the draft is open again.
func refusals() []outcome {
	const title language.Key = "There is a problem with this service"
	return []outcome{
		{kind: referral.OutcomeInvalid, title: "Microsoft did not accept this referral",
			text: "", short: "Microsoft did not accept it", actions: []action{checkAnswers}},
		{kind: referral.OutcomeForbidden, title: "Your account cannot create referrals",
			text: "Ask your Partner Center administrator for the Referrals admin role. " +
				"Your draft is saved.",
			short: "Your account lacks a role", actions: []action{checkAnswers, tryAgain}},
		{kind: referral.OutcomeOurFault, title: title,
			text: "Microsoft could not take the referral the way we sent it. Your draft is saved. " +
				"Send the details below to your administrator.",
			short: "A problem with this service", actions: []action{checkAnswers}, after: quoteID},
		{kind: referral.OutcomeConflict, title: "Someone else changed this referral",
			text: "Microsoft’s copy changed while we were sending. Nothing was created. " +
				"Your draft is saved.",
			short: "Changed at Microsoft meanwhile", actions: []action{checkAnswers, tryAgain}},
		{kind: referral.OutcomeTooLarge, title: "This referral is too large",
			text:  "Shorten the notes. Your draft is saved.",
			short: "Too large for Microsoft", actions: []action{checkAnswers}},
		{kind: referral.OutcomeBusy, title: "Someone else is changing this engagement",
			text:  "Try again in a few minutes. Your draft is saved.",
			short: "Someone else is changing it", actions: []action{tryAgain, checkAnswers}},
		{kind: referral.OutcomeLimited, title: "Microsoft limits requests",
			text:  "We tried for a while and stopped. Try again later. Your draft is saved.",
			short: "Microsoft limits requests", actions: []action{tryAgain, checkAnswers}},
		{kind: referral.OutcomeUnavailable, title: "Microsoft’s service is not available",
			text:  "Your draft is saved.",
			short: "Microsoft was not available", actions: []action{tryAgain, checkAnswers}},
		{kind: endedSafely, title: "An administrator ended this send",
			text:  "Nothing was created at Microsoft.",
			short: "Ended by an administrator", actions: []action{checkAnswers}},
		{kind: stopped, title: "You stopped this send",
			text:  "Nothing was created at Microsoft. Your draft is saved.",
			short: "Stopped", actions: []action{checkAnswers}},
		{kind: stoppedInDoubt, title: "You stopped this send",
			text: "Microsoft may have received it before. If you send this deal again, we look for " +
				"it first, so it is not created twice. Your draft is saved.",
			short: "Stopped", actions: []action{checkAnswers}},
		{kind: rest, title: title, text: "Your draft is saved. Send the details below to your " +
			"administrator.", short: "A problem with this service", actions: []action{checkAnswers},
			after: quoteID},
	}
}

// quoteID asks to name the send, whose id stands in for %s.
const quoteID language.Key = "If you ask for help, quote this ID: %s"

// openEnds are the outcomes of sends that are not final.
func openEnds() []outcome {
	const (
		signInTitle  language.Key = "Microsoft needs you to sign in again"
		unknownTitle language.Key = "We do not know if Microsoft received this"
		unknownShort language.Key = "We do not know if Microsoft received it"
		weLook       language.Key = "We look for this referral by its name, customer and your CRM " +
			"reference. If Microsoft does not have it, you can send it again."
	)
	again := []action{signInAndSend, stopWaiting}
	look := []action{checkMicrosoft, decideLater}
	return []outcome{
		{kind: referral.OutcomeSignIn, title: signInTitle, short: signInTitle, actions: again,
			text: "Your sign-in ran out, or your organisation asks for a new one. " +
				"After you sign in, the referral is sent by itself."},
		{kind: referral.OutcomeMFA, title: signInTitle, short: signInTitle, actions: again,
			text: "Your organisation requires a second sign-in step. " +
				"After you sign in, the referral is sent by itself."},
		{kind: referral.OutcomeLimited, waiting: true, title: "Microsoft limits requests",
			text: "We send again at %s.", short: "Waiting", actions: []action{stopWaiting}},
		{kind: referral.OutcomeUnavailable, waiting: true,
			title: "Microsoft’s service is not available",
			text:  "We send again at %s.", short: "Waiting", actions: []action{stopWaiting}},
		{kind: referral.OutcomeUnknown, title: unknownTitle, short: unknownShort, actions: look,
			text: "The connection closed before Microsoft answered. Your referral may already " +
				"exist. Check first, so it is not created twice.", after: weLook},
		{kind: unclear, title: unknownTitle, short: unknownShort, actions: look,
			text: "Microsoft’s service had a problem and did not say whether it kept your referral. " +
				"It may already exist. Check first, so it is not created twice.", after: weLook},
		{kind: referral.OutcomeNotFound, title: "Microsoft does not have it",
			text: "You can send it again.", short: "Microsoft does not have it",
			actions: []action{sendOnceMore, giveUp, decideLater}},
		{kind: referral.OutcomeLookupError, title: "We could not check with Microsoft",
			text: "Your referral may already exist. Check again in a few minutes, so it is not " +
				"created twice.",
			short: "We could not check with Microsoft", actions: look},
		{kind: referral.OutcomeEnded, title: "An administrator ended this send",
			text: "Nobody knows if Microsoft received it. It is never sent again, and we no longer " +
				"look for it. Look in Partner Center before anyone enters this deal again.",
			short: "Ended by an administrator. Microsoft may have it"},
		{kind: noSignIn, title: "We could not check with Microsoft",
			text: "Microsoft needs you to sign in again first. Your referral may already exist. " +
				"Check after you signed in, so it is not created twice.",
			short: "Sign in to check with Microsoft", actions: []action{signInToCheck, decideLater}},
	}
}

// lineOf names the line for a send: mostly the kind of its outcome.
func lineOf(s referral.Send) referral.OutcomeKind {
	o := s.Outcome
	switch {
	case s.State == referral.Cancelled:
		return cancelledAs(s)
	case s.State == referral.Unknown && (o.Kind == rest || o.Kind == referral.OutcomeUnknown):
		return unknownOf(s)
	case s.State == referral.NeedsSignIn && o.Kind == rest:
		return referral.OutcomeSignIn
	case o.Kind == referral.OutcomeLookupError &&
		(o.Status == http.StatusUnauthorized || o.Claims != ""):
		return noSignIn
	}
	return o.Kind
}

// cancelledAs tells an administrator, who ended a send that never reached Microsoft, from the rep,
// who may stop one as well that waits after an attempt of which not everything is known.
func cancelledAs(s referral.Send) referral.OutcomeKind {
	switch {
	case s.Outcome.Kind == referral.OutcomeEnded:
		return endedSafely
	case s.InDoubt() && s.Outcome.Kind != referral.OutcomeNotFound:
		return stoppedInDoubt
	}
	return stopped
}

// unknownOf tells a broken connection from an answer that does not tell whether the referral
// exists.
func unknownOf(s referral.Send) referral.OutcomeKind {
	if n := len(s.Attempts); n > 0 && s.Attempts[n-1].Answer.Status != 0 {
		return unclear
	}
	return referral.OutcomeUnknown
}

// outcomeOf finds the line for a send.
func outcomeOf(s referral.Send) outcome {
	kind, lines := lineOf(s), append(openEnds(), refusals()...)
	for _, line := range lines {
		if line.kind == kind && line.waiting == (s.State == referral.Waiting) {
			return line
		}
	}
	return lines[len(lines)-1]
}

// partnerLed says what it means for the deal when the connected referral was not created.
const partnerLed language.Key = "Your own referral is safe at Microsoft, and the deal stays " +
	"partner-led until Microsoft’s referral is created. Only Microsoft’s referral is sent again."

// outcomeView is the page of a send that is not under way.
func outcomeView(l *language.Locale, s referral.Send) views.Send {
	line := outcomeOf(s)
	v := views.Send{Title: l.T(line.title), Problem: true, Name: s.Name, Events: timeline(l, s),
		Technical: technical(s)}
	text := l.T(line.text)
	if line.waiting {
		text = l.T(line.text, l.TimeOfDay(s.WaitUntil))
	}
	if line.kind == referral.OutcomeInvalid {
		v.Field, v.FieldHref, text = wrongField(l, s)
	}
	if text != "" {
		v.Texts = append(v.Texts, text)
	}
	if s.Kind == referral.Microsoft {
		v.Texts = append(v.Texts, l.T(partnerLed))
	}
	if line.after == quoteID {
		v.After = l.T(quoteID, s.ID)
	} else {
		v.After = l.T(line.after)
	}
	for i, a := range line.actions {
		b := buttonOf(l, a, s)
		b.Secondary = i > 0 || a == stopWaiting
		v.Actions = append(v.Actions, b)
	}
	if s.State == referral.Waiting || s.LookingUp() {
		v.Poll, v.Every = pollURL(s), "3s"
	}
	return v
}

// wrongField returns the answer that Microsoft reports as wrong, and a link to it.
func wrongField(l *language.Locale, s referral.Send) (label, href, text string) {
	f, _, ok := referral.FieldOf(s.Outcome.Path)
	switch {
	case !ok:
		return "", "", l.T("We could not tell which answer is wrong. " +
			"Send the details below to support.")
	case s.Kind == referral.Microsoft:
		return connectLabel(l, f.Path), connectField(s, f), ""
	case f.Step.Valid():
		href = fmt.Sprintf("/drafts/%s/%s?return=check&send=%s#%s", s.DraftID, f.Step, s.ID, f.ID)
	}
	return fieldLabel(l, s.Outcome.Path), href, ""
}

// connectField returns the link to a field of the wizard, empty if the wizard does not ask for it.
func connectField(s referral.Send, f referral.Field) string {
	if id := connectID(f.Path); id != "" {
		return connectPath(s.ReferralID) + "?send=" + s.ID + "#" + id
	}
	return ""
}

func buttonOf(l *language.Locale, a action, s referral.Send) views.Action {
	self := sendPath(s.ID)
	switch a {
	case signInAndSend:
		return views.Action{Text: l.T("Sign in and send"), Href: "/auth/sign-in", Post: true,
			ReturnTo: self}
	case signInToCheck:
		return views.Action{Text: l.T("Sign in"), Href: "/auth/sign-in", Post: true, ReturnTo: self}
	case tryAgain:
		return views.Action{Text: l.T("Try again"), Href: self + "/again", Post: true}
	case sendOnceMore:
		return views.Action{Text: l.T("Send again"), Href: self + "/again", Post: true}
	case stopWaiting:
		return views.Action{Text: l.T("Stop waiting"), Href: self + "/cancel", Post: true}
	case giveUp:
		return views.Action{Text: l.T("Do not send it"), Href: self + "/cancel", Post: true}
	case checkMicrosoft:
		return views.Action{Text: l.T("Check with Microsoft"), Href: self + "/check", Post: true}
	case decideLater:
		return views.Action{Text: l.T("Decide later"), Href: "/referrals?tab=attention"}
	}
	if s.Kind == referral.Microsoft {
		return views.Action{Text: l.T("Check your answers"), Href: connectPath(s.ReferralID)}
	}
	return views.Action{Text: l.T("Check your answers"), Href: "/drafts/" + s.DraftID + "/check"}
}
