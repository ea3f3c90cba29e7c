package handlers_test

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"regexp"
	"strconv"
	"testing"
)

// sentence is what a text looks like that says what is wrong with an answer.
var sentence = regexp.MustCompile(`^(Enter|Select|Add|Contact|Team member) |^[A-Z].* must `)

// sentences are the texts in the rules of the steps that say what is wrong with an answer, but for
// two: each country that needs a state has its own word for it, and TestPhoneExampleOfTheCountry
// shows the other.
func sentences(t *testing.T) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for _, name := range []string{"rules", "rules_people", "rules_target", "services", "address"} {
		file, err := parser.ParseFile(gotoken.NewFileSet(), "../internal/referral/"+name+".go", nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			text, ok := constant(n)
			if ok && sentence.MatchString(text) {
				out[text] = true
			}
			return !ok
		})
	}
	delete(out, "Enter the state or province")
	delete(out, "Enter a phone number for contact %d, like %s")
	return out
}

// constant is the text of a literal, or of several that are added.
func constant(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(n.Value)
		return text, n.Kind == gotoken.STRING && err == nil
	case *ast.BinaryExpr:
		left, ok := constant(n.X)
		right, also := constant(n.Y)
		return left + right, ok && also && n.Op == gotoken.ADD
	}
	return "", false
}
