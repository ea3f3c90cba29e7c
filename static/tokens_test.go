package static_test

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"testing"
)

// colours reads the token table: name → light and dark.
func colours(t *testing.T) map[string][2]string {
	t.Helper()
	sheet, err := os.ReadFile("css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`--([\w-]+): light-dark\(#(\w{6}), #(\w{6})\)`)
	table := map[string][2]string{}
	for _, m := range line.FindAllStringSubmatch(string(sheet), -1) {
		table[m[1]] = [2]string{m[2], m[3]}
	}
	return table
}

// luminance and contrast are those of WCAG 2.2.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	rgb, err := strconv.ParseUint(hex, 16, 32)
	if err != nil {
		t.Fatalf("colour %q: %v", hex, err)
	}
	sum := 0.0
	for i, weight := range []float64{0.0722, 0.7152, 0.2126} {
		c := float64(rgb>>(8*i)&0xFF) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func TestTokensHaveContrast(t *testing.T) {
	tests := []struct {
		front, back string
		least       float64
	}{
		{"text", "surface", 4.5}, {"text", "canvas", 4.5}, {"text-2", "surface-3", 4.5},
		{"text-3", "surface", 4.5}, {"text-3", "surface-2", 4.5}, {"text-3", "canvas", 4.5},
		{"accent-text", "surface", 4.5}, {"accent-text", "accent-tint", 4.5},
		{"on-accent", "accent", 4.5}, {"on-accent", "accent-hover", 4.5},
		{"success-text", "success-tint", 4.5}, {"warning-text", "warning-tint", 4.5},
		{"danger-text", "danger-tint", 4.5}, {"danger-text", "surface", 4.5},
		{"info-text", "info-tint", 4.5},
		{"border-control", "surface", 3}, {"border-control", "canvas", 3},
		{"danger", "surface", 3}, {"focus", "surface", 3}, {"focus", "canvas", 3},
	}
	table := colours(t)
	for _, test := range tests {
		for i, theme := range []string{"light", "dark"} {
			got := contrast(t, table[test.front][i], table[test.back][i])
			if got < test.least {
				t.Errorf("%s: %s on %s is %.2f:1, want %.1f",
					theme, test.front, test.back, got, test.least)
			}
		}
	}
}

func TestOnlyTokensNameColours(t *testing.T) {
	colour := regexp.MustCompile(`#[0-9a-fA-F]{3,8}\b|\b(rgba?|hsla?|oklch)\(`)
	sheets := []string{"css/base.css", "css/skin.css", "css/theme.css"}
	topics, err := os.ReadDir("css/app")
	if err != nil {
		t.Fatal(err)
	}
	for _, topic := range topics {
		sheets = append(sheets, "css/app/"+topic.Name())
	}
	for _, sheet := range sheets {
		text, err := os.ReadFile(sheet)
		if err != nil {
			t.Fatal(err)
		}
		if found := colour.Find(text); found != nil {
			t.Errorf("%s names the colour %s", sheet, found)
		}
	}
}
