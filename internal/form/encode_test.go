package form_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/form"
)

// TestEncode is the reverse of Decode, and leaves out what has no answer.
func TestEncode(t *testing.T) {
	type person struct {
		Name string   `form:"name"`
		IDs  []string `form:"id"`
	}
	type page struct {
		Title string   `form:"title"`
		Note  string   `form:"note"`
		Tags  []string `form:"tags"`
		Team  []person `form:"team"`
		Head  person   `form:"head"`
	}
	want := page{Title: "T & U", Tags: []string{"a", "", "b"}, Head: person{Name: "Ann"},
		Team: []person{{Name: "Sue", IDs: []string{"1", "2"}}, {}, {Name: "Joe"}}}
	values := form.Encode(&want)
	if got, want := values.Encode(), query(t, "head.name=Ann&tags=a&tags=&tags=b&team[0].id=1&"+
		"team[0].id=2&team[0].name=Sue&team[2].name=Joe&title=T+%26+U").Encode(); got != want {
		t.Errorf("encoded\n%s, want\n%s", got, want)
	}
	if empty := form.Encode(&page{Tags: []string{"", ""}}); len(empty) != 0 {
		t.Errorf("of no answers: %v", empty)
	}
	var got page
	if err := form.Decode(values, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("decoded (-want +got):\n%s", diff)
	}
}
