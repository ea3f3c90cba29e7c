package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// ask opens a page with the given headers, one "Name: value" each.
func ask(h http.Handler, path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestLanguageOfAPage(t *testing.T) {
	s := newSite(t)
	for name, c := range map[string]struct {
		headers []string
		want    string
	}{
		"nothing":         {nil, "en"},
		"wish":            {[]string{"Accept-Language: zh-CN,zh;q=0.9"}, "zh-Hans"},
		"choice":          {[]string{"Cookie: lang=zh-Hans"}, "zh-Hans"},
		"choice and wish": {[]string{"Cookie: lang=en", "Accept-Language: zh-CN"}, "en"},
		"unknown choice":  {[]string{"Cookie: lang=xx", "Accept-Language: zh-CN"}, "zh-Hans"},
		"unknown wish":    {[]string{"Accept-Language: fr"}, "en"},
	} {
		w := ask(s, "/auth/sign-in", c.headers...)
		if !strings.Contains(w.Body.String(), `<html lang="`+c.want+`"`) {
			t.Errorf("%s: not in %s", name, c.want)
		}
		if got := w.Header().Get("Vary"); got != "Cookie, Accept-Language" {
			t.Errorf("%s: Vary: %s", name, got)
		}
	}
	w := ask(s, "/auth/sign-in?return_to=%2Fdrafts")
	if want := `href="/auth/sign-in?lang=zh-Hans&amp;return_to=%2Fdrafts" lang="zh-Hans" ` +
		`hreflang="zh-Hans">简体中文</a>`; !strings.Contains(w.Body.String(), want) {
		t.Errorf("no link to the page in Chinese in\n%s", w.Body)
	}
}

func TestChoosingALanguage(t *testing.T) {
	s := newSite(t)
	for path, want := range map[string]string{
		"/auth/sign-in?lang=zh-Hans":               "/auth/sign-in",
		"/referrals?lang=en&q=a+b&status=New":      "/referrals?q=a+b&status=New",
		"/nowhere?lang=zh-Hans":                    "/nowhere",
		"//elsewhere.example/?lang=zh-Hans":        "/elsewhere.example/",
		"/%5C/elsewhere.example/x%3F?lang=zh-Hans": "/elsewhere.example/x%3F",
	} {
		w := ask(s, path)
		if w.Code != http.StatusSeeOther || w.Header().Get("Location") != want {
			t.Errorf("%s: %d to %q, want %q", path, w.Code, w.Header().Get("Location"), want)
			continue
		}
		cookie := w.Result().Cookies()[0]
		if cookie.Name != "lang" || !cookie.HttpOnly || cookie.Path != "/" || cookie.MaxAge < 1e7 {
			t.Errorf("%s: cookie %v", path, cookie)
		}
	}
	if w := ask(s, "/auth/sign-in?lang=fr"); w.Code != http.StatusOK {
		t.Errorf("a language that Tandem does not speak: %d", w.Code)
	}
}

// inChinese opens pages in Chinese from now on.
func (b *browser) inChinese() *browser {
	b.lang = "zh-Hans"
	return b
}

func TestStartPageInChinese(t *testing.T) {
	b := newSite(t).signIn(t, priya()).inChinese()
	a := b.post("/drafts/new", nil).want(http.StatusUnprocessableEntity)
	if got := a.Text("title"); got != "错误：新建引荐 – 新引荐 – Tandem" {
		t.Errorf("title: %s", got)
	}
	if got := a.Texts("#error-summary li, #deal-type-error"); len(got) != 2 ||
		got[0] != "请选择谁来跟进这笔交易" || !strings.HasSuffix(got[1], got[0]) {
		t.Errorf("errors: %q", got)
	}
}
