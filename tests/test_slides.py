"""Memos as slides: what stands on them, that it fits, and that every numeral on them is accounted for."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

import pptx
import pytest
from country import country
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.oxml.ns import qn
from pptx.util import Inches
from programs import text_of

from analysis import commands
from analysis.cli import main
from analysis.draw.tables import Column, Table
from analysis.draw.text_metrics import wrap
from analysis.operate.memos import MemoJob
from analysis.show.memo import (
    AuditError,
    MemoRequest,
    NumeralError,
    audit_file,
    checked,
    file_of,
    memo_on,
    update_file,
)
from analysis.show.memo.ledger import find
from analysis.show.memo.passages import Passage
from analysis.show.memo.slides_fit import Fitted, Frame, Grid, charts_shown
from analysis.show.memo.slides_read import audit_slides
from analysis.words.languages import LANGUAGES

SUBJECTS = ({"programme": "ludian"}, {"programme": "minjia"}, {"theme": "investment"})


@pytest.fixture(scope="module")
def decks(data) -> dict[tuple[str, str], bytes]:
    """The slides on two programmes and on a theme, in each language."""
    return {
        (*subject.values(), language): deck(data, language=language, **subject)
        for subject in SUBJECTS
        for language in LANGUAGES
    }


@pytest.fixture(scope="module")
def ludian(decks):
    return opened(decks["ludian", "en"])


def deck(data, **about: str) -> bytes:
    return file_of(data, memo_on(data, about), slides=True)


def opened(content: bytes):
    return pptx.Presentation(io.BytesIO(content))


def titles(presentation) -> list[str]:
    return [slide.shapes.title.text_frame.text for slide in presentation.slides]


def shapes(slide) -> Iterator:
    """Every shape, also those that are grouped."""
    for shape in slide.shapes:
        yield from shape.shapes if shape.shape_type == MSO_SHAPE_TYPE.GROUP else [shape]


def from_the_top(slide) -> list:
    return sorted(shapes(slide), key=lambda shape: shape.top)


def frames(presentation) -> Iterator:
    """Every text frame: shapes, cells, notes."""
    for slide in presentation.slides:
        for shape in shapes(slide):
            if shape.has_text_frame:
                yield shape.text_frame
            elif shape.has_table:
                yield from (cell.text_frame for row in shape.table.rows for cell in row.cells)
        if slide.has_notes_slide:
            yield slide.notes_slide.notes_text_frame


def edited(content: bytes, change: Callable) -> bytes:
    """The deck as somebody saves it after a change."""
    presentation = opened(content)
    change(presentation)
    buffer = io.BytesIO()
    presentation.save(buffer)
    return buffer.getvalue()


def with_text(content: bytes, old: str, new: str) -> bytes:
    """The deck with something else in the place of a text, where it first stands."""

    def change(presentation) -> None:
        runs = (run for frame in frames(presentation) for line in frame.paragraphs for run in line.runs)
        found = next(run for run in runs if old in run.text)
        found.text = found.text.replace(old, new)

    return edited(content, change)


# What stands on them


def test_a_deck_is_headline_two_charts_table_and_questions(ludian):
    assert titles(ludian) == [
        "Ludian County more than doubled the pay of a village or community head with one post, built or "
        "upgraded village venues and dissolved or regrouped more Party branches than it founded.",
        "In prices of 2021, a village venue costs at least 885,000 yuan (planned or done) in Minjia township "
        "and 754,000 to 802,000 yuan in Ludian County",
        "Ludian County raised pay to between 1.78 and 4.33 times what it was",
        "Headline indicators",
        "What to verify",
    ]
    assert ludian.slide_width / ludian.slide_height == pytest.approx(16 / 9, rel=1e-4)


def test_the_opening_says_the_lead_and_its_sources_are_in_the_notes(ludian):
    about, _, lead, foot = (shape.text_frame.text for shape in from_the_top(ludian.slides[0]))
    assert about.startswith("Ludian County: “Two wholes")
    assert lead == (
        "The pay of a village or community head with one post rose from 2,000 to 4,200 yuan a month.\n"
        "Spending on 79 new or upgraded village venues came to 59.56 million yuan, about 754,000 yuan each."
    )
    assert foot.startswith("The sources are written to publicise success.")
    assert ludian.slides[0].notes_slide.notes_text_frame.text.endswith("中国网, 26 September 2021, ¶7.")


def test_charts_are_pictures_that_fill_the_slide_with_words_for_who_cannot_see_them(ludian):
    for slide in list(ludian.slides)[1:3]:
        [picture] = (shape for shape in shapes(slide) if shape.shape_type == 13)
        shown = picture._element.nvPicPr.cNvPr
        assert re.match(r"(?:comparison_cost_per_venue|pay_rise)$", shown.get("name"))
        assert shown.get("descr").startswith("Dot chart. ")
        assert max(picture.width / ludian.slide_width, picture.height / ludian.slide_height) > 0.5
        assert picture.width / picture.height == pytest.approx(
            picture.image.size[0] / picture.image.size[1], rel=0.01
        )


def test_charts_and_tables_are_one_object_with_what_names_their_documents(decks):
    for (_, language), content in decks.items():
        sources = {"en": "Sources: ", "zh-Hans": "来源：", "zh-Hant": "來源："}[language]
        *charts, table = list(opened(content).slides)[1:4]
        for slide in charts:
            [group] = (each for each in slide.shapes if each.shape_type == MSO_SHAPE_TYPE.GROUP)
            picture, foot = sorted(group.shapes, key=lambda shape: shape.top)
            assert picture.shape_type == MSO_SHAPE_TYPE.PICTURE
            assert foot.text_frame.paragraphs[-1].text.startswith(sources)
        [grid] = (shape.table for shape in table.shapes if shape.has_table)
        last = grid.rows[len(grid.rows) - 1].cells[0]
        assert (last.text.startswith(sources), last.span_width) == (True, len(grid.columns))


def test_the_table_is_one_that_powerpoint_can_edit(ludian):
    [table] = (shape.table for shape in ludian.slides[3].shapes if shape.has_table)
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0] == ["What", "Value", "Year", "Status"]
    assert rows[4] == [
        "Cost per venue, villager-group venue, newly built", "163,000 yuan", "2018–2021*", "achieved",
    ]  # fmt: skip
    assert table.first_row


def test_a_heading_between_rows_goes_across_the_table(decks):
    slide = opened(decks["investment", "en"]).slides[3]
    [table] = (shape.table for shape in slide.shapes if shape.has_table)
    first = table.rows[1].cells[0]
    assert (first.text, first.is_merge_origin, first.span_width) == (
        "Cost per venue, prices of 2021", True, len(table.columns),
    )  # fmt: skip


def test_questions_are_counted_by_powerpoint(ludian):
    asked = from_the_top(ludian.slides[4])[1].text_frame
    assert [line.text for line in asked.paragraphs] == [
        "From which year does the higher pay date?",
        "Were all 177 branches dissolved, or were some of them only adjusted?",
    ]
    assert asked._txBody.findall(f".//{qn('a:buAutoNum')}")


def test_who_writes_and_when_stands_on_the_opening(data):
    content = deck(data, programme="weinan", language="en", issuer="Office No. 3", date="2 May 2026")
    foot = from_the_top(opened(content).slides[0])[-1].text_frame
    assert [line.text for line in foot.paragraphs][:2] == ["Office No. 3", "2 May 2026"]


@pytest.mark.parametrize(
    ("language", "tag", "font"),
    [
        ("en", "en-GB", "Calibri"),
        ("zh-Hans", "zh-CN", "Microsoft YaHei"),
        ("zh-Hant", "zh-TW", "Microsoft JhengHei"),
    ],
)
def test_a_deck_has_the_fonts_and_the_language_of_its_readers(decks, language, tag, font):
    with zipfile.ZipFile(io.BytesIO(decks["minjia", language])) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")}
    theme = parts["ppt/theme/theme1.xml"]
    assert re.findall(r'<a:latin typeface="([^+"]+)"/><a:ea', theme) == [font, font]
    eastern = "Microsoft YaHei" if language == "en" else font
    assert re.findall(r'<a:ea typeface="([^"]*)"', theme)[:2] == [eastern, eastern]
    assert {found for text in parts.values() for found in re.findall(r'\blang="([^"]*)"', text)} == {tag}


def test_a_chinese_deck_has_no_english_on_its_slides(decks):
    allowed = {"analysis", "memo", "audit"}
    for (_, language), content in decks.items():
        if language != "en":
            said = " ".join(frame.text for frame in frames(opened(content)))
            words = set(re.findall(r"[A-Za-z]{3,}", re.sub(r"\b[0-9a-f]{12}\b", "", said)))
            assert words <= allowed


def test_properties_come_from_the_data(decks):
    for (_, language), content in decks.items():
        properties = opened(content).core_properties
        assert properties.language == LANGUAGES[language].tag
        assert properties.title and properties.author == properties.last_modified_by != ""
        assert properties.created == properties.modified


def test_the_same_memo_gives_the_same_bytes(data, decks):
    assert deck(data, programme="minjia", language="zh-Hant") == decks["minjia", "zh-Hant"]


def test_decks_are_valid_open_xml(decks, tmp_path):
    openxml_audit = pytest.importorskip("openxml_audit", reason="the validator is not installed")
    for name in (("ludian", "en"), ("investment", "zh-Hant")):
        path = tmp_path / "deck.pptx"
        path.write_bytes(decks[name])
        assert [str(error) for error in openxml_audit.OpenXmlValidator().validate(path).errors] == []


# That it fits


def height_needed(frame, width: float) -> float:
    """How high a text is in the font of the charts, in inches, with the distances that it is given."""
    needed = 0.0
    for place, line in enumerate(frame.paragraphs):
        [run] = line.runs
        lines = wrap(line.text, width, run.font.size.pt, "bold" if run.font.bold else "regular")
        needed += (len(lines) * line.line_spacing.pt + (line.space_before.pt if place else 0)) / 72
    return needed


def test_nothing_overflows_and_nothing_lies_over_another(decks):
    for content in decks.values():
        presentation = opened(content)
        for slide in presentation.slides:
            shapes = from_the_top(slide)
            for shape in shapes:
                assert shape.left >= 0 and shape.left + shape.width <= presentation.slide_width
                if shape.has_text_frame:
                    needed = height_needed(shape.text_frame, shape.width / Inches(1))
                    assert needed <= shape.height / Inches(1) + 0.01, shape.text_frame.text
            for above, below in pairwise(shapes):
                assert above.top + above.height <= below.top, (above.name, below.name)
            assert shapes[-1].top + shapes[-1].height <= presentation.slide_height


def test_no_cell_is_higher_than_its_row(decks):
    for content in decks.values():
        [table] = (s.table for slide in opened(content).slides for s in slide.shapes if s.has_table)
        for row in table.rows:
            merged = row.cells[0].is_merge_origin
            for cell, column in zip(row.cells, table.columns, strict=True):
                if not cell.is_spanned and cell.text:
                    room = sum(each.width for each in table.columns) if merged else column.width
                    inner = room - cell.margin_left - cell.margin_right
                    needed = height_needed(cell.text_frame, inner / Inches(1))
                    assert needed + 2 * cell.margin_top / Inches(1) <= row.height / Inches(1) + 0.01, (
                        cell.text
                    )


def test_long_texts_are_set_smaller_then_left_out_and_never_cut():
    line = " ".join(["Three words here."] * 12)
    sizes = (24, 18, 16)
    assert Fitted.of([line], sizes, 2.0).size == 24
    assert Fitted.of([line] * 2, sizes, 2.0).size == 16
    assert Fitted.of([line, line, line * 4], sizes, 2.0) == Fitted.of([line] * 2, sizes, 2.0)
    assert Fitted.of([line * 9, "Sources: a text"], (12,), 1.0, from_start=True).texts == ("Sources: a text",)
    assert Fitted.of([line * 40], sizes, 2.0).texts == ()


def test_a_long_table_shows_the_rows_that_there_is_room_for():
    columns = (Column("what", "What"), Column("value", "Value", "right"))
    rows = tuple({"what": f"Thing number {n}", "value": f"{n} yuan"} for n in range(40))
    table = Table("long", "A long table", columns, rows)
    grid = Grid.of(table, 4.0)
    assert grid is not None
    assert grid.size == 12 and sum(grid.heights) <= 4.0
    assert sum(Grid.in_type(table, len(grid.rows), 12).heights) > 4.0
    assert grid.rows[1] == ("Thing number 0", "0 yuan")
    assert Grid.of(table, 0.2) is None


def test_of_a_chart_that_is_too_high_the_first_part_is_shown_and_the_slide_says_so(data):
    presentation = opened(deck(data, programme="shangzhou", language="en"))
    assert titles(presentation)[2] == (
        "Shangzhou District gives a village head with one post a subsidy of 24,000 yuan a year"
    )
    foot = from_the_top(presentation.slides[2])[-1].text_frame
    assert foot.paragraphs[0].text == "Shown is the first part of a longer chart."
    [picture] = (shape for shape in shapes(presentation.slides[2]) if shape.shape_type == 13)
    assert "24,000 yuan" in picture._element.nvPicPr.cNvPr.get("descr")


def test_a_chart_without_room_for_its_source_is_not_shown(data):
    memo = memo_on(data, {"programme": "ludian", "language": "en"})
    assert [part.name for part, _ in charts_shown(memo)] == ["comparison_cost_per_venue", "pay_rise"]
    [(name, part)] = memo.charts.items()
    endless = replace(part, source=Passage("Sources: " + "a document (2016); " * 200))
    assert name not in [each.name for each, _ in charts_shown(replace(memo, charts={name: endless}))]


def test_a_frame_leaves_out_how_to_read_a_chart_before_where_it_is_from():
    frame = Frame.of("Title", "Subtitle", ["How to read it. " * 150, "Sources: a document"])
    assert frame.foot.texts == ("Sources: a document",)


def test_a_deck_on_hundreds_of_programmes_fits(data):
    many = country(data, 300)
    presentation = opened(deck(many, theme="investment", language="en"))
    assert 2 <= len(presentation.slides) <= 5
    for slide in presentation.slides:
        last = from_the_top(slide)[-1]
        assert last.top + last.height <= presentation.slide_height


# Every numeral


def test_every_numeral_rests_on_something(data, decks):
    for name, content in decks.items():
        found = audit_slides(content, data, "deck.pptx")
        assert found.passed, (name, found.summary)
        assert found.same_data and len(found.supports) > 30


def test_the_ledger_is_that_of_the_memo(data, decks):
    ledger = find(opened(decks["minjia", "en"]))
    memo = memo_on(data, {"programme": "minjia", "language": "en"})
    assert ledger.about["programme"] == "minjia" and ledger.about["data"] == data.data_hash
    assert {memo.lead.text, memo.headline.source.text} <= {passage.text for passage in ledger.passages}


def test_a_deck_with_a_numeral_that_rests_on_nothing_is_not_written(data):
    memo = memo_on(data, {"programme": "minjia", "language": "en"})
    wrong = replace(memo, caution=Passage("It cost 123,456 yuan."))
    with pytest.raises(
        NumeralError, match=r"minjia\.en: not written, .*'123,456' in 'It cost 123,456 yuan\.'"
    ):
        file_of(data, wrong, slides=True)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "4,200 yuan a month", "4,700 yuan a month",
            "Slide 1\n  “The pay of a village or community head with one post rose from 2,000 to 4,700 yuan "
            "a month.”\n    4,700: The data has no such number. It rested on Monthly pay of a village or "
            "community head after the rise, which now is 4,200 yuan per person per month.\n",
        ),
        (
            "163,000 yuan", "173,000 yuan",
            "Slide 4\n  “173,000 yuan”\n    173,000: The data has no such number.\n",
        ),
        (
            "¶7.", "¶7. Ludian County built 97 village venues.",
            "Slide 1\n  “Ludian County built 97 village venues.”\n    97: The data has no such number. "
            "The sentence seems to be about Ludian County, Village venues built, rebuilt or extended: 79 "
            "venues (2018–2021, printed as 79个).\n",
        ),
        (
            "between 1.78 and", "between 1.87 and",
            "Slide 3\n  “Ludian County raised pay to between 1.87 and 4.33 times what it was”\n    1.87: "
            "The data has no such number. It rested on Pay after the rise as a multiple of before, which now "
            "is 1.78.\n",
        ),
    ],
    ids=["text box", "cell", "notes", "title"],
)  # fmt: skip
def test_an_edited_number_is_found_on_its_slide(data, decks, old, new, said):
    found = audit_slides(with_text(decks["ludian", "en"], old, new), data, "ludian.pptx")
    assert re.sub(r"ludian\.pptx: \d+ numerals", "ludian.pptx: N numerals", found.summary) == (
        f"{said}ludian.pptx: N numerals, 1 of them do not hold"
    )


def test_a_chinese_audit_names_the_slide_in_chinese(data, decks):
    for language, slide in (("zh-Hans", "第1张幻灯片"), ("zh-Hant", "第1張幻燈片")):
        content = with_text(decks["minjia", language], "134", "143")
        assert audit_slides(content, data, "minjia.pptx").summary.splitlines()[0] == slide


def test_what_powerpoint_computes_and_an_added_slide_are_read_rightly(data, decks):
    def change(presentation) -> None:
        slide = presentation.slides.add_slide(presentation.slide_layouts[5])
        slide.shapes.title.text = "Minjia township puts each venue at 987,000 yuan"
        paragraph = slide.shapes.add_textbox(0, 0, 100, 100).text_frame.paragraphs[0]._p
        field = paragraph.makeelement(
            qn("a:fld"), {"id": "{00000000-0000-0000-0000-000000000000}", "type": "slidenum"}
        )
        text = field.makeelement(qn("a:t"), {})
        text.text = "4711"
        field.append(text)
        paragraph.append(field)

    found = audit_slides(edited(decks["minjia", "en"], change), data, "minjia.pptx")
    assert [(each.heading, each.numeral.text) for each in found.lost] == [("Slide 6", "987,000")]


# The commands


def test_the_command_writes_and_audits_slides(project_root, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(project_root)
    assert (
        main(["memo", "weinan", "--slides", "--language", "zh-Hans", "--out", str(tmp_path)]) == commands.OK
    )
    written = tmp_path / "weinan.zh-Hans.pptx"
    assert capsys.readouterr().out == f"{written}\n"
    assert main(["memo", "--audit", str(written)]) == commands.OK
    assert "，其中0个无据或不符\n" in capsys.readouterr().out
    written.write_bytes(with_text(written.read_bytes(), "242", "224"))
    assert main(["memo", "--audit", str(written)]) == commands.FAILED
    assert capsys.readouterr().out.startswith("第1张幻灯片\n")


def test_the_pool_of_memos_makes_decks(data, decks, tmp_path):
    request = checked(data, MemoRequest(("ludian",), slides=True))
    [about] = request.subjects
    made = MemoJob("ludian.en", about, request, data.root, tmp_path).make(engine="warm", timeout=None)
    assert (made.path, made.error) == (tmp_path / "ludian.en.pptx", None)
    assert made.path.read_bytes() == decks["ludian", "en"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--template", "a.docx"], ["--save-template", "a.docx"], ["--audit", "a.pptx"], ["--mark"],
        ["--update", "a.pptx"], ["--values", "ludian"],
    ],
    ids=lambda arguments: arguments[0],
)  # fmt: skip
def test_what_makes_no_sense_with_slides_is_refused(project_root, capsys, monkeypatch, arguments):
    monkeypatch.chdir(project_root)
    assert main(["memo", "ludian", "--slides", *arguments]) == commands.WRONG_INPUT
    assert capsys.readouterr().err == f"--slides writes new slides; it does not go with {arguments[0]}\n"


def test_slides_are_not_marked_or_updated(data, decks, tmp_path):
    path = tmp_path / "ludian.en.pptx"
    path.write_bytes(decks["ludian", "en"])
    with pytest.raises(AuditError) as marked:
        audit_file(data, path, marked=True)
    assert str(marked.value) == (
        "ludian.en.pptx: --mark writes comments into Word files only; leave it out, and the audit names the "
        "slide of each fault"
    )
    with pytest.raises(AuditError) as updated:
        update_file(data, path)
    assert str(updated.value) == (
        "ludian.en.pptx: slides are not updated; write them anew with analysis memo --slides, or see with "
        "--audit which numbers have moved"
    )
    assert [each.name for each in tmp_path.iterdir()] == ["ludian.en.pptx"]


def test_what_is_no_deck_of_ours_is_refused(data, memos):
    with pytest.raises(AuditError) as error:
        audit_slides(b"no zip", data, "notes.pptx")
    assert str(error.value) == "notes.pptx: it is no PowerPoint file; save it in PowerPoint as .pptx"
    buffer = io.BytesIO()
    pptx.Presentation().save(buffer)
    with pytest.raises(AuditError) as error:
        audit_slides(buffer.getvalue(), data, "other.pptx")
    assert str(error.value) == (
        "other.pptx: it holds no ledger, so it was not made by `analysis memo --slides`, or the program that "
        "saved it last left it out; make it anew, and edit it in PowerPoint"
    )
    with pytest.raises(AuditError, match="it is no PowerPoint file"):
        audit_slides(memos["en"], data, "memo.pptx")


def test_libreoffice_shows_a_deck_and_keeps_its_ledger(data, decks, tmp_path, impress):
    path = tmp_path / "investment.PPTX"  # LibreOffice writes nothing over what it reads
    path.write_bytes(decks["investment", "zh-Hant"])
    shown = text_of(impress.convert(path, "pdf"), "-layout")
    assert shown.count("\f") == 5 and "需進一步核實的問題" in shown
    assert audit_slides(impress.convert(path, "pptx").read_bytes(), data, path.name).passed
