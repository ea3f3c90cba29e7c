package config

import (
	"net/url"
	"strings"
)

// Kind is a kind of database.
type Kind string

// The kinds of database Tandem knows.
const (
	SQLite   Kind = "sqlite"
	Postgres Kind = "postgres"
)

// Database says where data is stored.
type Database struct {
	Kind Kind
	// File is the path of the SQLite file. It is empty in practice mode when none was named: use a
	// temporary file then.
	File string
	// URL is the whole connection URL of PostgreSQL; it may hold a password.
	URL Secret
}

func (l *loader) database() Database {
	text, ok := l.secret(DatabaseURL)
	switch {
	case !ok:
		return Database{}
	case text == "" && l.practice:
		return Database{Kind: SQLite}
	case text == "":
		text = defaultDatabase
	}
	kind, rest, _ := strings.Cut(text, ":")
	switch kind {
	case "sqlite":
		return l.sqlite(rest)
	case "postgres", "postgresql":
		return l.postgres(text)
	}
	l.problem(DatabaseURL, "must be sqlite:FILE or postgres://USER:PASSWORD@HOST/NAME")
	return Database{}
}

func (l *loader) sqlite(file string) Database {
	if file == "" || strings.Contains(file, ":memory:") || strings.Contains(file, "?") {
		l.problem(DatabaseURL, "must name a file after sqlite:, such as %s", defaultDatabase)
	}
	return Database{Kind: SQLite, File: file}
}

func (l *loader) postgres(text string) Database {
	place, _, _ := strings.Cut(text, "?")
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || strings.Trim(u.Path, "/") == "" ||
		strings.Count(place, "@") > 1 { // the driver would take part of a password for the host
		l.problem(DatabaseURL, "is not of the form postgres://USER:PASSWORD@HOST/NAME, where a "+
			"password has %%40 for @, %%2F for / and %%25 for a percent sign")
	}
	if l.practice {
		l.problem(DatabaseURL, "is a server's; practice keeps its rows in a file: sqlite:FILE")
	}
	return Database{Kind: Postgres, URL: Secret(text)}
}
