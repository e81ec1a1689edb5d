"""Native charts of memos: drawn by Word where nothing is lost, editable, valid, and audited."""

import io
import math
import shutil
import subprocess
import zipfile
from dataclasses import replace

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.draw import Chart, Group, Row
from analysis.evidence.dataset import Dataset
from analysis.show.export.request import KitError
from analysis.show.memo import AuditError, MemoRequest, audit, file_of, memo_on, write_memos
from analysis.show.memo.barchart import chart_part
from analysis.show.memo.bars import as_bars, bars, drawable
from analysis.show.memo.chartreading import chart_blocks, workbook_blocks
from analysis.show.memo.zipped import unzipped, zipped
from analysis.words.languages import LANGUAGES

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
SOFFICE, PDFTOTEXT = shutil.which("soffice"), shutil.which("pdftotext")


def made(data: Dataset, *, native: bool = True, **about: str) -> bytes:
    memo = memo_on(data, about)
    assert memo is not None
    return file_of(data, memo, native=native)


@pytest.fixture(scope="module")
def files(data) -> dict[str, bytes]:
    """A memo with native charts in each language."""
    return {language: made(data, programme="wushan", language=language) for language in LANGUAGES}


def chart(*rows: Row, **fields) -> Chart:
    """Return a chart of rows in one group."""
    common = {"name": "cost", "language": "en", "title": "Cost", "subtitle": "Yuan", "unit": "CNY"}
    return Chart(**{**common, "groups": (Group("Venues", rows),), **fields})


COSTLY = Row("Ludian", "754k yuan (500k to 900k)", 754_000.0, 500_000.0, 900_000.0, highlight=True)
CHEAP = Row("Minjia", "163k yuan", 163_000.0)
SILENT = Row("Weinan", "not reported", absence="not_reported")
WORDS = Row("", "Not compared: Wushan", others=(SILENT,))


def test_rows_are_a_sheet_and_a_missing_value_is_an_empty_cell_with_a_reason():
    [made] = bars(chart(COSTLY, CHEAP, SILENT, WORDS))
    assert [row.label for row in made.rows] == [
        "Ludian: 754k yuan (500k to 900k)", "Minjia: 163k yuan", "Weinan: not reported",
    ]  # fmt: skip
    assert made.sentences == ("Not compared: Wushan",)
    root = parse_xml(chart_part(made, "rId1").encode())
    values = root.find(f".//{C}val")
    assert values.findtext(f".//{C}f") == "Sheet1!$B$2:$B$4"
    assert [(p.get("idx"), p.findtext(f"{C}v")) for p in values.iter(f"{C}pt")] == [
        ("0", "754000"), ("1", "163000"),
    ]  # fmt: skip
    assert root.find(f".//{C}dispBlanksAs").get("val") == "gap"
    ends = {kind: [p.findtext(f"{C}v") for p in root.find(f".//{C}{kind}").iter(f"{C}pt")]
            for kind in ("minus", "plus")}  # fmt: skip
    assert ends == {"minus": ["254000"], "plus": ["146000"]}
    cells = [(block.where.rsplit(" ", 1)[1], block.text) for block in workbook_blocks(made.sheet, "chart1")]
    assert cells == [
        ("B1", "Value"), ("C1", "Lowest"), ("D1", "Highest"), ("E1", "Value less lowest"),
        ("F1", "Highest less value"), ("A2", "Ludian: 754k yuan (500k to 900k)"), ("B2", "754000"),
        ("C2", "500000"), ("D2", "900000"), ("A3", "Minjia: 163k yuan"), ("B3", "163000"),
        ("A4", "Weinan: not reported"),
    ]  # fmt: skip


def test_the_axis_begins_at_zero_and_is_the_same_for_all_groups():
    def ends(drawn: Chart) -> list[tuple[float | None, float | None]]:
        return [(each.scale.low, each.scale.high) for each in bars(drawn)]

    assert ends(chart(CHEAP)) == [(0.0, None)]
    assert ends(chart(Row("Net", "-83", -83.0), unit="branch")) == [(None, 0.0)]
    two = (Group("Built", (COSTLY,)), Group("Upgraded", (CHEAP,)), Group("Planned", (WORDS,)))
    assert ends(chart(groups=two)) == [(0.0, 1_000_000.0)] * 3
    assert [len(each.rows) for each in bars(chart(groups=two))] == [1, 1, 0]


@pytest.mark.parametrize(
    "needed",
    [
        chart(replace(COSTLY, high=math.inf)),
        chart(replace(COSTLY, before=500_000.0)),
        chart(replace(COSTLY, others=(CHEAP,))),
        chart(replace(COSTLY, aside="peers: 163k")),
        chart(replace(COSTLY, low=800_000.0)),
        chart(replace(COSTLY, label="")),
        chart(COSTLY, reference=1.0),
        chart(COSTLY, limit=1.0),
        chart(COSTLY, axis="rank"),
        chart(SILENT, WORDS),
        chart(*[CHEAP] * 17),
    ],
)
def test_what_word_cannot_draw_without_loss_stays_a_picture(needed):
    assert drawable(chart(COSTLY, CHEAP, SILENT, WORDS))
    assert not drawable(needed)


def test_the_words_speak_of_bars_where_bars_are_drawn():
    dots = chart(COSTLY, note="Line between square ends: from the smallest to the largest value over the "
                 "readings of the text; the dot is the default reading. Planned: an aim.")  # fmt: skip
    assert as_bars(dots).note.endswith("; the bar is the default reading. Planned: an aim.")
    assert as_bars(dots).alt.startswith("Bar chart. Cost.")


VALUES = st.floats(-1e12, 1e12, allow_nan=False)
ROWS = st.builds(
    lambda label, value, ends: Row(
        label, "said", value, *((None, None) if value is None else (value - ends[0], value + ends[1]))
    ),
    st.text(min_size=1, max_size=80), st.none() | VALUES, st.tuples(*[st.floats(0, 1e9)] * 2),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=16), st.sampled_from(sorted(LANGUAGES)))
def test_any_rows_give_a_chart_that_says_the_same_as_its_sheet(rows, language):
    for drawn in bars(chart(*rows, language=language)):
        if not drawn.rows:
            continue
        blocks = list(chart_blocks(parse_xml(chart_part(drawn, "rId1").encode()), "chart1"))
        cells = {b.where.rsplit(" ", 1)[1]: b.text for b in workbook_blocks(drawn.sheet, "chart1")}
        shown = {b.where: b.text for b in blocks}
        for place, row in enumerate(drawn.rows, start=1):
            assert cells.get(f"B{place + 1}") == shown.get(f"chart1, value {place}")
            assert (row.value is None) == (f"B{place + 1}" not in cells)
            assert cells.get(f"A{place + 1}") == shown.get(f"chart1, label {place}")


def test_a_memo_has_native_charts_with_alternative_text_in_the_order_of_the_pictures(data, files):
    native = docx.Document(io.BytesIO(files["en"]))
    pictures = docx.Document(io.BytesIO(made(data, native=False, programme="wushan", language="en")))
    captions = [[p.text for p in d.paragraphs if p.style.name == "Memo Caption"] for d in (native, pictures)]
    assert captions[0] == captions[1]
    drawings = list(native.element.body.iter(qn("wp:docPr")))
    assert len({drawing.get("id") for drawing in drawings}) == len(drawings) == 4
    assert [drawing.get("name") for drawing in drawings] == [
        "cost_per_venue 1", "branches 2", "branches 3", "profile",
    ]  # fmt: skip
    assert drawings[0].get("descr").startswith("Bar chart. Wushan County")
    assert drawings[3].get("descr").startswith("Dot chart. ")
    texts = "\n".join(p.text for p in native.paragraphs if p.style.name == "Memo Picture")
    assert "Village venue, total cost\n" in texts and "\nNot reported by Shangzhou District, " in texts
    notes = [p.text for p in native.paragraphs if p.style.name == "Memo Note"]
    assert "the bar is the default reading" in notes[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_memos_with_native_charts_and_their_workbooks_are_valid_open_xml(files, tmp_path, language):
    openxml_audit = pytest.importorskip("openxml_audit", reason="the validator is not installed")
    parts = unzipped(files[language])
    sheets = [name for name in parts if name.startswith("word/embeddings/")]
    assert sheets[0] == "word/embeddings/Microsoft_Excel_Sheet1.xlsx" and len(sheets) == 3
    for name, content in (("memo.docx", files[language]), ("sheet.xlsx", parts[sheets[0]])):
        (tmp_path / name).write_bytes(content)
        result = openxml_audit.OpenXmlValidator().validate(tmp_path / name)
        assert [str(error) for error in result.errors] == []


def test_the_validator_reads_the_charts(files, tmp_path):
    openxml_audit = pytest.importorskip("openxml_audit", reason="the validator is not installed")
    parts = unzipped(files["en"])
    spoilt = parts["word/charts/chart1.xml"].replace(b'<c:barDir val="bar"/>', b'<c:barDir val="sideways"/>')
    (tmp_path / "memo.docx").write_bytes(zipped({**parts, "word/charts/chart1.xml": spoilt}))
    assert not openxml_audit.OpenXmlValidator().validate(tmp_path / "memo.docx").is_valid


def test_the_same_memo_has_the_same_bytes(data, files):
    assert made(data, programme="wushan", language="zh-Hans") == files["zh-Hans"]
    for name, content in unzipped(files["zh-Hans"]).items():
        if name.endswith(".xlsx"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_every_numeral_of_a_native_chart_and_its_workbook_rests_on_something(data, files, language):
    result = audit(files[language], data, "wushan.docx")
    assert result.passed
    where = {support.where for support in result.supports}
    assert {"chart1, value 2", "chart1, lower end of the range of value 1", "chart1, label 1"} < where
    assert {"workbook of chart1, cell B3", "workbook of chart1, cell A2"} < where


def test_a_number_changed_in_the_workbook_or_in_the_chart_is_found(data, files):
    parts = unzipped(files["en"])
    chart1, sheet = "word/charts/chart1.xml", "word/embeddings/Microsoft_Excel_Sheet1.xlsx"
    drawn = parts[chart1].replace(b"<c:v>3800000</c:v>", b"<c:v>3900000</c:v>")
    cells = unzipped(parts[sheet])
    cells["xl/worksheets/sheet1.xml"] = cells["xl/worksheets/sheet1.xml"].replace(
        b"<v>3800000</v>", b"<v>3700000</v>"
    )
    result = audit(zipped({**parts, chart1: drawn, sheet: zipped(cells)}), data)
    assert [(lost.where, lost.numeral.text) for lost in result.lost] == [
        ("chart1, value 1", "3900000"), ("chart1, lower end of the range of value 1", "1050000"),
        ("chart1, upper end of the range of value 1", "3900000"),
        ("workbook of chart1, cell B2", "3700000"), ("workbook of chart1, cell D2", "3700000"),
    ]  # fmt: skip


def test_a_workbook_that_cannot_be_read_is_named(data, files):
    parts = unzipped(files["en"])
    broken = zipped({**parts, "word/embeddings/Microsoft_Excel_Sheet1.xlsx": b"no workbook"})
    with pytest.raises(
        AuditError, match=r"a\.docx: the workbook of chart1 cannot be read; make the memo anew"
    ):
        audit(broken, data, "a.docx")


def test_a_request_says_how_charts_are_drawn(data, tmp_path):
    [path] = write_memos(data, MemoRequest(("weinan",), charts="native"), tmp_path)
    names = list(unzipped(path.read_bytes()))
    assert "word/charts/chart1.xml" in names and "word/media/chart1.svg" in names
    with pytest.raises(KitError, match=r"charts: 'drawn' is not known; allowed are picture, native"):
        list(write_memos(data, MemoRequest(("weinan",), charts="drawn"), tmp_path))


def test_a_chart_that_is_higher_than_a_page_stays_a_picture(data):
    memo = memo_on(data, {"programme": "wushan", "language": "en"})
    long = Row("A very long name of a place " * 20, "754k yuan", 754_000.0)
    part = memo.charts["cost_per_venue"]
    shown = replace(part, picture=replace(part.picture, groups=(Group("", (long,) * 16),)))
    made = file_of(data, replace(memo, charts={"cost_per_venue": shown}, more_charts={}), native=True)
    assert [name for name in unzipped(made) if "chart" in name] == ["word/media/chart1.svg"]


def test_text_of_the_data_stays_text():
    hostile = "A & B <c:v/> {{ title }} =1+1\x07"
    [drawn] = bars(chart(replace(COSTLY, label=hostile)))
    assert "A &amp; B &lt;c:v/&gt; {{ title }} =1+1: 754k yuan" in chart_part(drawn, "rId1")
    cells = {b.where: b.text for b in workbook_blocks(drawn.sheet, "chart1")}
    assert cells["workbook of chart1, cell A2"].startswith("A & B <c:v/> {{ title }} =1+1: 754k")


def test_libreoffice_shows_the_labels_of_native_charts(files, tmp_path):
    if SOFFICE is None or PDFTOTEXT is None:
        pytest.skip("LibreOffice (soffice) or pdftotext is not installed")
    (tmp_path / "memo.docx").write_bytes(files["zh-Hant"])
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        [SOFFICE, profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, tmp_path / "memo.docx"],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    shown = subprocess.run(
        [PDFTOTEXT, tmp_path / "memo.pdf", "-"], check=True, capture_output=True, timeout=60
    ).stdout.decode()
    assert "武山縣：7個組織（計劃）" in "".join(shown.split())
