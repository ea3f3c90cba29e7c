// Package static serves the style sheet and the scripts from inside the binary, under names that
// carry a hash of the content, so that browsers may keep them for ever.
//
// The files are built into dist by `npm ci && npm run build` and are not committed. A binary built
// without them works: Missing names what is not there, and pages leave out the tags for it.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Root is the path the handler is mounted at.
const Root = "/static/"

//go:embed all:dist
var dist embed.FS

// expected lists what the build makes.
func expected() []string {
	return []string{"app.css", "app.js", "htmx.min.js", "help-check-en.webp",
		"help-check-zh-Hans.webp", "help-connect-en.webp", "help-connect-zh-Hans.webp"}
}

// file is one asset, ready to be written.
type file struct {
	url     string
	kind    string
	plain   []byte
	gzipped []byte // nil when it is not smaller
}

// files returns the embedded assets by their plain name. The map must not be changed.
var files = sync.OnceValue(func() map[string]file {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil
	}
	return load(sub)
})

// load reads the expected files that are there.
func load(from fs.FS) map[string]file {
	found := map[string]file{}
	for _, name := range expected() {
		content, err := fs.ReadFile(from, name)
		if err != nil {
			continue
		}
		found[name] = newFile(name, content)
	}
	return found
}

func newFile(name string, content []byte) file {
	sum := sha256.Sum256(content)
	ext := path.Ext(name)
	return file{
		url:     Root + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext,
		kind:    kind(ext),
		plain:   content,
		gzipped: squeeze(content),
	}
}

// kind returns the content type. The standard library's depends on tables of the machine.
func kind(ext string) string {
	switch ext {
	case ".css":
		return "text/css; charset=utf-8"
	case ".webp":
		return "image/webp"
	}
	return "text/javascript; charset=utf-8"
}

// squeeze returns the gzipped content, or nil when that is not smaller.
func squeeze(content []byte) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil
	}
	if _, err := w.Write(content); err != nil {
		return nil
	}
	if err := w.Close(); err != nil || out.Len() >= len(content) {
		return nil
	}
	return out.Bytes()
}

// Asset returns the URL of a built file, such as /static/app.0123456789ab.css for app.css, or ""
// when the binary was built without it.
func Asset(name string) string {
	return files()[name].url
}

// Missing returns the names of the files the binary was built without, usually none.
func Missing() []string {
	return missing(files())
}

func missing(found map[string]file) []string {
	var names []string
	for _, name := range expected() {
		if _, ok := found[name]; !ok {
			names = append(names, name)
		}
	}
	return names
}

// Handler serves the assets below Root, and only under the URLs Asset returns: the answer may be
// kept for a year. Everything else is 404.
func Handler() http.Handler {
	return serve(files())
}

func serve(found map[string]file) http.Handler {
	byURL := map[string]file{}
	for _, f := range found {
		byURL[f.url] = f
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, ok := byURL[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		f.write(w, r)
	})
}

func (f file) write(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("X-Content-Type-Options", "nosniff")
	if f.gzipped == nil {
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.plain))
		return
	}
	h.Add("Vary", "Accept-Encoding")
	if !takesGzip(r.Header.Get("Accept-Encoding")) {
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.plain))
		return
	}
	h.Set("Content-Encoding", "gzip")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.gzipped))
}

// takesGzip reads an Accept-Encoding header; gzip;q=0 is a refusal (RFC 9110, 12.5.3).
func takesGzip(accept string) bool {
	for part := range strings.SplitSeq(accept, ",") {
		coding, params, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			continue
		}
		weight, given := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
		q, err := strconv.ParseFloat(weight, 64)
		return !given || err == nil && q > 0
	}
	return false
}
