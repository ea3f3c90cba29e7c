package handlers

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"tandem/internal/form"
	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

type settingsStore interface {
	// Settings is for everybody; the other methods are referral.ErrNotAdmin for reps.
	Settings(ctx context.Context, c referral.Caller) (referral.Settings, error)
	SettingsHistory(ctx context.Context, c referral.Caller) ([]referral.SettingsChange, error)
	SaveOrganization(ctx context.Context, c referral.Caller, id string) error
}

// settingsPage shows what the organisation keeps for all deals, and who changed it.
func settingsPage(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		s, err := d.Store.Settings(c.Request().Context(), caller(c))
		if err != nil {
			return err
		}
		kept, err := restore(c, d.Store)
		if err != nil {
			return err
		}
		typed := s.OrganizationID
		if kept.found() {
			typed = kept.values.Get("organizationId")
		}
		return d.showSettings(c, http.StatusOK, s, organizationField(in(c), typed, nil), kept.note)
	}
}

func organizationField(
	l *language.Locale, value string, problems referral.Problems,
) form.Field {
	return form.Field{Name: "organizationId", ID: "organization-id",
		Label: l.T("Organisation ID"),
		Hint:  l.T("Your organisation in Partner Center, such as msft-mpn-4310972"),
		Value: value, Error: sentenceAt(l, problems, "organizationId"), Width: "w28", Optional: true,
		NoSpellcheck: true, Autocomplete: "off"}
}

func (d Deps) showSettings(
	c echo.Context, status int, s referral.Settings, organization form.Field, kept views.Restored,
) error {
	changes, err := d.Store.SettingsHistory(c.Request().Context(), caller(c))
	if err != nil {
		return err
	}
	l := in(c)
	p := views.SettingsPage{Shell: shell(c, l.T("Settings"), "settings"),
		Organization: organization, Restored: kept}
	p.Shell.HasErrors = organization.Error != ""
	for _, k := range referral.EntryKinds() {
		p.Lists = append(p.Lists, settingsList(l, s, k, d.today(c)))
	}
	for _, x := range changes {
		p.History = append(p.History, settingsChange(l, s, x))
	}
	return renderStatus(c, status, views.Settings(p))
}

func settingsList(
	l *language.Locale, s referral.Settings, k referral.EntryKind, today referral.Date,
) views.SettingsList {
	offered, all := len(s.Offered(k, today)), len(s.Of(k))
	return views.SettingsList{Title: l.T(entryWords(k).title), Hint: l.T(entryWords(k).lead),
		Href: settingsPath(k), Offered: offered, Retired: all - offered}
}

func settingsPath(k referral.EntryKind) string { return "/settings/" + string(k) }

// settingsChange is one line of the history. It names the parts of an entry that changed.
func settingsChange(
	l *language.Locale, s referral.Settings, x referral.SettingsChange,
) views.SettingsChange {
	row := views.SettingsChange{At: x.At, Who: x.UserName, What: l.T(changeWords(x.What)),
		Where: l.T(entryWords(x.Kind).title), Name: x.After.Name}
	if x.Kind == "" {
		row.Where = l.T("Organisation ID")
	}
	row.Parts = changedParts(l, s, x)
	return row
}

func changeWords(what string) language.Key {
	switch what {
	case referral.SettingsAdded:
		return "Added"
	case referral.SettingsRetired:
		return "Retired"
	case referral.SettingsRestored:
		return "Restored"
	}
	return "Changed"
}

// changedParts says which values of an entry changed and how. It is empty for a new entry.
func changedParts(l *language.Locale, s referral.Settings, x referral.SettingsChange) []string {
	if x.What == referral.SettingsAdded {
		return nil
	}
	var out []string
	was, became := entryParts(l, s, x.Before), entryParts(l, s, x.After)
	for i, label := range partLabels(x.Kind) {
		if was[i] != became[i] {
			out = append(out, l.T("%s: %s", l.T(label), shown(was[i])+" → "+shown(became[i])))
		}
	}
	return out
}

// partLabels name what entryParts returns. An organisation has no more than its id, which is the
// name.
func partLabels(k referral.EntryKind) []language.Key {
	if k == "" {
		return []language.Key{"Organisation ID"}
	}
	return []language.Key{"Name", entryWords(k).code, "Solution area", "First day it is offered",
		"Last day it is offered"}
}

func entryParts(l *language.Locale, s referral.Settings, e referral.Entry) []string {
	return []string{e.Name, e.Code, s.NameOf(referral.SolutionAreas, e.Area),
		longDay(l, e.From), longDay(l, e.Until)}
}

// shown is a value of the history; nothing is a dash.
func shown(value string) string {
	if value == "" {
		return "–"
	}
	return value
}

// saveOrganization keeps the id with which new drafts begin.
func saveOrganization(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		values, err := posted(c)
		if err != nil {
			return err
		}
		ctx, typed := c.Request().Context(), values.Get("organizationId")
		if ps := referral.CheckOrganization(typed); len(ps) > 0 {
			s, err := d.Store.Settings(ctx, caller(c))
			if err != nil {
				return err
			}
			return d.showSettings(c, http.StatusUnprocessableEntity, s,
				organizationField(in(c), typed, ps), views.Restored{})
		}
		if err := d.Store.SaveOrganization(ctx, caller(c), referral.Narrow(typed)); err != nil {
			return err
		}
		if err := saved(c, d.Store); err != nil {
			return err
		}
		return see(c, "/settings")
	}
}
