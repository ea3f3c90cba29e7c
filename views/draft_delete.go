package views

// DeleteDraftPage asks before a draft is deleted. Name is what lists call it.
type DeleteDraftPage struct {
	Shell Shell
	Name  string
}
