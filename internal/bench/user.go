package main

import (
	"context"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// user is somebody signed in, in a browser of his own.
type user struct {
	at      fleet
	cookies string
	client  *http.Client
}

// newClient keeps as many connections as there are users.
func newClient() *http.Client {
	return &http.Client{Timeout: time.Minute,
		Transport: &http.Transport{MaxIdleConnsPerHost: 512, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		}}
}

var hidden = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)

// signIn signs a person in through the identity provider, as a browser does.
func signIn(client *http.Client, at fleet, issuer, email string) (*user, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	browser := &http.Client{Jar: jar, Timeout: time.Minute}
	page, err := postForm(browser, at[0].url+"/auth/sign-in", url.Values{"return_to": {"/help"}})
	if err != nil {
		return nil, err
	}
	form := hiddenFields(page)
	form.Set("person", email)
	if _, err := postForm(browser, issuer+"/authorize", form); err != nil {
		return nil, err
	}
	site, err := url.Parse(at[0].url)
	if err != nil {
		return nil, err
	}
	u := &user{at: at, client: client}
	for _, c := range jar.Cookies(site) {
		u.cookies += c.Name + "=" + c.Value + "; "
	}
	return u, nil
}

func hiddenFields(page string) url.Values {
	form := url.Values{}
	for _, m := range hidden.FindAllStringSubmatch(page, -1) {
		form.Set(m[1], html.UnescapeString(m[2]))
	}
	return form
}

func postForm(browser *http.Client, at string, form url.Values) (string, error) {
	res, err := browser.PostForm(at, form)
	if err != nil {
		return "", fmt.Errorf("signing in: %w", err)
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("signing in: %s at %s", res.Status, res.Request.URL.Path)
	}
	return string(page), err
}

// see requests a page and returns it; a page without the text is an error.
func (u *user) see(ctx context.Context, path, text string) (string, error) {
	_, page, err := u.do(ctx, http.MethodGet, path, nil, http.StatusOK)
	if err == nil && !strings.Contains(page, text) {
		err = fmt.Errorf("GET %s: the page lacks %q", path, text)
	}
	return page, err
}

// post posts a form and returns where the answer redirects to.
func (u *user) post(ctx context.Context, path string, form url.Values) (string, error) {
	to, _, err := u.do(ctx, http.MethodPost, path, form, http.StatusSeeOther)
	return to, err
}

func (u *user) do(
	ctx context.Context, method, path string, form url.Values, status int,
) (location, page string, err error) {
	r, err := http.NewRequestWithContext(ctx, method, u.at.url()+path,
		strings.NewReader(form.Encode()))
	if err != nil {
		return "", "", err
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if u.cookies != "" {
		r.Header.Set("Cookie", u.cookies)
	}
	res, err := u.client.Do(r)
	if err != nil {
		return "", "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != status {
		err = fmt.Errorf("%s %s: %s", method, path, res.Status)
	}
	return res.Header.Get("Location"), string(body), err
}
