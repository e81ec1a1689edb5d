"""The templates of memos: the layout of GB/T 9704-2012, placeholders an office may edit, faults named."""

import re
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.shared import Mm
from programs import Office, text_of
from word_files import opened, saved

from analysis.show.memo import TemplateError, default_template, file_of, memo_on
from analysis.show.memo.archive import unpack
from analysis.words.language import Text


def test_the_traditional_template_says_what_the_simplified_one_does():
    simplified, traditional = (opened(default_template(language)) for language in ("zh-Hans", "zh-Hant"))
    converted = [Text.of("zh-Hant").convert(paragraph.text) for paragraph in simplified.paragraphs]
    assert [paragraph.text for paragraph in traditional.paragraphs] == converted


def test_a_language_without_a_template_of_its_own_has_the_english_one():
    assert default_template("de") == default_template("en")


def test_the_chinese_page_is_that_of_the_standard():
    section = opened(default_template("zh-Hans")).sections[0]
    assert (section.page_width.mm, section.page_height.mm) == pytest.approx((210, 297), abs=0.1)
    assert (section.top_margin.mm, section.left_margin.mm) == pytest.approx((37, 28), abs=0.1)
    width = section.page_width - section.left_margin - section.right_margin
    height = section.page_height - section.top_margin - section.bottom_margin
    assert (width / Mm(1), height / Mm(1)) == pytest.approx((156, 225), abs=0.1)


def test_the_chinese_styles_are_those_of_the_standard():
    parts = {name: content.decode() for name, content in unpack(default_template("zh-Hans")).items()}
    styles = parts["word/styles.xml"]
    assert '<w:docGrid w:type="lines" w:linePitch="579"/>' in parts["word/document.xml"]
    assert '<w:spacing w:line="579" w:lineRule="exact"/>' in styles and '<w:spacing w:val="-5"/>' in styles
    assert 'w:firstLineChars="200"' in styles and "<w:evenAndOddHeaders/>" in parts["word/settings.xml"]
    for text in ("%1、", "（%2）", "%3.", "（%4）"):
        assert f'<w:lvlText w:val="{text}"/>' in parts["word/numbering.xml"]
    assert (
        '<w:font w:name="仿宋"><w:altName w:val="FangSong,仿宋_GB2312,STFangsong"/>'
        in parts["word/fontTable.xml"]
    )
    assert (
        'w:jc w:val="right"' in parts["word/footer1.xml"] and 'w:jc w:val="left"' in parts["word/footer2.xml"]
    )


def with_text(*paragraphs: str) -> Document:
    """Return the English template with paragraphs added at its end, as an office would add them in Word."""
    document = opened(default_template("en"))
    for text in paragraphs:
        document.add_paragraph(text)
    return document


@pytest.fixture(scope="module")
def memo(data):
    return memo_on(data, {"programme": "minjia", "language": "en"})


def faults(data, memo, *paragraphs: str) -> list[str]:
    with pytest.raises(TemplateError) as error:
        file_of(data, memo, saved(with_text(*paragraphs)), "office.docx")
    return error.value.messages


def test_an_office_may_add_wording_and_ask_for_any_chart_or_table(data, memo):
    template = with_text(
        "Document No. 12 of our office", "{{ charts.coverage.caption }}", "{{ charts.coverage.picture }}",
        "{{p tables.readings.grid }}", "{% for note in notes %}{{ loop.index }}. {{ note }} {% endfor %}",
    )  # fmt: skip
    template.styles["Memo Title"].font.size = docx.shared.Pt(30)
    filled = opened(file_of(data, memo, saved(template), "office.docx"))
    texts = [paragraph.text for paragraph in filled.paragraphs]
    assert "Document No. 12 of our office" in texts
    assert any(text.startswith("Chart 2. Minjia township reports 5 of 39 measures") for text in texts)
    assert len(filled.inline_shapes) == 2
    assert filled.styles["Memo Title"].font.size == docx.shared.Pt(30)


def test_every_wrong_placeholder_is_named_with_its_paragraph_and_the_nearest_match(data, memo):
    found = faults(
        data, memo, "{{ tittle }}", "{%p for c in charts %}", "{{ c.captoin }}", "{%p endfor %}",
        "{{ charts.covrage.title }}", "{{ title.size }}",
    )  # fmt: skip
    places = [re.sub(r"paragraph \d+", "paragraph N", fault.split(";")[0]) for fault in found]
    assert places[0].startswith(
        "template office.docx: paragraph N of the text, {{ tittle }}: 'tittle' is no placeholder"
    )
    assert found[0].endswith("did you mean 'title'?")
    assert "{{ c.captoin }}: 'captoin' is none of what" in found[1] and found[1].endswith(
        "did you mean 'caption'?"
    )
    assert "'covrage' is none of what 'charts' has, comparison_cost_per_venue, " in found[2]
    assert found[2].endswith("did you mean 'coverage'?")
    assert found[3].endswith("'title' has nothing named 'size'; write {{ title }}")
    assert len(found) == 4


def test_a_placeholder_that_is_not_closed_is_named(data, memo):
    [fault] = faults(data, memo, "{%p for chart in charts %}", "{{ chart.caption }}")
    assert fault.startswith("template office.docx: the text: Unexpected end of template.")
    assert "{%p for chart in charts %}; each {%p for … %} needs its {%p endfor %}" in fault


def test_a_template_cannot_reach_beyond_what_it_is_given(data, memo):
    [fault] = faults(data, memo, "{{ title.__class__.__mro__ }}")
    assert "'title' has nothing named '__class__'" in fault


def test_a_template_without_the_styles_or_the_width_says_so(data, memo):
    template = docx.Document()
    template.sections[0].left_margin = Mm(120)
    with pytest.raises(TemplateError) as error:
        file_of(data, memo, saved(template), "plain.docx")
    first, *styles = error.value.messages
    assert first.startswith("template plain.docx: its text block is ") and "needs at least 90 mm" in first
    assert styles[0] == (
        "template plain.docx: it has no table style 'Memo Table'; copy it from the default template, "
        "or make one of "
        "that name"
    )
    assert len(styles) == 4


def test_what_is_no_word_file_is_refused(data, memo):
    with pytest.raises(TemplateError, match=r"template a\.txt: it is no Word file; save it in Word"):
        file_of(data, memo, b"text", "a.txt")


def pages(content: bytes, folder: Path, writer: Office) -> list[list[str]]:
    """Return the lines of each page of a Word file, as LibreOffice lays it out."""
    (folder / "memo.docx").write_bytes(content)
    text = text_of(writer.convert(folder / "memo.docx", "pdf"), "-layout")
    laid_out = [[line.strip() for line in page.splitlines() if line.strip()] for page in text.split("\f")]
    return [lines for lines in laid_out if lines]


def test_a_page_of_chinese_text_has_22_lines_of_28_characters(tmp_path, writer):
    document = opened(default_template("zh-Hans"))
    body = document.element.body
    for paragraph in list(document.paragraphs):
        body.remove(paragraph._p)
    document.add_paragraph("山水林田湖草沙" * 200, style="Normal")
    first = pages(saved(document), tmp_path, writer)[0]
    lines, number = first[:-1], first[-1]
    assert [len(line) for line in lines] == [28] * 22
    assert number.replace(" ", "") == "—1—"


def test_libreoffice_opens_a_memo(memos, tmp_path, writer):
    found = pages(memos["zh-Hant"], tmp_path, writer)
    assert found[0][0] == "關於民家黨建示範鎮建設的報告"
    assert any(line == "附件" for page in found[2:3] for line in page), "the body has two pages"
    assert any("資料來源" in line for page in found for line in page)
