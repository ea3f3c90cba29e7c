package referral

import "strings"

// EntryAnswers are what an admin typed about an entry of the settings. The form tags are the names
// of the inputs.
type EntryAnswers struct {
	Name string `form:"name"`
	// Code may be empty for lists whose ids Microsoft has not published: then it is the name.
	Code  string      `form:"code"`
	Area  string      `form:"area"`
	From  ClosingDate `form:"from"`
	Until ClosingDate `form:"until"`
}

// AnswersOf returns what a form about the entry begins with.
func AnswersOf(e Entry) EntryAnswers {
	a := EntryAnswers{Name: e.Name, Code: e.Code, Area: e.Area, From: e.From.Typed(),
		Until: e.Until.Typed()}
	if e.Kind != OwnSolutions && a.Code == a.Name {
		a.Code = ""
	}
	return a
}

// Entry returns the entry that the answers describe; what cannot be read is left empty.
func (a EntryAnswers) Entry(k EntryKind) Entry {
	e := Entry{Kind: k, Name: Clean(a.Name), Code: Clean(a.Code)}
	if k == OwnSolutions {
		e.Code = SolutionID(a.Code)
	} else if e.Code == "" {
		e.Code = e.Name
	}
	if k == SolutionPlays {
		e.Area = a.Area
	}
	e.From, _ = a.From.Date()
	e.Until, _ = a.Until.Date()
	return e
}

// CheckEntry returns what is wrong with the answers about an entry, in page order. The entry is new
// when its id is empty.
func CheckEntry(a EntryAnswers, k EntryKind, id string, s Settings) Problems {
	var ps Problems
	e := a.Entry(k)
	ps.text("name", e.Name, "Enter the name", "Name must be %s characters or less", maxName)
	if k == OwnSolutions && !ValidSolutionID(e.Code) {
		ps.add("code", "Enter a solution ID, like SOL-34104-EBB")
	}
	ps.atMost("code", a.Code, "Value sent to Microsoft must be %s characters or less", maxShort)
	if other, ok := s.Find(k, e.Code); ok && other.ID != id && e.Code != "" {
		ps.add("code", "%s is in the list already", e.Code)
	}
	if _, known := s.Find(SolutionAreas, a.Area); k == SolutionPlays && !known {
		ps.add("area", "Select the solution area")
	}
	ps.limits(a, e)
	return ps
}

func (ps *Problems) limits(a EntryAnswers, e Entry) {
	if _, real := a.From.Date(); !real && !a.From.Empty() {
		ps.add("from.day", "The first day must be a real date")
	}
	_, real := a.Until.Date()
	switch {
	case a.Until.Empty():
	case !real:
		ps.add("until.day", "The last day must be a real date")
	case e.Until.Before(e.From):
		ps.add("until.day", "The last day must not be before the first day")
	}
}

// CheckOrganization returns what is wrong with the organisation's id; it may be empty.
func CheckOrganization(typed string) Problems {
	var ps Problems
	ps.atMost("organizationId", typed, "Organisation ID must be %s characters or less", maxShort)
	return ps
}

// maxImport is the most lines of a list that is pasted.
const maxImport = 500

// ReadEntries reads a pasted list with one entry a line: a name and, after a tab, semicolon or bar,
// the value sent to Microsoft; in either order when one of the two is a solution id. Entries of
// solution plays get the area. Empty lines are skipped, and so is what the list has already; the
// problems name the lines that cannot be read.
func ReadEntries(text string, k EntryKind, area string, s Settings) ([]Entry, Problems) {
	var out []Entry
	var ps Problems
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) > maxImport {
		ps.add("list", "Paste %d lines or fewer", maxImport)
		return nil, ps
	}
	seen := Settings{Entries: s.Of(k)}
	for i, line := range lines {
		a := readEntry(line, k)
		a.Area = area
		e := a.Entry(k)
		if _, have := seen.Find(k, e.Code); have || Clean(line) == "" {
			continue
		}
		ps.line(CheckEntry(a, k, "", s), k, i+1)
		out = append(out, e)
		seen.Entries = append(seen.Entries, e)
	}
	if len(out)+len(ps) == 0 {
		ps.add("list", "Paste at least one line that is not in the list already")
	}
	return out, ps
}

// line adds that one line of a pasted list cannot be read.
func (ps *Problems) line(wrong Problems, k EntryKind, number int) {
	switch {
	case wrong.At("name")+wrong.At("code") == "":
	case k == OwnSolutions:
		ps.add("list", "Line %d must be a name and a solution ID, like Field service; SOL-34104-EBB",
			number)
	default:
		ps.add("list", "Line %d must be a name of 100 characters or less", number)
	}
}

func readEntry(line string, k EntryKind) EntryAnswers {
	first, second := line, ""
	if i := strings.IndexAny(line, "\t;|"); i >= 0 {
		first, second = line[:i], line[i+1:]
	}
	a := EntryAnswers{Name: Clean(first), Code: Clean(second)}
	if k != OwnSolutions {
		return a
	}
	if ValidSolutionID(Narrow(first)) {
		a.Name, a.Code = a.Code, a.Name
	}
	if a.Name == "" {
		a.Name = a.Code
	}
	return a
}
