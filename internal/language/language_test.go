package language_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/language"
)

func TestWords(t *testing.T) {
	ctx := language.With(t.Context(), language.Find("zh-Hans"))
	if got := language.T(ctx, "Sign out"); got != "退出登录" {
		t.Errorf("in Chinese: %s", got)
	}
	if got := language.T(t.Context(), "Sign out"); got != "Sign out" {
		t.Errorf("without a language: %s", got)
	}
	if got := language.T(ctx, "%d words that no file has", 1200); got != "1,200 words that no file has" {
		t.Errorf("unknown: %s", got)
	}
	if got := language.T(ctx, "%d of %d", 4, 7); got != "4/7" {
		t.Errorf("with arguments: %s", got)
	}
	if got := language.Find("zh-Hans").Label("no word of ours %"); got != "no word of ours %" {
		t.Errorf("unknown label: %s", got)
	}
}

func TestMatch(t *testing.T) {
	for accept, want := range map[string]string{
		"":                          "en",
		"nonsense;;q=":              "en",
		"fr, de;q=0.5":              "en",
		"en-GB,en;q=0.9":            "en",
		"zh-CN,zh;q=0.9,en;q=0.8":   "zh-Hans",
		"zh-SG":                     "zh-Hans",
		"fr;q=0.9, zh-Hans;q=0.8":   "zh-Hans",
		"en;q=0.3, zh;q=0.7":        "zh-Hans",
		"de-CH, en;q=0.9, zh;q=0.8": "en",
	} {
		if got := language.Match(accept).Tag(); got != want {
			t.Errorf("%q: %s, want %s", accept, got, want)
		}
	}
	if language.Find("zh") != nil || language.Find("") != nil {
		t.Error("Find knows a tag that no file has")
	}
}

func TestCustoms(t *testing.T) {
	at := time.Date(2027, 1, 4, 9, 5, 7, 0, time.UTC)
	type customs struct {
		Date, Short, DayMonth, DateTime, Full, List, China, None string
		Order                                                    []string
		Family, Largest                                          bool
	}
	got := map[string]customs{}
	for _, l := range language.All() {
		got[l.Tag()] = customs{l.Date(at), l.ShortDate(at), l.DayMonth(at), l.ShortDateTime(at),
			l.FullTime(at), l.List([]string{"A", "B", "C"}), l.Region("CN"), l.Region("no code"),
			l.DateOrder(), l.FamilyNameFirst(), l.LargestFirst()}
	}
	want := map[string]customs{
		"en": {"4 January 2027", "4 Jan 2027", "4 January", "4 Jan 2027, 09:05",
			"4 January 2027, 09:05:07 UTC", "A, B, C", "China", "no code",
			[]string{"day", "month", "year"}, false, false},
		"zh-Hans": {"2027年1月4日", "2027年1月4日", "1月4日", "2027年1月4日 09:05",
			"2027年1月4日 09:05:07 UTC", "A、B、C", "中国", "no code",
			[]string{"year", "month", "day"}, true, true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("customs (-want +got):\n%s", diff)
	}
}

// TestRegions has the names of today, and no word for a code that means nothing.
func TestRegions(t *testing.T) {
	got := map[string][]string{}
	for _, l := range language.All() {
		for _, code := range []string{"TR", "SZ", "MK", "MO", "CZ", "GB", "ZZ", "QQ", "EU"} {
			got[l.Tag()] = append(got[l.Tag()], l.Region(code))
		}
	}
	want := map[string][]string{
		"en": {"Türkiye", "Eswatini", "North Macedonia", "Macao SAR China", "Czechia",
			"United Kingdom", "ZZ", "QQ", "EU"},
		"zh-Hans": {"土耳其", "斯威士兰", "北马其顿", "中国澳门特别行政区", "捷克", "英国", "ZZ", "QQ", "EU"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}

// TestSort has the Chinese order by pinyin, as reference works do.
func TestSort(t *testing.T) {
	names := []string{"中国", "阿根廷", "美国", "德国"}
	language.Sort(language.Find("zh-Hans"), names, func(s string) string { return s })
	if want := []string{"阿根廷", "德国", "美国", "中国"}; !slices.Equal(names, want) {
		t.Errorf("in order: %v", names)
	}
}

func BenchmarkText(b *testing.B) {
	ctx := language.With(b.Context(), language.Find("zh-Hans"))
	b.Run("plain", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			language.T(ctx, "Sign out")
		}
	})
	b.Run("arguments", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			language.T(ctx, "%d of %d", 4, 7)
		}
	})
}
