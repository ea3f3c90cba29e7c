package practice

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
)

//go:embed pages/*.html
var pageFiles embed.FS

// pages renders the HTML served here: no script, no inline style, one linked
// style sheet.
type pages struct {
	stylesheet string
	templates  *template.Template
}

func newPages(stylesheet string) (*pages, error) {
	t, err := template.ParseFS(pageFiles, "pages/*.html")
	if err != nil {
		return nil, fmt.Errorf("reading the practice pages: %w", err)
	}
	return &pages{stylesheet: stylesheet, templates: t}, nil
}

type signInPerson struct {
	Person
	Hinted bool
}

type signInPage struct {
	Fields []hiddenField
	People []signInPerson
	StepUp bool
}

type message struct{ Title, Text, Link, LinkText string }

func (p *pages) signIn(w http.ResponseWriter, page signInPage) {
	p.render(w, http.StatusOK, "sign_in.html", page)
}

func (p *pages) message(w http.ResponseWriter, status int, m message) {
	p.render(w, status, "message.html", m)
}

func (p *pages) render(w http.ResponseWriter, status int, name string, page any) {
	var b bytes.Buffer
	data := struct {
		Stylesheet string
		Page       any
	}{p.stylesheet, page}
	if err := p.templates.ExecuteTemplate(&b, name, data); err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}
