package handlers

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"tandem/internal/auth"
	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/internal/session"
	"tandem/views"
)

type provider interface {
	// Ready returns nil when sign-in can begin.
	Ready(ctx context.Context) error
	Begin(ctx context.Context, r auth.Request) (string, auth.Flow, error)
	Finish(ctx context.Context, f auth.Flow, query url.Values) (auth.Identity, auth.Token, error)
	SignOutURL(ctx context.Context, idToken, loginHint string) string
	Origins() []string
}

// TokenKeeper keeps the delegated token of a person.
type TokenKeeper interface {
	SaveToken(ctx context.Context, userID string, t auth.Token) error
	DeleteToken(ctx context.Context, userID string) error
}

type signInStore interface {
	SignIn(ctx context.Context, u referral.User) (referral.User, error)
	CreateSession(ctx context.Context, hash []byte, userID, idToken string, l time.Duration) error
	SessionIDToken(ctx context.Context, hash []byte) (string, error)
	DeleteSession(ctx context.Context, hash []byte) error
	// User returns a person by Tandem's id.
	User(ctx context.Context, id string) (referral.User, error)
}

// signInPage offers sign-in, or says that the provider does not answer.
func signInPage(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		v := views.SignIn{
			ReturnTo:  session.LocalPath(c.QueryParam("return_to")),
			Reason:    in(c).T(signInReason(c.QueryParam("reason"))),
			RequestID: refusedID(c),
			SignedIn:  user(c).ID != "" && c.QueryParam("reason") == "",
		}
		if err := d.Provider.Ready(ctx); err != nil {
			v.Down, v.RequestID = true, RequestID(ctx)
			d.Log.WarnContext(ctx, "sign-in cannot begin", "error", err.Error())
		}
		return render(c, views.SignInPage(shell(c, in(c).T("Sign in"), ""), v))
	}
}

// refusedID is the id of the request in which a sign-in failed, if the page is shown for that.
func refusedID(c echo.Context) string {
	id, err := uuid.Parse(c.QueryParam("id"))
	if err != nil {
		return ""
	}
	return id.String()
}

// signInReason returns the sentence for a reason in the URL; unknown ones say nothing.
func signInReason(reason string) language.Key {
	switch reason {
	case "signed-out":
		return "You are signed out."
	case "denied":
		return "Sign-in was cancelled, or your account may not use Tandem. " +
			"Ask your administrator if you think it should."
	case "expired":
		return "Sign-in took too long or was opened twice. Try again."
	case "failed":
		return "Sign-in did not work. Try again. If it happens again, tell your administrator."
	case "kept":
		return "You were signed out. We keep what you typed for 60 minutes. Sign in to go on."
	case "send":
		return "Microsoft needs you to sign in again. Your referral is sent right after."
	}
	return ""
}

// startSignIn sends the browser to the provider. The request carries what waiting sends need of the
// sign-in: the claims of a challenge, or that the person authenticates anew.
func startSignIn(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		back := session.LocalPath(c.FormValue("return_to"))
		ctx := c.Request().Context()
		who, err := d.expected(c)
		if err != nil {
			return err
		}
		claims, fresh, err := d.Sender.SignInDemand(ctx, who.Caller())
		if err != nil {
			return err
		}
		to, flow, err := d.Provider.Begin(ctx, auth.Request{ReturnTo: back, Claims: claims,
			Fresh: fresh, LoginHint: who.LoginHint})
		if err != nil {
			d.Log.WarnContext(ctx, "sign-in cannot begin", "error", err.Error())
			return see(c, "/auth/sign-in?return_to="+url.QueryEscape(back))
		}
		if err := d.Sessions.SaveFlow(c.Response(), c.Request(), session.Flow(flow)); err != nil {
			return err
		}
		return see(c, to)
	}
}

// expected is who will probably sign in: the person who is signed in, or for whom pages wait in
// this browser; the zero User when that is not known.
func (d Deps) expected(c echo.Context) (referral.User, error) {
	if u := user(c); u.ID != "" {
		return u, nil
	}
	_, waits := d.Sessions.Kept(c.Request())
	person, known := d.Sessions.Person(c.Request())
	if !waits || !known {
		return referral.User{}, nil
	}
	u, err := d.Store.User(c.Request().Context(), person)
	if errors.Is(err, referral.ErrNotFound) {
		return referral.User{}, nil
	}
	return u, err
}

// finishSignIn is where the provider sends the browser back to. The flow cookie is used up before
// anything else happens, and the person gets a new session.
func finishSignIn(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		flow, err := d.Sessions.TakeFlow(c.Response(), c.Request())
		if err != nil {
			return d.signInRefused(c, "", err)
		}
		ctx := c.Request().Context()
		who, token, err := d.Provider.Finish(ctx, auth.Flow(flow), c.QueryParams())
		if err != nil {
			return d.signInRefused(c, flow.ReturnTo, err)
		}
		if err := d.welcome(c, who, token); err != nil {
			return err
		}
		return see(c, session.LocalPath(flow.ReturnTo))
	}
}

// signInRefused leads to the sign-in page, which says why the person is there and shows the id that
// the log has. Anybody can ask for the page without a sign-in under way.
func (d Deps) signInRefused(c echo.Context, back string, err error) error {
	ctx, reason, level := c.Request().Context(), "failed", slog.LevelWarn
	switch {
	case errors.Is(err, session.ErrNoFlow):
		reason, level = "expired", slog.LevelInfo
	case errors.Is(err, auth.ErrDenied):
		reason = "denied"
	}
	d.Log.Log(ctx, level, "sign-in refused", "error", err.Error())
	return see(c, "/auth/sign-in?reason="+reason+"&id="+RequestID(ctx)+
		"&return_to="+url.QueryEscape(back))
}

// welcome stores the person, the token and a new session, restores the pages that wait for the
// person and resumes the sends that waited for this sign-in.
func (d Deps) welcome(c echo.Context, who auth.Identity, token auth.Token) error {
	ctx := c.Request().Context()
	u, err := d.Store.SignIn(ctx, userOf(who))
	if err != nil {
		return err
	}
	if err := d.Tokens.SaveToken(ctx, u.ID, token); err != nil {
		return err
	}
	if err := d.newSession(c, u.ID, token.IDToken); err != nil {
		return err
	}
	if err := d.unstash(c, u.ID); err != nil {
		return err
	}
	return d.Sender.SignedIn(ctx, u.Caller())
}

func userOf(who auth.Identity) referral.User {
	u := referral.User{Key: who.Key, Name: who.Name, GivenName: who.GivenName,
		FamilyName: who.FamilyName, Email: who.Email, LoginHint: who.LoginHint}
	for _, role := range who.Roles {
		u.Admin = u.Admin || role == "Tandem.Admin"
	}
	return u
}

// newSession replaces whatever session the browser had, so that none can be planted.
func (d Deps) newSession(c echo.Context, userID, idToken string) error {
	ctx := c.Request().Context()
	if old, ok := d.Sessions.ID(c.Request()); ok {
		if err := d.Store.DeleteSession(ctx, session.Hash(old)); err != nil {
			return err
		}
	}
	id, err := d.Sessions.NewID()
	if err != nil {
		return err
	}
	if err := d.Store.CreateSession(ctx, session.Hash(id), userID, idToken, 0); err != nil {
		return err
	}
	if err := d.Sessions.SetPerson(c.Response(), c.Request(), userID); err != nil {
		return err
	}
	return d.Sessions.SetID(c.Response(), c.Request(), id)
}

// signOut ends the session here first, then at the provider.
func signOut(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		id, ok := d.Sessions.ID(c.Request())
		if !ok {
			return see(c, "/auth/sign-in?reason=signed-out")
		}
		hash := session.Hash(id)
		idToken, err := d.Store.SessionIDToken(ctx, hash)
		if err != nil && !errors.Is(err, referral.ErrNotFound) {
			return err
		}
		if err := d.Store.DeleteSession(ctx, hash); err != nil {
			return err
		}
		if err := d.Tokens.DeleteToken(ctx, user(c).ID); err != nil {
			return err
		}
		d.Sessions.Clear(c.Response(), c.Request())
		if to := d.Provider.SignOutURL(ctx, idToken, user(c).LoginHint); to != "" {
			return see(c, to)
		}
		return see(c, "/auth/sign-in?reason=signed-out")
	}
}
