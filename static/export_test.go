package static

import (
	"io/fs"
	"net/http"
)

// From returns what the package would offer had it been built with these files.
func From(built fs.FS) (handler http.Handler, asset func(string) string, missed []string) {
	found := load(built)
	return serve(found), func(name string) string { return found[name].url }, missing(found)
}
