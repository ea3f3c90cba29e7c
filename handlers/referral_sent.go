package handlers

import (
	"github.com/labstack/echo/v4"

	"tandem/views"
)

// sentPage confirms that Microsoft has the referral and leads on to Microsoft's own.
func sentPage(db referralStore) echo.HandlerFunc {
	return func(c echo.Context) error {
		own, connected, err := db.Pair(c.Request().Context(), caller(c), c.Param("r"))
		if err != nil {
			return err
		}
		l := in(c)
		v := views.Sent{Name: own.Name, Status: standingText(l, own.Status, own.Substatus),
			EngagementID: own.EngagementID, ReferralID: own.RemoteID, At: own.CreatedAt,
			Microsoft: connected != nil, Pair: pairOf(l, own, connected)}
		v.Next = mayConnect(own, caller(c)) && !own.Connection.State.Locks()
		v.Actions = append(nextActions(l, own, caller(c)), copyAction(c, own))
		title := l.T("Referral sent")
		if v.Microsoft {
			title = l.T("Microsoft’s referral was created")
		}
		return render(c, views.SentPage(shell(c, titled(title, own.Name), "referrals"), v))
	}
}
