package form_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/form"
)

func TestListIsWrittenAsOptions(t *testing.T) {
	l := form.NewList([]form.Option{{Value: "AT", Label: "Austria"},
		{Value: `"<b>`, Label: "<b> & co"}, {Value: "CH", Label: "Switzerland"}})
	for _, c := range []struct {
		chosen  string
		without []string
		want    string
	}{
		{"", nil, `<option value="AT">Austria</option>` +
			`<option value="&#34;&lt;b&gt;">&lt;b&gt; &amp; co</option>` +
			`<option value="CH">Switzerland</option>`},
		{`"<b>`, []string{"CH", "XX"}, `<option value="AT">Austria</option>` +
			`<option value="&#34;&lt;b&gt;" selected>&lt;b&gt; &amp; co</option>`},
		{"CH", []string{"CH", "AT", `"<b>`}, ""},
	} {
		var out strings.Builder
		if err := l.Write(&out, c.chosen, c.without); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, out.String()); diff != "" {
			t.Errorf("%q without %q (-want +got):\n%s", c.chosen, c.without, diff)
		}
	}
}
