package language

import (
	"slices"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Region returns the name of a country or region by CLDR; code is ISO 3166-1 alpha-2. What is no
// such code comes back as it is.
func (l *Locale) Region(code string) string {
	region, err := language.ParseRegion(code)
	if err != nil || !region.IsCountry() {
		return code
	}
	if name, ok := l.custom.Regions[region.String()]; ok {
		return name
	}
	if name := display.Regions(l.tag).Name(region); name != "" {
		return name
	}
	return code
}

// Sort puts items in the order of the language by the text that each has. It takes about a
// millisecond for all countries, so keep the result.
func Sort[T any](l *Locale, items []T, text func(T) string) {
	order := collate.New(l.tag)
	slices.SortStableFunc(items, func(a, b T) int { return order.CompareString(text(a), text(b)) })
}
