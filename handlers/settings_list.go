package handlers

import (
	"context"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"tandem/internal/form"
	"tandem/internal/language"
	"tandem/internal/referral"
	"tandem/views"
)

type entriesStore interface {
	AddEntries(ctx context.Context, c referral.Caller, all []referral.Entry) (int, error)
	// SaveEntry is referral.ErrConflict when the entry was changed meanwhile.
	SaveEntry(ctx context.Context, c referral.Caller, e referral.Entry, what string) error
	// Suggestions are solutions of past referrals that the settings do not have.
	Suggestions(ctx context.Context, c referral.Caller) ([]referral.Suggestion, error)
}

// importRoute takes many entries at once; the form stands on the page of the list.
const importRoute = "/settings/:kind/import"

// entryList is one request for a list of the settings.
type entryList struct {
	Deps
	locale   *language.Locale
	kind     referral.EntryKind
	settings referral.Settings
	today    referral.Date
	// typed is what the form below the list says; problems are those of either form.
	typed    referral.EntryAnswers
	pasted   string
	problems referral.Problems
	restored views.Restored
}

// openList reads the settings for who may change them.
func openList(c echo.Context, d Deps) (entryList, error) {
	l := entryList{Deps: d, locale: in(c), kind: referral.EntryKind(c.Param("kind")),
		today: d.today(c)}
	if !caller(c).Admin {
		return l, referral.ErrNotAdmin
	}
	if !l.kind.Valid() {
		return l, referral.ErrNotFound
	}
	var err error
	l.settings, err = d.Store.Settings(c.Request().Context(), caller(c))
	return l, err
}

// listSettingsPage shows one list. The address may bring the name and code of a new entry.
func listSettingsPage(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		l, err := openList(c, d)
		if err != nil {
			return err
		}
		l.typed.Name, l.typed.Code = c.QueryParam("name"), c.QueryParam("code")
		kept, err := restore(c, d.Store)
		if err != nil {
			return err
		}
		kept.decode(&l.typed)
		l.pasted, l.restored = kept.values.Get("list"), kept.note
		return l.show(c, http.StatusOK)
	}
}

func (l entryList) show(c echo.Context, status int) error {
	words, t := entryWords(l.kind), l.locale.T
	p := views.EntriesPage{Shell: shell(c, titled(t(words.title), t("Settings")), "settings"),
		Title: t(words.title), Lead: t(words.lead), Note: t(words.note), AddTitle: t(words.add),
		Path: settingsPath(l.kind), Form: l.entryForm(l.typed), Paste: l.paste(),
		HasArea: l.kind == referral.SolutionPlays, Restored: l.restored}
	p.PasteOpen = l.pasted != ""
	p.Shell.HasErrors = len(l.problems) > 0
	for _, e := range l.settings.Of(l.kind) {
		p.Rows = append(p.Rows, l.row(e))
	}
	var err error
	if l.kind == referral.OwnSolutions {
		p.Suggestions, err = l.suggestions(c)
	}
	if err != nil {
		return err
	}
	return renderStatus(c, status, views.Entries(p))
}

func (l entryList) row(e referral.Entry) views.EntryRow {
	return views.EntryRow{Name: e.Name, Code: e.Code, Path: settingsPath(l.kind) + "/" + e.ID,
		Area: l.settings.NameOf(referral.SolutionAreas, e.Area),
		From: shortDay(l.locale, e.From), Until: shortDay(l.locale, e.Until),
		Offered: e.ValidOn(l.today), Later: l.today.Before(e.From), Revision: e.Revision}
}

func shortDay(l *language.Locale, d referral.Date) string {
	if d.IsZero() {
		return ""
	}
	return l.ShortDate(d.Time())
}

func (l entryList) suggestions(c echo.Context) ([]views.EntrySuggestion, error) {
	all, err := l.Store.Suggestions(c.Request().Context(), caller(c))
	var out []views.EntrySuggestion
	for _, x := range all {
		query := url.Values{"code": {x.Code}, "name": {x.Name}}
		out = append(out, views.EntrySuggestion{Code: x.Code, Name: x.Name, Count: x.Count,
			Href: settingsPath(l.kind) + "?" + query.Encode() + "#name"})
	}
	return out, err
}

// entryForm asks for one entry.
func (l entryList) entryForm(a referral.EntryAnswers) views.EntryForm {
	words := entryWords(l.kind)
	f := views.EntryForm{
		Name: form.Field{Name: "name", ID: "name", Label: l.locale.T("Name"), Value: a.Name,
			Error: l.wrong("name")},
		Code: form.Field{Name: "code", ID: "code", Label: l.locale.T(words.code),
			Hint: l.locale.T(words.codeHint), Value: a.Code, Error: l.wrong("code")},
		From:  l.date("from", "First day it is offered", a.From),
		Until: l.date("until", "Last day it is offered", a.Until),
	}
	f.Name.Autocomplete, f.Code.Autocomplete = "off", "off"
	f.Code.NoSpellcheck, f.Code.Optional = true, l.kind != referral.OwnSolutions
	if l.kind == referral.SolutionPlays {
		f.Area = l.areaField("area", a.Area)
	}
	return f
}

func (l entryList) areaField(id, chosen string) form.Field {
	f := form.Field{Name: "area", ID: id, Label: l.locale.T("Solution area"),
		Error: l.wrong("area"), Options: options(chooseOne(l.locale))}
	for _, e := range l.settings.Of(referral.SolutionAreas) {
		f.Options = append(f.Options, form.Option{Value: e.Code, Label: e.Name})
	}
	return f.Choose(chosen)
}

// wrong is what is wrong with an input, empty when it is right.
func (l entryList) wrong(path string) string { return sentenceAt(l.locale, l.problems, path) }

func (l entryList) date(name string, label language.Key, typed referral.ClosingDate) form.Date {
	d := dateField(l.locale, name, name, label, typed)
	d.Optional, d.Error = true, l.wrong(name+".day")
	return d
}

func (l entryList) paste() views.PasteForm {
	f := views.PasteForm{List: form.Field{Name: "list", ID: "list", Label: l.locale.T("List"),
		Hint: l.locale.T(entryWords(l.kind).pasteHint), Value: l.pasted, Rows: 6,
		Error: l.wrong("list"), NoSpellcheck: true}}
	if l.kind == referral.SolutionPlays {
		f.Area = l.areaField("paste-area", l.typed.Area)
		f.Area.Error = ""
		if l.pasted != "" {
			f.Area.Error = l.wrong("area")
		}
	}
	return f
}

// addEntry adds one entry to a list.
func addEntry(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		l, err := openList(c, d)
		if err != nil {
			return err
		}
		if _, err := decode(c, &l.typed); err != nil {
			return err
		}
		l.problems = referral.CheckEntry(l.typed, l.kind, "", l.settings)
		if len(l.problems) > 0 {
			return l.show(c, http.StatusUnprocessableEntity)
		}
		return l.add(c, []referral.Entry{l.typed.Entry(l.kind)})
	}
}

// importEntries adds the lines of a pasted list.
func importEntries(d Deps) echo.HandlerFunc {
	return func(c echo.Context) error {
		l, err := openList(c, d)
		if err != nil {
			return err
		}
		values, err := decode(c, &l.typed)
		if err != nil {
			return err
		}
		l.pasted = values.Get("list")
		all, problems := referral.ReadEntries(l.pasted, l.kind, l.typed.Area, l.settings)
		_, area := l.settings.Find(referral.SolutionAreas, l.typed.Area)
		if l.problems = problems; l.kind == referral.SolutionPlays && !area {
			l.problems = append(referral.Problems{{Path: "area",
				Message: "Select the solution area"}}, problems...)
		}
		if len(l.problems) > 0 {
			return l.show(c, http.StatusUnprocessableEntity)
		}
		return l.add(c, all)
	}
}

func (l entryList) add(c echo.Context, all []referral.Entry) error {
	if _, err := l.Store.AddEntries(c.Request().Context(), caller(c), all); err != nil {
		return err
	}
	return l.leave(c)
}
