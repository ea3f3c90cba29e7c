package partnercenter

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
)

// Answer is a call that succeeded.
type Answer struct {
	Exchange
	// Referral is nil only when Patch was answered 204, without a body.
	Referral *Referral
}

// Op is one operation of a change. The service knows add and replace.
type Op struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value"`
}

// Add returns the operation that adds value at a path such as /team/-.
func Add(path string, value any) Op { return Op{Op: "add", Path: path, Value: value} }

// Replace returns the operation that sets the value at a path such as /status.
func Replace(path string, value any) Op { return Op{Op: "replace", Path: path, Value: value} }

// Create posts body, the JSON of a referral, exactly as given and exactly once.
// A success whose body is not a referral with an id is an *Error with that
// status: the referral may exist, look before posting again.
func (c *Client) Create(ctx context.Context, call Call, body []byte) (*Answer, error) {
	if body == nil {
		body = []byte{}
	}
	return c.one(ctx, call, request{
		op: "create referral", method: http.MethodPost, url: c.referrals(""), body: body,
	})
}

// Referral looks one referral up by its id.
func (c *Client) Referral(ctx context.Context, call Call, id string) (*Answer, error) {
	if err := checkID(id); err != nil {
		return nil, &Error{Op: "look up referral", Err: err}
	}
	return c.one(ctx, call, request{
		op: "look up referral", method: http.MethodGet, url: c.referrals(id),
	})
}

// Ops returns the body of a change made of these operations.
func Ops(ops ...Op) ([]byte, error) {
	if ops == nil {
		ops = []Op{}
	}
	return json.Marshal(ops)
}

// Patch applies a body such as that of Ops to a referral, all or nothing, exactly
// as given and exactly once. The etag is what the referral carried when it was
// read, passed on verbatim; when it is stale the error has status 412. An empty
// etag changes the referral whatever happened to it since.
func (c *Client) Patch(
	ctx context.Context, call Call, id, etag string, body []byte,
) (*Answer, error) {
	if err := checkID(id); err != nil {
		return nil, &Error{Op: "change referral", Err: err}
	}
	header := http.Header{"Prefer": {"return=representation"}}
	if etag != "" {
		header.Set("If-Match", etag)
	}
	return c.one(ctx, call, request{
		op: "change referral", method: http.MethodPatch, url: c.referrals(id),
		header: header, body: body,
	})
}

var errNoReferral = errors.New("the answer holds no referral")

func (c *Client) one(ctx context.Context, call Call, r request) (*Answer, error) {
	r.limit = maxBody
	x, err := c.do(ctx, call, r)
	if err != nil {
		return nil, err
	}
	if x.Status == http.StatusNoContent && r.method == http.MethodPatch {
		return &Answer{Exchange: *x}, nil
	}
	ref, err := ParseReferral(x.Raw)
	if err != nil {
		return nil, &Error{Exchange: *x, Op: r.op, Err: errNoReferral}
	}
	return &Answer{Exchange: *x, Referral: ref}, nil
}
