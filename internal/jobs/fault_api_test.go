package jobs_test

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	"tandem/internal/jobs"
	"tandem/internal/partnercenter"
	"tandem/internal/practice"
)

func sorted(m map[fault]misdeed) []fault { return slices.Sorted(maps.Keys(m)) }

// deadlyTokens signs in, one token for each rep, so that a call shows whose it is.
type deadlyTokens struct{ p *process }

// Ready has a token at hand for every other rep, unless the process is to die for want of one.
func (d deadlyTokens) Ready(ctx context.Context, userID string) string {
	one := d.p.dealOf(d.p.byRep, userID)
	if one.fault == afterCommit || d.p.isDead() || !one.ready {
		return ""
	}
	token, err := d.Renew(ctx, userID, "")
	if err != nil {
		return ""
	}
	return token
}

func (d deadlyTokens) AccessToken(ctx context.Context, userID string) (string, error) {
	one := d.p.dealOf(d.p.byRep, userID)
	if one.fault == afterCommit && one.met.CompareAndSwap(false, true) {
		d.p.die()
	}
	if d.p.isDead() {
		return "", errDead
	}
	return d.Renew(ctx, userID, "")
}

func (d deadlyTokens) Renew(_ context.Context, userID, _ string) (string, error) {
	token, err := d.p.tokens.p.SignIn(email, "")
	if err != nil {
		return "", err
	}
	d.p.faulty.mu.Lock()
	defer d.p.faulty.mu.Unlock()
	d.p.byToken[token] = d.p.byRep[userID]
	return token, nil
}

func (f *faulty) dealOf(index map[string]*deal, key string) *deal {
	f.mu.Lock()
	defer f.mu.Unlock()
	return index[key]
}

// deadlyAPI is the client in a process that may die at a call.
type deadlyAPI struct {
	jobs.API
	p *process
}

func (d deadlyAPI) Create(
	ctx context.Context, call partnercenter.Call, body []byte,
) (*partnercenter.Answer, error) {
	one := d.p.dealOf(d.p.byToken, call.Token)
	if one.fault == beforeWrite && one.met.CompareAndSwap(false, true) {
		d.p.die()
	}
	if !d.p.begin() {
		<-d.p.dead // a process that is gone learns nothing, and stores nothing
		return nil, errDead
	}
	answer, err := d.p.api.Client.Create(ctx, call, body)
	d.p.calls.Done()
	if one.fault == beforeStoring && one.met.CompareAndSwap(false, true) {
		d.p.die()
	}
	if d.p.isDead() {
		return nil, errDead
	}
	return answer, err
}

func (d deadlyAPI) List(
	ctx context.Context, call partnercenter.Call, q partnercenter.Query,
) (*partnercenter.Page, error) {
	one := d.p.dealOf(d.p.byToken, call.Token)
	page, err := d.p.api.Client.List(ctx, call, q)
	if one.diesLooking && one.looked.CompareAndSwap(false, true) {
		d.p.die()
	}
	if d.p.isDead() {
		return nil, errDead
	}
	return page, err
}

// front is Microsoft: it does what is to happen to a deal's first attempt.
func (f *faulty) front(w http.ResponseWriter, r *http.Request) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	d := f.dealOf(f.byToken, token)
	if r.Method != http.MethodPost || d.fault == beforeStoring || !d.met.CompareAndSwap(false, true) {
		f.serve(w, r)
		return
	}
	switch d.fault {
	case afterWrite:
		f.holdRequest(w, r)
	case beforeRead:
		f.holdAnswer(w, r)
	default:
		f.misbehave(w, r, misdeeds()[d.fault])
	}
}

// holdRequest carries the request out once the process is dead that sent it.
func (f *faulty) holdRequest(w http.ResponseWriter, r *http.Request) {
	p := f.present()
	p.reached.Add(1)
	<-p.dead
	f.serve(w, r)
}

// holdAnswer answers half of it, and the rest to nobody.
func (f *faulty) holdAnswer(w http.ResponseWriter, r *http.Request) {
	p, answer := f.present(), httptest.NewRecorder()
	f.serve(answer, r)
	w.WriteHeader(answer.Code)
	half := answer.Body.Len() / 2
	_, _ = w.Write(answer.Body.Next(half))
	_ = http.NewResponseController(w).Flush()
	p.reached.Add(1)
	<-p.dead
	_, _ = w.Write(answer.Body.Bytes())
}

func (f *faulty) present() *process {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.alive
}

// misbehave does what Microsoft does wrong.
func (f *faulty) misbehave(w http.ResponseWriter, r *http.Request, m misdeed) {
	if m.kind != "" {
		f.failNext(m.kind, w, r)
		return
	}
	if m.stored {
		f.serve(httptest.NewRecorder(), r)
	}
	if name, value, ok := strings.Cut(m.header, ": "); ok {
		w.Header().Set(name, value)
	}
	w.WriteHeader(m.status)
}

// serve answers as Microsoft does when nothing is wrong.
func (f *faulty) serve(w http.ResponseWriter, r *http.Request) {
	f.failing.RLock()
	defer f.failing.RUnlock()
	f.sim.ServeHTTP(w, r)
}

// failNext gives a fault to the simulator for this very request.
func (f *faulty) failNext(kind practice.Kind, w http.ResponseWriter, r *http.Request) {
	f.failing.Lock()
	defer f.failing.Unlock()
	f.fail(practice.Fault{Kind: kind, Method: http.MethodPost, RetryAfter: 1e9})
	f.sim.ServeHTTP(w, r)
}
