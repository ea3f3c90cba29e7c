package program

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestImports holds the table of who may import whom: packages are nouns with imports in one
// direction, and each outside library has one door.
func TestImports(t *testing.T) {
	own := map[string][]string{
		".": {"internal/program"},
		"internal/program": {"handlers", "static", "internal/auth", "internal/config",
			"internal/jobs", "internal/metrics", "internal/partnercenter", "internal/practice",
			"internal/referral", "internal/session", "internal/store", "internal/trace"},
		"handlers": {"views", "internal/referral", "internal/form", "internal/auth",
			"internal/language", "internal/session"},
		"views":                  {"internal/referral", "internal/form", "internal/language", "static"},
		"static":                 nil,
		"internal/config":        nil,
		"internal/referral":      nil,
		"internal/form":          nil,
		"internal/language":      nil,
		"internal/metrics":       nil,
		"internal/trace":         nil,
		"internal/auth":          nil,
		"internal/session":       nil,
		"internal/partnercenter": nil,
		"internal/store":         {"internal/referral"},
		"internal/jobs":          {"internal/referral", "internal/store", "internal/partnercenter"},
		"internal/practice":      {"internal/partnercenter"},
		"internal/bench":         {"internal/pgtest", "internal/practice", "internal/referral", "internal/store"},
		"internal/htmlcheck":     nil,
		"internal/pgtest":        nil,
		"internal/sqlitetest":    nil,
	}
	doors := map[string][]string{
		"github.com/riverqueue/river": {"internal/jobs"},
		"github.com/coreos/go-oidc":   {"internal/auth"},
		"golang.org/x/oauth2":         {"internal/auth"},
		"github.com/gorilla/":         {"internal/session"},
		"modernc.org/":                {"internal/store"},
		"github.com/jackc/pgx":        {"internal/store", "internal/jobs", "internal/pgtest"},
		"github.com/pressly/goose":    {"internal/store"},
		"github.com/labstack/echo":    {"handlers"},
		"github.com/go-jose/":         {"internal/auth", "internal/practice"},
		"github.com/go-playground/":   {"internal/form"},
		"github.com/PuerkitoBio/":     {"internal/htmlcheck"},
		"github.com/prometheus/":      {"internal/metrics"},
		"go.opentelemetry.io/":        {"internal/trace"},
		"golang.org/x/time/rate":      {"handlers"},
	}
	seen := map[string]bool{}
	for file, imports := range sources(t) {
		dir := filepath.ToSlash(filepath.Dir(file))
		allowed, ok := own[dir]
		if !ok {
			t.Errorf("%s: package %s is not in the table", file, dir)
		}
		seen[dir] = true
		for _, path := range imports {
			if rest, ok := strings.CutPrefix(path, "tandem/"); ok && !slices.Contains(allowed, rest) {
				t.Errorf("%s: package %s may not import %s", file, dir, rest)
			}
			for library, users := range doors {
				if strings.HasPrefix(path, library) && !slices.Contains(users, dir) {
					t.Errorf("%s: package %s may not import %s", file, dir, path)
				}
			}
		}
	}
	for dir := range own {
		if !seen[dir] {
			t.Errorf("package %s of the table does not exist", dir)
		}
	}
}

// sources returns the imports of each Go file that is not a test.
func sources(t *testing.T) map[string][]string {
	t.Helper()
	const root = "../.."
	out := map[string][]string{}
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && (e.Name() == "node_modules" || strings.HasPrefix(e.Name(), ".") && path != root):
			return filepath.SkipDir
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		path, err = filepath.Rel(root, path)
		if err != nil {
			return err
		}
		out[path] = []string{}
		for _, spec := range file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			out[path] = append(out[path], name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
