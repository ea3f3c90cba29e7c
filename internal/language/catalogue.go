package language

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"sync"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"
)

//go:embed catalogue/*.json
var files embed.FS

// Text is a translation: one form, or one for each plural category of CLDR that the language has,
// chosen by the argument number Arg.
type Text struct {
	Other string
	Forms map[string]string
	Arg   int
}

// UnmarshalJSON reads a string, or an object of forms such as {"one": "…", "other": "…"} with an
// optional "arg".
func (t *Text) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &t.Other)
	}
	var arg struct{ Arg int }
	if err := json.Unmarshal(data, &arg); err != nil {
		return err
	}
	var forms map[string]any
	if err := json.Unmarshal(data, &forms); err != nil {
		return err
	}
	t.Forms, t.Arg = map[string]string{}, max(arg.Arg, 1)
	for name, form := range forms {
		if s, ok := form.(string); ok {
			t.Forms[name] = s
		}
	}
	t.Other = t.Forms["other"]
	return nil
}

// message is the text for the formatter.
func (t Text) message() catalog.Message {
	if t.Forms == nil {
		return catalog.String(t.Other)
	}
	var cases []any
	for _, form := range []string{"=0", "zero", "one", "two", "few", "many", "other"} {
		if text, ok := t.Forms[form]; ok {
			cases = append(cases, form, text)
		}
	}
	return plural.Selectf(t.Arg, "%d", cases...)
}

// Texts returns the texts of a language's file, nil when there is none: for tests of completeness.
func Texts(tag string) map[Key]Text {
	for _, f := range mustLoad() {
		if f.Tag == tag {
			return f.Texts
		}
	}
	return nil
}

// file is a file of the folder catalogue.
type file struct {
	customs
	Texts map[Key]Text `json:"texts"`
}

// mustLoad reads the embedded files. They are part of the program, so a broken one is a bug.
func mustLoad() []file {
	entries, err := files.ReadDir("catalogue")
	if err != nil {
		panic(err)
	}
	var out []file
	for _, e := range entries {
		data, err := files.ReadFile(path.Join("catalogue", e.Name()))
		if err != nil {
			panic(err)
		}
		var f file
		if err := json.Unmarshal(data, &f); err != nil {
			panic(fmt.Errorf("reading %s: %w", e.Name(), err))
		}
		out = append(out, f)
	}
	return out
}

// mustLocale makes the language of a file.
func mustLocale(f file) *Locale {
	l := &Locale{tag: language.MustParse(f.Tag), custom: f.customs, texts: f.Texts,
		plain: map[Key]string{}, sentences: map[Key]sentence{}}
	texts := catalog.NewBuilder(catalog.Fallback(l.tag))
	for key, text := range f.Texts {
		if text.Forms == nil {
			l.keep(key, text.Other)
		}
		if err := texts.Set(l.tag, string(key), text.message()); err != nil {
			panic(fmt.Errorf("%s: %q: %w", f.Tag, key, err))
		}
	}
	l.printer = message.NewPrinter(l.tag, message.Catalog(texts))
	return l
}

// keep prepares a text of one form that needs no printer.
func (l *Locale) keep(key Key, text string) {
	if !strings.Contains(text, "%") {
		l.plain[key] = text
	} else if s, ok := cut(text); ok {
		l.sentences[key] = s
	}
}

// languages are the files of the folder catalogue, ready to be used.
type languages struct {
	all     []*Locale
	english *Locale
	// offered are all languages in the order of the matcher: English first, because that is what it
	// chooses when none suits.
	offered []*Locale
	matcher language.Matcher
}

// spoken reads the languages at the first call.
var spoken = sync.OnceValue(func() languages {
	var s languages
	for _, f := range mustLoad() {
		s.all = append(s.all, mustLocale(f))
	}
	s.english = find(s.all, "en")
	s.offered = []*Locale{s.english}
	tags := []language.Tag{s.english.tag}
	for _, l := range s.all {
		if l != s.english {
			l.english = s.english
			s.english.keepKeys(l)
			s.offered, tags = append(s.offered, l), append(tags, l.tag)
		}
	}
	s.matcher = language.NewMatcher(tags)
	return s
})

// keepKeys prepares the texts that the other language translates and English, whose file has only
// texts that differ from their keys, does not.
func (l *Locale) keepKeys(other *Locale) {
	for key := range other.texts {
		if _, own := l.texts[key]; !own {
			l.keep(key, string(key))
		}
	}
}

func find(all []*Locale, tag string) *Locale {
	for _, l := range all {
		if l.Tag() == tag {
			return l
		}
	}
	return nil
}

// All lists the languages in the order of their files.
func All() []*Locale { return spoken().all }

// English is the language of the keys.
func English() *Locale { return spoken().english }

// Find returns the language with exactly this tag, nil when Tandem does not speak it.
func Find(tag string) *Locale { return find(spoken().all, tag) }

// Match returns the language that suits an Accept-Language header best, English when none does.
func Match(accept string) *Locale {
	tags, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(tags) == 0 {
		return English()
	}
	_, i, _ := spoken().matcher.Match(tags...)
	return spoken().offered[i]
}
