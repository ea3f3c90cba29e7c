package handlers

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"tandem/internal/referral"
	"tandem/views"
)

// clock is the form of times in a timeline.
const clock = "15:04:05 UTC"

// timeline tells what happened to the newest attempt of a send.
func timeline(s referral.Send) []views.Event {
	first := "Draft locked"
	if s.Kind == referral.Microsoft {
		first = "Answers stored"
	}
	events := []views.Event{{State: "ok", Text: first, Detail: s.CreatedAt.UTC().Format(clock)}}
	a := s.LastAttempt()
	if s.State == referral.Queued || a.Number == 0 {
		return append(events, pending(s)...)
	}
	events = append(events, sentEvent(s, a))
	return append(events, answerEvents(s, a)...)
}

// pending is what a send that waits for its turn has before it.
func pending(s referral.Send) []views.Event {
	if !s.State.Running() {
		return nil
	}
	return []views.Event{{State: "now", Text: "Sending to Microsoft"},
		{State: "wait", Text: "Microsoft answers"}}
}

func sentEvent(s referral.Send, a referral.Attempt) views.Event {
	at, e := a.SentAt, views.Event{State: "ok", Text: "Sent to Microsoft"}
	switch {
	case !at.IsZero():
	case s.State == referral.Sending:
		at, e = a.StartedAt, views.Event{State: "ok", Text: "Sending begun"}
	case a.EndedAt.IsZero():
		at, e = a.StartedAt, views.Event{State: "problem", Text: "Sending to Microsoft stopped"}
	default:
		at, e = a.StartedAt, views.Event{State: "problem", Text: "Microsoft could not be reached"}
	}
	e.Detail = at.UTC().Format(clock)
	if a.Number > 1 {
		e.Detail += fmt.Sprintf(", attempt %d", a.Number)
	}
	if a.RequestID != "" {
		e.Detail += ", request-id " + a.RequestID
	}
	return e
}

func answerEvents(s referral.Send, a referral.Attempt) []views.Event {
	if s.State == referral.Sending {
		return []views.Event{{State: "now", Text: "Waiting for Microsoft’s answer"}}
	}
	var events []views.Event
	switch {
	case a.EndedAt.IsZero() || a.SentAt.IsZero() && a.Answer.Status == 0:
	case a.Answer.Status == 0:
		events = append(events, views.Event{State: "problem", Text: silence(a),
			Detail: a.EndedAt.UTC().Format(clock)})
	default:
		events = append(events, views.Event{State: "problem", Detail: a.EndedAt.UTC().Format(clock),
			Text: fmt.Sprintf("Microsoft answered %d", a.Answer.Status)})
	}
	return append(events, afterAnswer(s)...)
}

// silence says how long Microsoft did not answer. A connection that closes at once is no wait.
func silence(a referral.Attempt) string {
	seconds := int(a.EndedAt.Sub(a.SentAt).Round(time.Second).Seconds())
	if seconds <= 1 {
		return "The connection closed before Microsoft answered"
	}
	return fmt.Sprintf("No answer after %d seconds", seconds)
}

// afterAnswer is what follows the answer: a pause, or a look-up.
func afterAnswer(s referral.Send) []views.Event {
	at := s.UpdatedAt.UTC().Format(clock)
	switch {
	case s.State == referral.Waiting:
		return []views.Event{{State: "wait", Text: "Sending again",
			Detail: s.WaitUntil.UTC().Format(clock)}}
	case s.LookingUp():
		return []views.Event{{State: "now", Text: "Asking Microsoft whether it arrived"}}
	case s.Outcome.Kind == referral.OutcomeNotFound:
		return []views.Event{{State: "ok", Text: "Asked Microsoft: it is not there", Detail: at}}
	case s.Outcome.Kind == referral.OutcomeLookupError:
		return []views.Event{{State: "problem", Text: "Asking Microsoft did not work", Detail: at}}
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
