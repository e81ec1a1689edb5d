"""Tables: a spec of text, rendered as HTML in which nothing from the data is markup."""

import pytest
from bs4 import BeautifulSoup

from analysis.draw.tables import Column, Table

HOSTILE = [
    "<script>alert(1)</script>",
    "*bold* _x_ [a](javascript:b)",
    "{{ 7 * 7 }}{% raw %}",
    "=cmd()",
    "a & b",
]
COLUMNS = (Column("what", "What"), Column("value", "Value", "right"))


def soup(table: Table) -> BeautifulSoup:
    return BeautifulSoup(table.html(), "html.parser")


def cells(table: Table) -> list[list[str]]:
    rows = soup(table).select("tbody tr")
    return [[cell.get_text(" ") for cell in row.select("td")] for row in rows if row.select("td")]


def test_rows_and_headings_come_out_in_order():
    table = Table(
        "pay", "Pay", COLUMNS, ({"what": "head", "value": "24,000"}, {"what": "clerk", "value": "≥ 1"})
    )
    assert cells(table) == [["head", "24,000"], ["clerk", "≥ 1"]]
    assert [head.get_text() for head in soup(table).select("thead th")] == ["What", "Value"]
    assert soup(table).select_one(".gt_title").get_text() == "Pay"


def test_header_cells_have_a_scope_and_body_cells_name_their_headers():
    page = soup(Table("pay", "Pay", COLUMNS, ({"what": "head", "value": "1"},)))
    assert {head["scope"] for head in page.select("thead th")} == {"col"}
    ids = {head["id"] for head in page.select("thead th")}
    assert {cell["headers"][0] for cell in page.select("tbody td")} == ids


def test_rows_of_a_group_stand_under_its_heading():
    rows = ({"what": "head", "value": "1", "kind": "Pay"}, {"what": "office", "value": "2", "kind": "Funds"})
    page = soup(Table("t", "T", (*COLUMNS, Column("kind", "Kind")), rows, group="kind"))
    headings = page.select("th.gt_group_heading")
    assert [(head.get_text(), head["scope"]) for head in headings] == [
        ("Pay", "colgroup"),
        ("Funds", "colgroup"),
    ]
    assert "Kind" not in page.get_text()


def test_notes_stand_below():
    notes = ("Prices of 2024.", "A second note.")
    page = soup(Table("t", "T", COLUMNS, ({"what": "a", "value": "1"},), notes=notes))
    assert [note.get_text() for note in page.select("tfoot .gt_sourcenote")] == list(notes)


@pytest.mark.parametrize("text", HOSTILE)
def test_text_from_data_is_never_markup(text):
    columns = (Column("what", text), Column("kind", "Kind"))
    table = Table("t", text, columns, ({"what": text, "kind": text},), group="kind", notes=(text,))
    page = soup(table)
    shown = [
        page.select_one(selector).get_text()
        for selector in (".gt_title", "thead th", ".gt_group_heading", "tbody td", ".gt_sourcenote")
    ]
    assert shown == [text] * 5
    assert not page.select("script, em, strong, table a")


def test_a_cell_that_refers_links_to_the_row_that_is_named():
    figures = Table("figures", "F", (Column("id", "Id", names="figure"),), ({"id": "a.b"}, {"id": "a.c"}))
    used = Table("used", "U", (Column("ids", "Ids", refers_to="figure"),), ({"ids": "a.b a.c"}, {"ids": ""}))
    links = soup(used).select("td a")
    assert [(link["href"], link.get_text()) for link in links] == [
        ("#figure-a.b", "a.b"),
        ("#figure-a.c", "a.c"),
    ]
    assert [row["id"] for row in soup(figures).select("td span")] == ["figure-a.b", "figure-a.c"]
    assert cells(used)[1] == [""]


def test_an_id_cannot_leave_its_attribute():
    nasty = '"><img/src=x>'
    for table in (
        Table("t", "T", (Column("id", "Id", names="figure"),), ({"id": nasty},)),
        Table("t", "T", (Column("id", "Id", refers_to="figure"),), ({"id": nasty},)),
    ):
        assert not soup(table).select("img")
        assert cells(table) == [[nasty]]


def test_the_frame_is_text_for_other_renderers():
    frame = Table("pay", "Pay", COLUMNS, ({"what": "head", "value": "=1+1"},)).frame()
    assert frame.to_dict("records") == [{"what": "head", "value": "=1+1"}]


def test_the_html_is_the_same_on_every_run():
    def table() -> Table:
        return Table("pay", "Pay", COLUMNS, ({"what": "head", "value": "1"},), notes=("n",))

    assert table().html() == table().html() == table()._repr_html_()


def test_a_bare_table_is_the_grid_alone():
    table = Table("pay", "Pay", COLUMNS, ({"what": "head", "value": "1"},), notes=("n",), source="Source: s")
    page = BeautifulSoup(table.html(bare=True), "html.parser")
    assert page.select_one(".gt_title") is None
    assert page.select_one(".gt_sourcenote") is None
    assert [cell.get_text() for cell in page.select("tbody td")] == ["head", "1"]


def test_the_source_stands_below_the_notes():
    table = Table("pay", "Pay", COLUMNS, ({"what": "head", "value": "1"},), notes=("n",), source="Source: s")
    assert [note.get_text() for note in soup(table).select(".gt_sourcenote")] == ["n", "Source: s"]
    assert table.lines == ("n", "Source: s")


def test_widths_fix_the_columns():
    page = BeautifulSoup(
        Table("pay", "Pay", COLUMNS, ({"what": "head", "value": "1"},)).html(
            widths={"what": "80%", "value": "20%"}
        ),
        "html.parser",
    )
    assert [column["style"] for column in page.select("colgroup col")] == ["width:80%;", "width:20%;"]


def test_a_table_alone_has_no_links_and_no_empty_cells():
    columns = (Column("id", "Id", names="figure"), Column("ids", "Ids", refers_to="figure"))
    alone = Table("t", "T", columns, ({"id": "a.b", "ids": ""}, {"id": "", "ids": "a.b a.c"})).alone("–")
    assert cells(alone) == [["a. b", "–"], ["–", "a. b a. c"]]
    page = soup(alone)
    assert not page.select("a, span[id]")
    assert len(page.select("tbody br")) == 1, "ids stand one in a line"
