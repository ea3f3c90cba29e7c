package program

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func document(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../..", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// parsed are the program's own Go files, without its tests and what measures it.
func parsed(t *testing.T) (all []*ast.File) {
	t.Helper()
	for _, folder := range []string{"../../handlers", "../../internal"} {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() && d.Name() == "bench" {
				return cmp.Or(err, fs.SkipDir)
			}
			if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return nil
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			all = append(all, file)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// logged are the messages of all lines that the program logs at info or above.
func logged(t *testing.T) (all []string) {
	for _, file := range parsed(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if message, ok := message(call); ok {
				all = append(all, message)
			}
			return true
		})
	}
	return all
}

// levels are the methods of a logger with the place of the message among their arguments.
var levels = map[string]int{"Info": 0, "Warn": 0, "Error": 0, "InfoContext": 1, "WarnContext": 1,
	"ErrorContext": 1, "Log": 2}

// message returns the text of a call to a logger, which is named log or Log.
func message(call *ast.CallExpr) (string, bool) {
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", false
	}
	of := ""
	switch x := method.X.(type) {
	case *ast.Ident:
		of = x.Name
	case *ast.SelectorExpr:
		of = x.Sel.Name
	}
	at, known := levels[method.Sel.Name]
	if !known || !strings.EqualFold(of, "log") || len(call.Args) <= at {
		return "", false
	}
	text, ok := call.Args[at].(*ast.BasicLit)
	if !ok {
		return "", false
	}
	plain, err := strconv.Unquote(text.Value)
	return plain, err == nil
}

var quoted = regexp.MustCompile("`([^`]+)`")

// TestOperationsKnowsTheLog finds every line of the log in the table that says what to do about it,
// and nothing else there.
func TestOperationsKnowsTheLog(t *testing.T) {
	_, table, _ := strings.Cut(document(t, "docs/operations.md"), "## What the log says")
	table, _, _ = strings.Cut(table, "\n## ")
	var known []string
	for line := range strings.Lines(table) {
		cell, ok := strings.CutPrefix(line, "| ")
		cell, _, _ = strings.Cut(cell, " |")
		if !ok || strings.Contains(cell, "in the text") { // what the queue's library says
			continue
		}
		for _, m := range quoted.FindAllStringSubmatch(cell, -1) {
			known = append(known, m[1])
		}
	}
	all := logged(t)
	if len(all) < 20 {
		t.Fatalf("only %d lines found: %q", len(all), all)
	}
	for _, message := range all {
		if !slices.ContainsFunc(known, func(k string) bool { return strings.Contains(message, k) }) {
			t.Errorf("docs/operations.md does not tell what %q means", message)
		}
	}
	for _, k := range known {
		if !slices.ContainsFunc(all, func(m string) bool { return strings.Contains(m, k) }) {
			t.Errorf("docs/operations.md tells what %q means, which nothing logs", k)
		}
	}
}

// TestOperationsKnowsTheMetrics finds every metric in the table of metrics, and no other anywhere.
func TestOperationsKnowsTheMetrics(t *testing.T) {
	name := regexp.MustCompile(`\btandem_[a-z_]+\b`)
	made := map[string]bool{}
	for _, file := range []string{"metrics.go", "queue.go"} {
		for _, m := range name.FindAllString(document(t, "internal/metrics/"+file), -1) {
			made[m] = true
		}
	}
	operations := document(t, "docs/operations.md")
	for m := range made {
		if !strings.Contains(operations, "| `"+m+"`") {
			t.Errorf("docs/operations.md does not list %s", m)
		}
	}
	for _, m := range name.FindAllString(operations+document(t, "README.md"), -1) {
		base := m
		for _, suffix := range []string{"_bucket", "_count", "_sum"} {
			base = strings.TrimSuffix(base, suffix)
		}
		if !made[base] {
			t.Errorf("the documents name %s, which nothing counts", m)
		}
	}
}

// TestDocumentsKnowTheCommands finds every command in the documents, and no other.
func TestDocumentsKnowTheCommands(t *testing.T) {
	text := document(t, "README.md") + document(t, "docs/operations.md")
	var known []string
	for line := range strings.Lines(usage) {
		words := strings.Fields(line)
		if len(words) > 2 && words[0] == "tandem" {
			known = append(known, words[1])
		}
	}
	for _, command := range known[1:] { // the first is to serve
		if !strings.Contains(text, "tandem "+command) {
			t.Errorf("the documents do not know tandem %s", command)
		}
	}
	for _, m := range regexp.MustCompile("`tandem ([a-z]+)").FindAllStringSubmatch(text, -1) {
		if !slices.Contains(known, m[1]) {
			t.Errorf("the documents know tandem %s, which does not exist", m[1])
		}
	}
}
