"""What a notebook shows as HTML: escaped, joined, and folded away."""

from analysis.show.html import Html, folded, heading, joined


def test_evidence_is_folded_under_its_title():
    shown = folded("All figures & places", Html("<p>1</p>"), Html("<p>2</p>"))
    assert shown.content == (
        '<details class="evidence"><summary>All figures &amp; places</summary><p>1</p><p>2</p></details>'
    )


def test_a_heading_opens_what_is_folded_and_stands_in_the_contents():
    shown = folded(heading("figures", "All <figures>"), Html("<p>1</p>"))
    assert shown.content.startswith(
        '<details class="evidence"><summary><h2 id="figures">All &lt;figures&gt;</h2></summary>'
    )


def test_pieces_are_one_below_the_other():
    assert joined(Html("<p>1</p>"), Html("<p>2</p>")) == Html("<p>1</p><p>2</p>")


def test_a_fragment_is_known_by_its_words():
    shown = repr(joined(Html("<style>p { color: red }</style>"), Html("<p>1 &lt; 2</p>")))
    assert shown == "<Html: 1 < 2>"
