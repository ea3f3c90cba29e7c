package config

import (
	"fmt"
	"strings"
)

// Problems is every problem found, in the order of the documentation.
type Problems []Problem

// Error is one line for each problem, naming its variable.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.String()
	}
	return strings.Join(lines, "\n")
}

// Problem is one thing that is wrong with one variable.
type Problem struct {
	Variable string
	Text     string
}

// String is the line a person reads.
func (p Problem) String() string {
	return fmt.Sprintf("%s %s", p.Variable, p.Text)
}
