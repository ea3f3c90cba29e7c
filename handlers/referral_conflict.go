package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"tandem/internal/referral"
	"tandem/views"
)

// versionsRoute is where the rep chooses between his change and Microsoft's version.
const versionsRoute = "/referrals/:r/conflict/:c"

func conflictPath(ch referral.Change) string {
	return referralPath(ch.ReferralID) + "/conflict/" + url.PathEscape(ch.ID)
}

// conflict is a change that met another one at Microsoft, beside what Microsoft has now.
type conflict struct {
	change referral.Change
	own    referral.Referral
	// theirs is Microsoft's newest version that is known, with its eTag; at is when it came about.
	theirs []byte
	etag   string
	at     time.Time
	merge  referral.Merge
	// again says that Microsoft's copy changed once more since the choice was first asked.
	again bool
	// chosen are the versions to keep by name; problems what is missing.
	chosen   map[string]string
	problems referral.Problems
	restored views.Restored
}

// conflicting wraps a page about a conflict; it leads to the change when that is settled.
func conflicting(d Deps, page func(echo.Context, conflict) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		ch, err := d.Store.Change(ctx, caller(c), c.Param("c"))
		if err != nil {
			return err
		}
		own, _, err := d.Store.Pair(ctx, caller(c), c.Param("r"))
		switch {
		case err != nil:
			return err
		case own.ID != ch.ReferralID:
			return referral.ErrNotFound
		case own.OwnerID != user(c).ID:
			return referral.ErrForbidden
		case !ch.Conflicts():
			return see(c, changePath(ch.ID))
		}
		k := conflict{change: ch, own: own, theirs: ch.Theirs, etag: ch.TheirETag,
			again: ch.Replaces != ""}
		if len(own.Raw) > 0 && own.ETag != "" {
			k.theirs, k.etag, k.at = own.Raw, own.ETag, own.UpdatedAt
		}
		k.merge, err = referral.NewMerge(ch.Base, k.theirs, ch.Edits)
		if err != nil {
			return err
		}
		return page(c, k)
	}
}

// conflictPage asks which answers to keep. What was chosen before the rep was signed out is chosen
// still.
func conflictPage(d Deps) echo.HandlerFunc {
	return conflicting(d, func(c echo.Context, k conflict) error {
		kept, err := restore(c, d.Store)
		if err != nil {
			return err
		}
		if kept.found() {
			k.choose(kept.values)
			k.restored, k.problems = kept.note, nil
			k.again = k.again || kept.values.Get("etag") != k.etag
		}
		return k.show(c, http.StatusOK)
	})
}

// settleConflict makes the chosen changes to Microsoft's newest version.
func settleConflict(d Deps) echo.HandlerFunc {
	return conflicting(d, func(c echo.Context, k conflict) error {
		values, err := posted(c)
		if err != nil {
			return err
		}
		k.choose(values)
		switch {
		case values.Get("etag") != k.etag:
			k.again, k.problems = true, nil
			return k.show(c, http.StatusConflict)
		case len(k.problems) > 0 || k.closed():
			return k.show(c, http.StatusUnprocessableEntity)
		}
		edits := k.merge.Resolve(func(x referral.Clash) bool { return k.chosen[x.Name()] == "mine" })
		if len(edits) == 0 {
			return d.giveUp(c, k)
		}
		ch := k.change
		err = d.submitChange(c, referral.Change{ReferralID: ch.ReferralID, Section: ch.Section,
			Deal: ch.Deal, BaseETag: k.etag, Edits: edits, Replaces: ch.ID}, k.theirs)
		return d.elsewhere(c, k, err)
	})
}

// elsewhere leads to the change that is under way, or that settled this conflict, instead.
func (d Deps) elsewhere(c echo.Context, k conflict, err error) error {
	if !errors.Is(err, referral.ErrLocked) && !errors.Is(err, referral.ErrConflict) {
		return err
	}
	all, err := d.Store.Changes(c.Request().Context(), caller(c), k.own.ID)
	if err != nil {
		return err
	}
	for _, ch := range all {
		if ch.Open() || ch.Replaces == k.change.ID {
			return see(c, changePath(ch.ID))
		}
	}
	return see(c, changePath(k.change.ID))
}

// giveUp ends a conflict of which nothing of the rep's own is to be kept.
func (d Deps) giveUp(c echo.Context, k conflict) error {
	err := d.Changes.DropChange(c.Request().Context(), caller(c), k.change.ID)
	if err != nil && !isConflict(err) {
		return err
	}
	return see(c, referralPath(k.own.ID))
}

// choose reads the choices, and notes which are missing.
func (k *conflict) choose(values url.Values) {
	k.chosen = map[string]string{}
	for _, x := range k.merge.Both {
		switch v := values.Get(x.Name()); v {
		case "mine", "theirs":
			k.chosen[x.Name()] = v
		default:
			k.problems = append(k.problems, referral.Problem{Path: x.Name()})
		}
	}
}

// closed tells whether Microsoft's copy was closed, so that nothing can be changed.
func (k *conflict) closed() bool { return k.own.Standing().Closes() }

func (k *conflict) show(c echo.Context, status int) error {
	l := in(c)
	title := l.T("Someone else changed this referral")
	p := views.ConflictPage{Shell: shell(c, title+" – "+k.own.Name, "referrals"),
		Name: k.own.Name, Title: title, Lead: k.lead(l, now(c)), VersionName: "etag", Version: k.etag,
		BackText: l.T("Back to the referral"), BackHref: referralPath(k.own.ID),
		Restored: k.restored, Choices: k.choices(l), Theirs: k.onlyTheirs(l), Mine: k.onlyMine(l),
		DiscardHref: changePath(k.change.ID) + "/drop"}
	if k.again && !k.closed() {
		p.Again = k.changedAgain(l, now(c))
	}
	if k.closed() {
		p.Closed = l.Label(referral.ClosedReason)
	}
	p.Shell.HasErrors = len(k.problems) > 0
	return renderStatus(c, status, views.Conflict(p))
}
