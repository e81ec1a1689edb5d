"""Memos as Word files: whole, valid, the same on every run, laid out as the template says."""

import io
import re
import zipfile
from dataclasses import replace

import docx
import pytest
from country import country
from docx.oxml.ns import qn
from editorial import read

from analysis import commands
from analysis.cli import main
from analysis.show.export.request import KitError
from analysis.show.memo import MemoRequest, file_of, memo_on, write_memos
from analysis.show.memo.archive import unpack
from analysis.words.languages import LANGUAGES, Language


@pytest.fixture(scope="module")
def english(memos):
    return docx.Document(io.BytesIO(memos["en"]))


def test_a_memo_has_its_parts_in_order(english):
    headings = [p.text for p in english.paragraphs if p.style.name == "Heading 1"]
    assert headings == [
        "What was done", "Beside other places", "What is uncertain", "What to verify",
    ]  # fmt: skip
    assert [p.text for p in english.paragraphs if p.style.name == "Memo Annex"] == ["Annex"]
    captions = [p.text.split(".")[0] for p in english.paragraphs if p.style.name == "Memo Caption"]
    assert captions[:3] == ["Table 1", "Chart 1", "Table 2"]
    assert sum("publicise success" in p.text for p in english.paragraphs) == 1


def body(document) -> list[str]:
    """Return the paragraphs before the annex."""
    texts = [p.text for p in document.paragraphs]
    return texts[: texts.index("Annex")]


def test_the_body_says_findings_doubts_and_questions(english):
    said = body(english)
    assert said[2].startswith("Minjia township lists four new village venues")
    assert said[2].endswith("Table 1 gives the headline indicators.")
    assert any(
        text.startswith("In prices of 2021, a village venue costs at least 885,000 yuan") for text in said
    )
    assert (
        "1. The text of Minjia township does not say whether the works were planned or already done." in said
    )
    assert any(
        text.startswith("1. What does the total investment of 3.8 million yuan cover") for text in said
    )


def test_nothing_is_said_twice_and_no_sentence_has_more_than_three_numbers(english):
    # The number of an item of a list is none to be held in mind.
    paragraphs = [re.sub(r"^\d+\. ", "", text) for text in body(english)[2:] if text]
    found = read(paragraphs, Language.parse("en"))
    assert (found.crowded, found.chained, found.repeated) == ([], [], [])


def test_who_writes_to_whom_and_when_is_given_or_left_as_a_field(data, english):
    assert body(english)[1] == "To: [addressee]"
    assert body(english)[-2:] == ["[issuing unit]", "[date]"]
    given = {"issuer": "Research Office No. 3", "addressee": "The Committee", "date": "2 May 2026"}
    memo = memo_on(data, {"programme": "weinan", "language": "en", **given})
    made = docx.Document(io.BytesIO(file_of(data, memo)))
    assert body(made)[1] == "To: The Committee"
    assert body(made)[-2:] == ["Research Office No. 3", "2 May 2026"]
    assert memo.about["date"] == "2 May 2026"


def test_of_who_writes_a_memo_takes_what_it_can_hold(data):
    request = MemoRequest(("weinan",), given={"issuer": "Office \x01\udcff 3", "date": "2 May\x0b 2026"})
    assert request.validate(data).given == {"issuer": "Office 3", "date": "2 May 2026"}


def test_sources_are_endnotes_that_word_counts(memos):
    parts = unpack(memos["zh-Hans"])
    document, notes = (docx.oxml.parse_xml(parts[f"word/{name}.xml"]) for name in ("document", "endnotes"))
    marks = [each.get(qn("w:id")) for each in document.iter(qn("w:endnoteReference"))]
    assert marks == ["1", "2", "3"]
    assert [each.get(qn("w:id")) for each in notes] == ["-1", "0", *marks]
    first = "".join(text.text for text in notes[2].iter(qn("w:t")))
    assert re.fullmatch(r" 《.+》，.+，2013年4月24日.*，第3段.*。", first)
    assert document.find(f".//{qn('w:endnotePr')}/{qn('w:numFmt')}").get(qn("w:val")) == "decimal"


def test_numbers_of_charts_and_tables_are_fields_that_references_follow(english):
    xml = english.element.body
    codes = ["".join(each.text.split()) for each in xml.iter(qn("w:instrText"))]
    marks = [each.get(qn("w:name")) for each in xml.iter(qn("w:bookmarkStart"))]
    referred = [code[3:-2] for code in codes if code.startswith("REF")]
    assert referred[:2] == ["memo_table_indicators", "memo_chart_comparison_cost_per_venue"]
    assert set(referred) <= set(marks) and len(marks) == len(set(marks))
    assert sum(code.startswith("SEQmemo_chart") for code in codes) == 1


def test_the_language_and_the_author_are_set(memos):
    for language, tag in (("en", "en-GB"), ("zh-Hans", "zh-CN"), ("zh-Hant", "zh-TW")):
        properties = docx.Document(io.BytesIO(memos[language])).core_properties
        assert properties.language == tag
        assert properties.title and properties.author == properties.last_modified_by != ""
        assert properties.created == properties.modified


def test_traditional_chinese_has_its_own_wording_fonts_and_language(memos):
    parts = unpack(memos["zh-Hant"])
    styles, document = parts["word/styles.xml"].decode(), parts["word/document.xml"].decode()
    assert 'w:eastAsia="zh-TW"' in styles and 'w:eastAsia="標楷體"' in styles and "仿宋" not in styles
    assert "資料來源" in document and "资料来源" not in document


def test_pictures_have_both_forms_alternative_text_and_the_width_of_the_text(memos):
    document = docx.Document(io.BytesIO(memos["zh-Hans"]))
    parts = unpack(memos["zh-Hans"])
    inlines = list(document.element.body.iter(qn("wp:inline")))
    assert len(inlines) == 1
    for inline in inlines:
        assert (
            inline.find(qn("wp:docPr"))
            .get("descr")
            .startswith("点图。单个场所投入，元/场所，2021年不变价格；5地中2地可比。村级活动场所")
        )
        assert int(inline.find(qn("wp:extent")).get("cx")) == pytest.approx(156 * 36_000, rel=0.01)
        assert "asvg:svgBlip" in str(docx.oxml.xmlchemy.serialize_for_reading(inline))
    assert sorted(name for name in parts if "media" in name) == [
        "word/media/chart1.svg", "word/media/image1.png",
    ]  # fmt: skip


def test_the_last_row_of_a_table_says_where_it_is_from(english):
    for table in english.tables[:3]:
        cells = table.rows[-1].cells
        assert len({cell._tc for cell in cells}) == 1
        assert cells[0].paragraphs[-1].text == (
            "Sources: Building a demonstration town for Party building, on a more scientific footing "
            "(24 April 2013)"
        )


def test_the_table_of_the_body_stands_on_one_page_with_its_source(english):
    *rows, last = english.tables[0].rows
    kept = [p.paragraph_format.keep_with_next for row in rows for cell in row.cells for p in cell.paragraphs]
    assert set(kept) == {True}
    assert last._tr.trPr.find(qn("w:cantSplit")) is not None


def test_tables_are_native_with_a_head_that_repeats_and_a_description(english):
    for table in english.tables:
        first = table._tbl.tr_lst[0]
        assert first.find(qn("w:trPr")).find(qn("w:tblHeader")) is not None
        properties = table._tbl.tblPr
        assert properties.find(qn("w:tblCaption")).get(qn("w:val"))
        assert re.match(r"Rows: \d+; columns: ", properties.find(qn("w:tblDescription")).get(qn("w:val")))
        assert table.style.name == "Memo Table"


def test_sources_are_numbered_and_figures_have_their_places(english):
    sources = [p.text for p in english.paragraphs if p.style.name == "Memo Source"]
    assert [source[:3] for source in sources] == ["[1]"]
    assert re.search(r"Figures used: \d+, in ¶3 and ¶5\.", sources[0])
    cells = [cell.text.replace("\u200b", "") for cell in english.tables[-2].rows[2].cells]
    assert cells[-2:] == ["[1] ¶3, 78–80", "minjia.new-village-venues"]


def test_the_same_memo_has_the_same_bytes(data, memos):
    assert file_of(data, memo_on(data, {"programme": "minjia", "language": "en"})) == memos["en"]
    with zipfile.ZipFile(io.BytesIO(memos["en"])) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_memos_are_valid_open_xml(memos, tmp_path, language):
    openxml_audit = pytest.importorskip("openxml_audit", reason="the validator is not installed")
    path = tmp_path / "memo.docx"
    path.write_bytes(memos[language])
    result = openxml_audit.OpenXmlValidator().validate(path)
    assert [str(error) for error in result.errors] == []


def test_the_validator_finds_what_is_wrong(memos, tmp_path):
    openxml_audit = pytest.importorskip("openxml_audit", reason="the validator is not installed")
    path = tmp_path / "memo.docx"
    spoilt = (
        unpack(memos["en"])["word/document.xml"]
        .replace(b"<w:tblGrid>", b"<w:tblWrong>")
        .replace(b"</w:tblGrid>", b"</w:tblWrong>")
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (unpack(memos["en"]) | {"word/document.xml": spoilt}).items():
            archive.writestr(name, content)
    assert not openxml_audit.OpenXmlValidator().validate(path).is_valid


def test_text_of_the_data_stays_text(data):
    programmes = data.programmes.copy()
    programmes.loc[programmes["programme_id"] == "minjia", "label"] = "A & B <w:p/> {{ title }} {% for %}\x07"
    hostile = replace(data, tables={**data.tables, "programmes": programmes})
    document = docx.Document(
        io.BytesIO(file_of(hostile, memo_on(hostile, {"programme": "minjia", "language": "en"})))
    )
    assert document.paragraphs[0].text.startswith("A & B <w:p/> {{ title }} {% for %}:")


def test_a_memo_on_hundreds_of_programmes_says_how_many_it_leaves_out(data):
    many = country(data, 300)
    memo = memo_on(many, {"theme": "investment", "language": "en"})
    assert memo is not None
    assert all(len(part.table.rows) <= 40 for part in memo.tables.values())
    notes = [note.text for part in memo.tables.values() for note in part.notes]
    assert any(re.match(r"40 of \d+ rows are shown, the first", note) for note in notes)
    assert len(memo.sources) <= 30
    assert any("documents; listed are the" in note.text for note in memo.notes)
    assert len(file_of(many, memo)) < 2_000_000


def test_a_memo_on_a_theme_is_named_as_its_report_is(data):
    assert memo_on(data, {"theme": "collective_economy"}).name == "comparison-collective-economy"


def test_all_faults_of_a_request_are_named_at_once(data):
    request = MemoRequest(("atlantis",), ("weather",), ("latin",), 1900)
    with pytest.raises(KitError) as error:
        request.validate(data)
    theme, programme, language, year = str(error.value).splitlines()
    assert theme.startswith("theme: 'weather' is not known; allowed are investment, stipends, branches")
    assert programme.startswith("programme: 'atlantis' is not known; allowed are shangzhou, ludian")
    assert language.startswith("language: 'latin' is not known; allowed are en, zh-Hans, zh-Hant")
    assert year.startswith("price_year: 1900 — expected a year of the price series, ")
    with pytest.raises(
        KitError, match=r"no memo is named; name programmes \(shangzhou, .* or all\), or --compare"
    ):
        list(write_memos(data, MemoRequest(), data.root))


def test_the_command_writes_audits_and_refuses(project_root, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(project_root)
    assert main(["memo", "weinan", "--out", str(tmp_path)]) == commands.OK
    written = tmp_path / "weinan.en.docx"
    assert capsys.readouterr().out.strip() == str(written)
    assert main(["memo", "--audit", str(written)]) == commands.OK
    assert "0 of them do not hold" in capsys.readouterr().out
    document = docx.Document(written)
    document.add_paragraph("It cost 123,456 yuan.")
    document.save(written)
    assert main(["memo", "--audit", str(written)]) == commands.FAILED
    assert "  “It cost 123,456 yuan.”\n    123,456: The data has no such number." in capsys.readouterr().out
    assert main(["memo", "weinnan", "--out", str(tmp_path)]) == commands.WRONG_INPUT
    assert "did you mean 'weinan'?" in capsys.readouterr().err
    assert main(["memo", "weinan", "--template", str(tmp_path / "none.docx")]) == commands.WRONG_INPUT
