// Package language holds the languages that Tandem speaks: their texts, and how each writes dates,
// lists, names and countries.
//
// # Texts
//
// The English sentence is the key of its translations, so code stays readable. In a page
//
//	<h1>{ t(ctx, "Delete this draft?") }</h1>
//	<p>{ t(ctx, "%d of %d referrals", shown, all) }</p>
//
// and in a handler, where in(c) is the language of the request,
//
//	in(c).T("Enter a first name for contact %d", n)
//
// A text is always one whole sentence in one literal: other languages put words in another order,
// so never glue sentences together and never pass half a phrase as an argument. What only a screen
// reader hears is a sentence, too: "Remove contact 2, Joe Hansen". A sentence with markup in it is
// drawn by views' rich: @rich("Sent by %s", strong(name)). Integers are grouped by %d. A
// literal becomes a Key by itself; tables of texts are declared as []language.Key. Never make a
// Key from what a person typed.
//
// After a new text run go test ./internal/language: it reads all packages, names each text that a
// file in catalogue lacks, each that nobody uses, and each whose arguments differ. Add the Chinese
// to catalogue/zh-Hans.json. A text that counts also needs its forms in catalogue/en.json:
//
//	"%d fields are wrong": {"one": "%d field is wrong", "other": "%d fields are wrong"}
//
// The forms are chosen by the first argument, or by "arg": 2 the second.
//
// # A further language
//
// is a further file in catalogue: its tag, its own name, its customs and its texts.
package language

import "context"

// Key is a text in English, with the verbs of package fmt for its arguments.
type Key string

type contextKey struct{}

// With returns a context in which T speaks the language.
func With(ctx context.Context, l *Locale) context.Context {
	return context.WithValue(ctx, contextKey{}, l)
}

// Of returns the language of the context, English when it has none.
func Of(ctx context.Context) *Locale {
	if l, ok := ctx.Value(contextKey{}).(*Locale); ok {
		return l
	}
	return English()
}

// T returns the text in the language of the context; see Locale.T.
func T(ctx context.Context, key Key, args ...any) string { return Of(ctx).T(key, args...) }
