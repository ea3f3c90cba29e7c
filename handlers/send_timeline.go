package handlers

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

// timeline tells what happened to the newest attempt of a send.
func timeline(l *language.Locale, s referral.Send) []views.Event {
	first := l.T("Draft locked")
	if s.Kind == referral.Microsoft {
		first = l.T("Answers stored")
	}
	events := []views.Event{{State: "ok", Text: first, Detail: l.ExactTime(s.CreatedAt)}}
	a := s.LastAttempt()
	if s.State == referral.Queued || a.Number == 0 {
		return append(events, pending(l, s)...)
	}
	events = append(events, sentEvent(l, s, a))
	return append(events, answerEvents(l, s, a)...)
}

// pending are the steps that a send has before it.
func pending(l *language.Locale, s referral.Send) []views.Event {
	if !s.State.Running() {
		return nil
	}
	return []views.Event{{State: "now", Text: l.T("Sending to Microsoft")},
		{State: "wait", Text: l.T("Microsoft answers")}}
}

func sentEvent(l *language.Locale, s referral.Send, a referral.Attempt) views.Event {
	at, e := a.SentAt, views.Event{State: "ok", Text: l.T("Sent to Microsoft")}
	switch {
	case !at.IsZero():
	case s.State == referral.Sending:
		at, e = a.StartedAt, views.Event{State: "ok", Text: l.T("Sending begun")}
	case a.EndedAt.IsZero():
		at, e = a.StartedAt, views.Event{State: "problem", Text: l.T("Sending to Microsoft stopped")}
	default:
		at = a.StartedAt
		e = views.Event{State: "problem", Text: l.T("Microsoft could not be reached")}
	}
	details := []string{l.ExactTime(at)}
	if a.Number > 1 {
		details = append(details, l.T("attempt %d", a.Number))
	}
	if a.RequestID != "" {
		details = append(details, "request-id "+a.RequestID)
	}
	e.Detail = l.List(details)
	return e
}

func answerEvents(l *language.Locale, s referral.Send, a referral.Attempt) []views.Event {
	if s.State == referral.Sending {
		return []views.Event{{State: "now", Text: l.T("Waiting for Microsoft’s answer")}}
	}
	var events []views.Event
	switch {
	case a.EndedAt.IsZero() || a.SentAt.IsZero() && a.Answer.Status == 0:
	case a.Answer.Status == 0:
		events = append(events, views.Event{State: "problem", Text: silence(l, a),
			Detail: l.ExactTime(a.EndedAt)})
	default:
		events = append(events, views.Event{State: "problem", Detail: l.ExactTime(a.EndedAt),
			Text: l.T("Microsoft answered %d", a.Answer.Status)})
	}
	return append(events, afterAnswer(l, s)...)
}

// silence says how long Microsoft did not answer, or that the connection closed at once.
func silence(l *language.Locale, a referral.Attempt) string {
	seconds := int(a.EndedAt.Sub(a.SentAt).Round(time.Second).Seconds())
	if seconds <= 1 {
		return l.T("The connection closed before Microsoft answered")
	}
	return l.T("No answer after %d seconds", seconds)
}

// afterAnswer is what follows the answer: a pause, or a look-up.
func afterAnswer(l *language.Locale, s referral.Send) []views.Event {
	at := l.ExactTime(s.UpdatedAt)
	switch {
	case s.State == referral.Waiting:
		return []views.Event{{State: "wait", Text: l.T("Sending again"),
			Detail: l.ExactTime(s.WaitUntil)}}
	case s.LookingUp():
		return []views.Event{{State: "now", Text: l.T("Asking Microsoft whether it arrived")}}
	case s.Outcome.Kind == referral.OutcomeNotFound:
		return []views.Event{{State: "ok", Text: l.T("Asked Microsoft: it is not there"), Detail: at}}
	case s.Outcome.Kind == referral.OutcomeLookupError:
		return []views.Event{{State: "problem", Text: l.T("Asking Microsoft did not work"),
			Detail: at}}
	}
	return nil
}

// maxShown is the number of bytes of a raw answer that a page shows.
const maxShown = 20_000

// technical is what support asks for, one fact a line, with Microsoft's raw answer at the end.
func technical(s referral.Send) string {
	a, o := s.LastAttempt(), s.Outcome
	var out strings.Builder
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&out, "%s: %s\n", name, value)
		}
	}
	line("Send", s.ID)
	line("State", string(s.State)+", "+string(o.Kind))
	line("X-Request-Id", s.Origin.RequestID)
	line("Attempts", fmt.Sprint(len(s.Attempts)))
	line("HTTP status", number(o.Status))
	line("Code", o.Code)
	line("Error number", number(o.Numeric))
	line("Target", o.Target)
	line("Message", o.Message)
	line("MS-RequestId", a.RequestID)
	line("MS-CorrelationId", a.CorrelationID)
	for _, name := range supportHeaders() {
		line(name, a.Answer.Headers[name])
	}
	line("Started", utc(a.StartedAt))
	line("Sent", utc(a.SentAt))
	line("Answered", utc(a.EndedAt))
	if len(a.Answer.Body) > 0 {
		out.WriteString("\n" + bounded(a.Answer.Body))
	}
	return out.String()
}

// supportHeaders are the headers of an answer that support asks for.
func supportHeaders() []string {
	return []string{"request-id", "client-request-id", "x-ms-ags-diagnostic", "timestamp", "ETag"}
}

// bounded returns the beginning of a raw answer as valid text.
func bounded(raw []byte) string {
	cut := len(raw) > maxShown
	text := strings.ToValidUTF8(string(raw[:min(len(raw), maxShown)]), string(utf8.RuneError))
	if cut {
		text += "\n… shortened"
	}
	return text
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

func utc(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2 January 2006, 15:04:05.000 (UTC)")
}
