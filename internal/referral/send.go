package referral

import "time"

// Kind says which of the two referrals of an engagement a send creates.
type Kind string

// The kinds of sends.
const (
	// Own is the partner's own referral.
	Own Kind = "own"
	// Microsoft is the connected referral for Microsoft, with the engagement id of the first.
	Microsoft Kind = "microsoft"
)

// State is where a send stands.
type State string

// The states of a send. Queued, Sending and Waiting move on by themselves; NeedsSignIn and Unknown
// wait for the rep; Accepted, Rejected and Cancelled are final.
const (
	Queued      State = "queued"
	Sending     State = "sending"
	Waiting     State = "waiting"
	NeedsSignIn State = "needs-sign-in"
	Unknown     State = "unknown"
	Accepted    State = "accepted"
	Rejected    State = "rejected"
	Cancelled   State = "cancelled"
)

// Running tells whether the send moves on by itself.
func (s State) Running() bool { return s == Queued || s == Sending || s == Waiting }

// Locks tells whether a send in this state keeps its draft from being changed or sent anew.
func (s State) Locks() bool { return s != Rejected && s != Cancelled && s != "" }

// NeedsAttention tells whether the rep has to do something.
func (s State) NeedsAttention() bool {
	return s == Rejected || s == Unknown || s == NeedsSignIn
}

// Send is one durable creation of a referral at Microsoft. There is at most one send that Locks
// for a draft and kind.
type Send struct {
	ID   string
	Kind Kind
	// DraftID and Revision say what is sent. A connected referral names the draft of the first.
	DraftID  string
	Revision int
	OwnerID  string
	// OwnerName is for display.
	OwnerName string
	State     State
	// Name, Customer and ExternalReferenceID are those in Body; a look-up finds the referral by
	// them.
	Name, Customer, ExternalReferenceID string
	// EngagementID is empty for an own referral until it is accepted.
	EngagementID string
	// Body is the exact JSON that is sent.
	Body []byte
	// Consent is what was said about the customer's consent, as Body has it; nil when nothing was.
	// It is kept when the send is made due, and not loaded with it.
	Consent *ConsentReceipt
	// ReferralID is Tandem's id: of the accepted referral (Own), or of the own referral that
	// this one is connected to (Microsoft).
	ReferralID string
	// Origin is the page request that last asked for the send.
	Origin Origin
	// Outcome is what the last attempt or look-up came to; its Kind is empty before the first.
	Outcome Outcome
	// WaitUntil is when a waiting send goes on; zero otherwise.
	WaitUntil time.Time
	// Attempts are in order, the first is attempt 1.
	Attempts             []Attempt
	CreatedAt, UpdatedAt time.Time
}

// LastAttempt returns the newest attempt, or a zero one.
func (s Send) LastAttempt() Attempt {
	if len(s.Attempts) == 0 {
		return Attempt{}
	}
	return s.Attempts[len(s.Attempts)-1]
}

// Attempt is one POST. It is committed before the POST; EndedAt is zero until the answer is stored,
// and stays zero when the process died in between. Replica names the process that makes it, if
// others watch over that one; LostAt is when its call had certainly ended although nobody recorded
// the end, zero when that is not known.
type Attempt struct {
	Number int
	// RequestID and CorrelationID are the GUIDs sent as MS-RequestId and MS-CorrelationId.
	RequestID, CorrelationID string
	StartedAt, EndedAt       time.Time
	// SentAt is when the first byte went out; zero when none did.
	SentAt  time.Time
	Replica string
	LostAt  time.Time
	Answer  Answer
}

// Answer is Microsoft's answer, kept raw for support.
type Answer struct {
	// Status is the HTTP status; zero when there was no answer.
	Status int
	// Headers holds only those support asks for: request-id, client-request-id, ETag, and so on.
	Headers map[string]string
	// Body is as received, at most 1 MiB.
	Body []byte
}

// OutcomeKind names a line of the table of outcomes: what happened and what the rep can do.
type OutcomeKind string

// The outcomes.
const (
	OutcomeAccepted    OutcomeKind = "accepted"
	OutcomeInvalid     OutcomeKind = "invalid"      // 400, 422: an answer is wrong
	OutcomeSignIn      OutcomeKind = "sign-in"      // 401 or a claims challenge
	OutcomeMFA         OutcomeKind = "mfa"          // 900421: the sign-in carried no MFA
	OutcomeForbidden   OutcomeKind = "forbidden"    // 403: a role is missing
	OutcomeOurFault    OutcomeKind = "our-fault"    // 404, 405, 406, 411, 415, 501
	OutcomeConflict    OutcomeKind = "conflict"     // 409, 412
	OutcomeTooLarge    OutcomeKind = "too-large"    // 413
	OutcomeBusy        OutcomeKind = "busy"         // 423
	OutcomeLimited     OutcomeKind = "limited"      // 429, 509: wait
	OutcomeUnavailable OutcomeKind = "unavailable"  // 503, or no connection: nothing was processed
	OutcomeUnknown     OutcomeKind = "unknown"      // it may have been processed: look first
	OutcomeNotFound    OutcomeKind = "not-found"    // looked: Microsoft does not have it
	OutcomeLookupError OutcomeKind = "lookup-error" // the look-up itself failed
	OutcomeEnded       OutcomeKind = "ended"        // an admin ended it in its owner's place
)

// Outcome is Microsoft's answer, interpreted.
type Outcome struct {
	Kind OutcomeKind `json:"kind,omitempty"`
	// Status is the HTTP status, zero without an answer.
	Status int `json:"status,omitempty"`
	// Code, Numeric, Target and Message are Microsoft's; Message is English and for support only.
	Code    string `json:"code,omitempty"`
	Numeric int    `json:"numeric,omitempty"`
	Target  string `json:"target,omitempty"`
	Message string `json:"message,omitempty"`
	// Path is the field that Target names, empty when unknown.
	Path string `json:"path,omitempty"`
	// Claims is the JSON of a claims challenge for the next sign-in; may be empty.
	Claims string `json:"claims,omitempty"`
}

// Referral is a referral that exists at Microsoft, as Tandem saw it last.
type Referral struct {
	// ID is Tandem's own; RemoteID is Microsoft's.
	ID, RemoteID string
	EngagementID string
	// OwnerID is the person to whom Microsoft shows it; OwnerName is for display.
	OwnerID, OwnerName string
	// SenderID is who sent it from Tandem, empty when it came about elsewhere; SenderName is for
	// display.
	SenderID, SenderName string
	Kind                 Kind
	// DraftID and SendID say where it came from; empty when it was not sent from here.
	DraftID, SendID string
	Deal            Deal
	Name, Customer  string
	// ExternalReferenceID is the CRM reference or our stamp.
	ExternalReferenceID string
	Country             string // ISO 3166-1 alpha-2
	DealValue           string // decimal, such as 50000.5
	Currency            string // ISO 4217
	ClosingDate         string // YYYY-MM-DD, empty when unknown
	Status, Substatus   string
	// Direction is Incoming when Microsoft shared the deal with us; else empty or another word of
	// Microsoft's.
	Direction string
	// Team are the e-mail addresses of our people on the deal; lists leave it empty.
	Team []string
	ETag string
	// Raw is Microsoft's JSON as received at AnsweredAt; lists leave both empty. Raw is also empty
	// once the retention of answers removed it, at RemovedAt, which is zero before.
	Raw                   []byte
	AnsweredAt, RemovedAt time.Time
	CreatedAt, UpdatedAt  time.Time // when Tandem stored it, and Microsoft's updatedDateTime
	// Dates are Microsoft's.
	Dates
	// FetchedAt is when Microsoft last listed it to its owner; zero when that is not known.
	FetchedAt time.Time
	// GoneAt is when Microsoft no longer listed it to its owner; zero while it does.
	GoneAt time.Time
	// Connection tells about Microsoft's side of an own referral.
	Connection Connection
}

// Connection is the state of the connected referral as seen from the own one.
type Connection struct {
	// State is empty when none was begun, Accepted when it exists, else that of its send.
	State State
	// SendID is the newest send of kind Microsoft; ReferralID the connected referral.
	SendID, ReferralID string
	// Status, Substatus and Dates are those of the connected referral, once it exists.
	Status, Substatus string
	Dates
}

// Dates are when a referral came about, when it was accepted or closed, and when it expires unless
// somebody answers, by Microsoft's clock. Any may be zero.
type Dates struct {
	OpenedAt, DecidedAt, ExpiresAt time.Time
}

// MayRepeat tells whether the send can be posted again without doubling the deal: Microsoft refused
// it, or a look-up found that Microsoft does not have it.
func (s Send) MayRepeat() bool {
	return s.State == Rejected || s.State == Unknown && s.Outcome.Kind == OutcomeNotFound
}

// MayCancel tells whether the rep may give the send up: it is not being sent, and certainly not at
// Microsoft.
func (s Send) MayCancel() bool {
	return s.State == Queued || s.State == Waiting || s.State == NeedsSignIn ||
		s.State == Unknown && s.Outcome.Kind == OutcomeNotFound
}

// AwaitsSignIn tells whether the send, or the look-up of it, goes on once the person has signed in.
func (s Send) AwaitsSignIn() bool {
	return s.State == NeedsSignIn || s.State == Unknown &&
		s.Outcome.Kind == OutcomeLookupError && (s.Outcome.Status == 401 || s.Outcome.Claims != "")
}

// LookingUp tells whether a look-up at Microsoft runs or is due by itself.
func (s Send) LookingUp() bool {
	return s.State == Unknown && s.Outcome.Kind == OutcomeUnknown
}
