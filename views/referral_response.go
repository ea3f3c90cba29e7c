package views

import (
	"fmt"
	"strconv"
	"strings"
)

func missingTitle(v Response) string {
	switch n := len(v.Missing); {
	case n == 1:
		return "One answer did not come back"
	case n > 1:
		return strconv.Itoa(n) + " answers did not come back"
	case len(v.Different) == 1:
		return "One answer came back different"
	}
	return strconv.Itoa(len(v.Different)) + " answers came back different"
}

// maxListed is how many labels a sentence names; the table below it has them all.
const maxListed = 6

// listed names labels in a sentence.
func listed(labels []string) string {
	if more := len(labels) - maxListed; more > 1 {
		return strings.Join(labels[:maxListed], ", ") + fmt.Sprintf(" and %d more", more)
	}
	return strings.Join(labels, ", ")
}
