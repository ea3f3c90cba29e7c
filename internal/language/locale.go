package language

import (
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// Locale is one language with its customs. It is safe for concurrent use.
type Locale struct {
	tag    language.Tag
	custom customs
	texts  map[Key]Text
	// plain are the texts without arguments.
	plain map[Key]string
	// sentences are the texts whose arguments can mostly be put in without a printer.
	sentences map[Key]sentence
	printer   *message.Printer
	// english has the texts that this language lacks; nil in English itself.
	english *Locale
	// zone is the person's time zone, nil when it is not known.
	zone *time.Location
}

// customs is how a language writes what is not a text. See the files in catalogue.
type customs struct {
	Tag string `json:"tag"`
	// Name is what the language calls itself.
	Name string `json:"name"`
	// Months and ShortMonths are names, empty where dates have none.
	Months      []string `json:"months"`
	ShortMonths []string `json:"shortMonths"`
	// Date, ShortDate, DayMonth and MonthYear are made of {year}, {month}, {day}, {monthName} and
	// {shortMonthName}; DateTime of {date} and {time}.
	Date      string `json:"date"`
	ShortDate string `json:"shortDate"`
	DayMonth  string `json:"dayMonth"`
	MonthYear string `json:"monthYear"`
	// ShortMonth is made of the same parts.
	ShortMonth string `json:"shortMonth"`
	DateTime   string `json:"dateTime"`
	// DateOrder is how the parts of a date are asked for.
	DateOrder []string `json:"dateOrder"`
	// FamilyNameFirst is the order in which names are asked for and written.
	FamilyNameFirst bool `json:"familyNameFirst"`
	// LargestFirst says that addresses begin with the country and end with the street.
	LargestFirst bool `json:"largestFirst"`
	// ListSeparator stands between the items of a list in a sentence.
	ListSeparator string `json:"listSeparator"`
	// Regions are the names by CLDR 48 that differ from those of golang.org/x/text, whose CLDR is
	// 32.
	Regions map[string]string `json:"regions"`
}

// T returns the text with its arguments, in the plural form that they ask for. A text that the
// language lacks is returned in English.
func (l *Locale) T(key Key, args ...any) string {
	if text, ok := l.plain[key]; ok && len(args) == 0 {
		return text
	}
	if s, ok := l.sentences[key]; ok {
		if text, ok := s.fill(args); ok {
			return text
		}
	}
	_, known := l.texts[key]
	switch {
	case known:
		return l.printer.Sprintf(string(key), args...)
	case l.english != nil:
		return l.english.T(key, args...)
	case len(args) == 0:
		return string(key)
	}
	return l.printer.Sprintf(string(key), args...)
}

// Forms returns the text with its verbs, by the plural category that each form is for: for scripts,
// which choose the form themselves. A text with one form has it under "other".
func (l *Locale) Forms(key Key) map[string]string {
	text, known := l.texts[key]
	switch {
	case !known && l.english != nil:
		return l.english.Forms(key)
	case !known:
		return map[string]string{"other": string(key)}
	case text.Forms == nil:
		return map[string]string{"other": text.Other}
	}
	return text.Forms
}

// Label returns the translation of a word of Tandem's own lists, such as the name of an industry.
// Words that are in no list come back as they are.
func (l *Locale) Label(english string) string { return l.T(Key(english)) }

// Tag is the language's BCP 47 tag, such as zh-Hans: the value of lang attributes.
func (l *Locale) Tag() string { return l.custom.Tag }

// Name is what the language calls itself.
func (l *Locale) Name() string { return l.custom.Name }

// FamilyNameFirst tells whether names are asked for and written with the family name first.
func (l *Locale) FamilyNameFirst() bool { return l.custom.FamilyNameFirst }

// LargestFirst tells whether addresses begin with the country and end with the street.
func (l *Locale) LargestFirst() bool { return l.custom.LargestFirst }

// DateOrder is the order in which "day", "month" and "year" are asked for.
func (l *Locale) DateOrder() []string { return l.custom.DateOrder }

// List joins the items as in a sentence.
func (l *Locale) List(items []string) string {
	return strings.Join(items, l.custom.ListSeparator)
}
