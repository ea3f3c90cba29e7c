// Package views draws every page: plain values in, HTML out. Pages are made of a Layout, one of its
// frames, and the components; the classes are those of the style sheet in static/css. What stands
// on a page many times is written by hand, see part; what many pages share is kept, see kept.
package views

import (
	"context"
	"strconv"

	"tandem/static"
)

// favicon is the sign of Tandem as a data URL, so that browsers ask for nothing more.
const favicon = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' " +
	"viewBox='0 0 28 28'%3E%3Crect width='28' height='28' rx='8' fill='%233347c9'/%3E" +
	"%3Cg fill='none' stroke='%23fff' stroke-width='2.2'%3E%3Ccircle cx='11.2' cy='14' r='5'/%3E" +
	"%3Ccircle cx='16.8' cy='14' r='5'/%3E%3C/g%3E%3C/svg%3E"

// Shell is what surrounds a page.
type Shell struct {
	// Title is "{h1} – {context}". The layout adds the product, and "Error: " when HasErrors.
	Title string
	// Nav is the part of the main navigation the page belongs to: "referrals", "drafts", "settings"
	// or "".
	Nav string
	// User is the signed-in rep; the zero User draws the page of nobody, without navigation.
	User User
	// Drafts is the number beside the link to the drafts; from a hundred on it says 99+.
	Drafts int
	// Practice shows the banner that nothing is sent to Microsoft.
	Practice bool
	// HasErrors says that the page shows an error summary.
	HasErrors bool
	// Languages are links to the same page in the other languages.
	Languages []LanguageLink
	// Lang is the language of the page, "en" when empty. Theme is "light", "dark", or empty for
	// what the device prefers.
	Lang, Theme string
	// Session is what the page knows of the end of the session.
	Session Session
	// Refresh reloads the page after so many seconds in browsers without scripts; 0 never does.
	Refresh int
}

// LanguageLink leads to the page in the language with the tag; Name is what it calls itself.
type LanguageLink struct {
	Tag, Name, Href string
}

// User is the signed-in rep as the top bar shows him. Email may be empty. Admin adds the link to
// the settings.
type User struct {
	Name, Initials, Email string
	Admin                 bool
}

func (s Shell) signedIn() bool {
	return s.User != User{}
}

func (s Shell) lang() string {
	if s.Lang == "" {
		return "en"
	}
	return s.Lang
}

const product = " – Tandem"

func (s Shell) title(ctx context.Context) string {
	if s.HasErrors {
		return t(ctx, "Error: ") + s.Title + product
	}
	return s.Title + product
}

func (s Shell) home() string {
	if s.signedIn() {
		return "/referrals"
	}
	return "/"
}

func asset(name string) string {
	return static.Asset(name)
}

// some writes a number that is counted to a hundred only.
func some(n int) string {
	if n > 99 {
		return "99+"
	}
	return strconv.Itoa(n)
}
