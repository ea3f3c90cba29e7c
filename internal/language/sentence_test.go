package language_test

import (
	"testing"

	"tandem/internal/language"
)

// TestSentences puts arguments into texts with a printer and without.
func TestSentences(t *testing.T) {
	english, chinese := language.English(), language.Find("zh-Hans")
	for _, x := range []struct {
		l    *language.Locale
		key  language.Key
		args []any
		want string
	}{
		{english, "Step %d of %d", []any{4, 7}, "Step 4 of 7"},
		{chinese, "Step %d of %d", []any{4, 7}, "第 4 步，共 7 步"},
		{english, "Step %d of %d", []any{4, 1200}, "Step 4 of 1,200"},
		{english, "Step %d of %d", []any{-4, 7}, "Step -4 of 7"},
		{english, "Step %d of %d", []any{int64(4), 7}, "Step 4 of 7"},
		{english, "Now: %s", []any{"100 % <b> %s"}, "Now: 100 % <b> %s"},
		{chinese, "Contact %d, %s, removed", []any{2, "Joe"}, "已移除联系人 2（Joe）"},
		{chinese, "%s on %s", []any{"Azure", "1 May"}, "1 May Azure"},
		{chinese, "%[2]s and %[1]d more", []any{3, "Azure"}, "Azure，以及另外 3 项"},
		{english, "%d people", []any{1}, "1 person"},
		{english, "%d people", []any{1200}, "1,200 people"},
	} {
		if got := x.l.T(x.key, x.args...); got != x.want {
			t.Errorf("%s %q %v: %q, want %q", x.l.Tag(), x.key, x.args, got, x.want)
		}
	}
}
