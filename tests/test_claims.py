"""What sentences claim, in words of an author's own, and whether the data says so."""

from pathlib import Path

import docx
import pytest
import word_files
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from word_files import edited, opened

from analysis.cli import main
from analysis.show.memo import audit, file_of, mark, memo_on
from analysis.show.memo.audit import Reader
from analysis.words.scan import numerals


@pytest.fixture(scope="module")
def readers(data):
    return {language: Reader.of(data, language) for language in ("en", "zh-Hans", "zh-Hant")}


def faults(readers, text: str) -> list[tuple[str, str]]:
    """Return the numerals of a sentence that do not hold, each with its fault."""
    language = "zh-Hans" if any("\u4e00" <= char <= "\u9fff" for char in text) else "en"
    return [(s.numeral.text, s.fault) for s in readers[language].read(text) if not s.holds]


@pytest.mark.parametrize(
    "text",
    [
        "民家新建村级活动场所4个。",
        "鲁甸县建成79个村级活动场所。",
        "鲁甸、民家每个村级场所的投入分别为75.4万元和95万元。",
        "鲁甸县正职月待遇提高了1.1倍。",
        "鲁甸县正职月待遇提高到提高前的2.1倍。",
        "鲁甸县103个村（社区）中，48个是集体经济薄弱村，占46.6%。",
        "商州区为群众代办事项4万多件。",
        "2019年，鲁甸县用300万元扶持6个村级集体经济项目。",
        "渭南高新区提出整改措施266个，比242个问题多24个。",
        "A village venue cost 754,000 yuan in Ludian and 950,000 yuan in Minjia.",
        "The pay of heads in Ludian increased by 110 per cent.",
        "Ludian closed or regrouped 177 Party branches and founded 94.",
        "Seven weak Party organisations were due for rectification in Wushan; Ludian dealt with 77.",
        "One hundred professionals were sent to the grassroots by Wushan.",
    ],
)
def test_what_the_data_says_holds_in_an_authors_words(readers, text):
    assert faults(readers, text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "鲁甸县每个村级活动场所投入380万元，民家每个75.4万元。",
            [("380万元", "place"), ("75.4万元", "place")],
        ),
        ("鲁甸县建成97个村级活动场所。", [("97个", "value")]),
        ("鲁甸县建成305个村级活动场所。", [("305个", "thing")]),
        ("鲁甸县新建305个村民小组活动场所，整合资金4980元。", [("4980元", "value")]),
        ("鲁甸县每个村级活动场所投入5956万元。", [("5956万元", "unit")]),
        ("鲁甸县正职年待遇由2000元提高到4200元。", [("2000元", "period"), ("4200元", "period")]),
        ("鲁甸县正职月待遇由4200元提高到2000元。", [("4200元", "stage"), ("2000元", "direction")]),
        ("鲁甸县正职月待遇提高到1.1倍。", [("1.1倍", "value")]),
        ("鲁甸县为325名村干部缴纳养老保险，补助超过160万元。", [("超过160万元", "qualifier")]),
        ("鲁甸县建成村级活动场所不到79个。", [("不到79个", "qualifier")]),
        ("2018年，鲁甸县用300万元扶持6个村级集体经济项目。", [("300万元", "year"), ("6个", "year")]),
        (
            "鲁甸县每个村级场所投入75.4万元，高于民家的95万元。",
            [("75.4万元", "direction"), ("95万元", "direction")],
        ),
        (
            "民家每个村级场所投入95万元，比鲁甸低19.6万元。",
            [("95万元", "direction"), ("19.6万元", "direction")],
        ),
        ("全县有上百个支部。", [("上百个", "value")]),
        ("鲁甸县有½的村是薄弱村。", [("½", "value")]),
        ("In Minjia a village venue cost 753,924 yuan.", [("753,924", "place")]),
        ("A deputy in Ludian now earns 3,200 yuan a year.", [("3,200", "period")]),
        ("Wushan trained fewer than 3,000 people for rural governance.", [("3,000", "qualifier")]),
        ("The pay of heads in Ludian increased by 210%.", [("210%", "value")]),
    ],
)
def test_what_the_data_does_not_say_is_told_by_its_kind(readers, text, expected):
    assert faults(readers, text) == expected


def test_traditional_sentences_are_read_alike(readers):
    reader = readers["zh-Hant"]
    assert all(each.holds for each in reader.read("魯甸縣每個村級活動場所投入75.4萬元，民家每個95萬元。"))
    assert [s.fault for s in reader.read("民家每個村級活動場所投入75.4萬元。")] == ["place"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("three hundred and five", 305.0),
        ("seventy-nine", 79.0),
        ("two thirds", 2 / 3),
        ("1.2 million", 1.2e6),
    ],
)
def test_numbers_in_english_words_are_read_whole(text, value):
    [numeral] = numerals(text)
    assert numeral.text == text and numeral.values == (pytest.approx(value),)


@pytest.mark.parametrize("text", ["⑲个支部", "Ⅳ个支部", "㊲个支部"])
def test_characters_that_are_a_number_each_are_seen(readers, text):
    assert [s.holds for s in readers["zh-Hans"].read(text)] == [False]


PARTS = [
    "鲁甸县",
    "民家",
    "商州区",
    "每个",
    "村级",
    "场所",
    "投入",
    "提高了",
    "提高到",
    "由",
    "至",
    "比",
    "高于",
    "多",
    "前者",
    "分别",
    "占",
    "数",
    "上百",
    "79个",
    "380万元",
    "1.1倍",
    "三番",
    "46.6%",
    "2019年",
    "③",
    "½",
    "约",
    "超过",
    "，",
    "。",
    "（",
    "Ludian",
    "Minjia",
    "than",
    "rose",
    "by",
    "from",
    "to",
    "4,200",
    "yuan",
    "a",
    "month",
    "times",
    "three",
    "hundred",
    "nearly",
    "%",
    "per",
    "cent",
    "respectively",
    ".",
    ",",
    "99999番",
    "∞",
    "零",
    "0",
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=14), st.sampled_from(["", " "]))
def test_any_text_is_read_to_its_end(readers, parts, space):
    text = space.join(parts)
    for language, reader in readers.items():
        assert len(reader.read(text)) == len(numerals(text, language))


@pytest.fixture(scope="module")
def made(data) -> bytes:
    return file_of(data, memo_on(data, {"programme": "ludian", "language": "zh-Hans"}))


def exchange(old: str, new: str):
    return lambda document: word_files.exchange(document, old, new)


def test_an_edited_sentence_is_held_against_what_it_said(data, made):
    result = audit(edited(made, exchange("提高到4200元", "提高到2600元")), data)
    assert result.summary.splitlines() == [
        "关于鲁甸县“双整百千”四级联创的报告",
        "  “村（社区）正职（分设）待遇由每月2000元提高到2600元。”",
        "    2600元：这个数字说的是另一件事。"
        "它是鲁甸县，“两委”委员待遇（提高后）：2600元/人·月（2020—2021，原文作2600元）。"
        "原依据为村（社区）正职待遇（提高后），现为4200元。",
        f"the memo：共{len(result.supports)}个数字，其中1个无据或不符",
    ]


def test_words_around_an_unchanged_number_may_be_mended(data, made):
    assert audit(edited(made, exchange("共投入5956万元", "合计投入5956万元")), data).passed


def test_a_mark_stands_at_each_number_that_fails_and_the_text_stays(data, made):
    content = edited(made, exchange("提高到4200元", "提高到2600元"))
    marked, result = mark(content, data, "ludian.docx")
    before, after = (opened(each) for each in (content, marked))
    assert [p.text for p in after.paragraphs] == [p.text for p in before.paragraphs]
    [comment] = after.comments
    assert comment.text == result.teller.fault(result.lost[0])
    assert (comment.author, comment.initials) == ("数字核对", "✓")
    # The marks of an audit are no text of the memo.
    assert len(audit(marked, data).lost) == 1


BOX = """
<w:p xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:r><mc:AlternateContent>
<mc:Choice Requires="wps">
<w:txbxContent><w:p><w:r><w:t>共97个场所</w:t></w:r></w:p></w:txbxContent></mc:Choice>
<mc:Fallback><w:txbxContent><w:p><w:r><w:t>共97个场所</w:t></w:r></w:p></w:txbxContent></mc:Fallback>
</mc:AlternateContent></w:r></w:p>
"""


def test_a_text_box_is_read_once(data, made):
    content = edited(made, lambda document: document.element.body.insert(0, parse_xml(BOX)))
    assert [s.numeral.text for s in audit(content, data).lost] == ["97个"]


def test_a_number_of_a_note_has_its_comment_at_the_mark_of_the_note(data, made):
    def cite_another(document):
        parts = document.part.package.iter_parts()
        [notes] = (part for part in parts if str(part.partname) == "/word/endnotes.xml")
        notes._blob = notes.blob.replace("第7段".encode(), "第19段".encode(), 1)

    content, found = mark(edited(made, cite_another), data)
    assert [lost.numeral.text for lost in found.lost] == ["19"]
    [paragraph] = (p for p in opened(content).paragraphs if p._p.findall(f".//{qn('w:commentReference')}"))
    tags = [node.tag for node in paragraph._p.iter(qn("w:commentRangeStart"), qn("w:endnoteReference"))]
    assert tags == [qn("w:commentRangeStart"), qn("w:endnoteReference")]


def test_the_command_prints_faults_first_and_writes_a_marked_copy(
    project_root, made, tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(project_root)
    file = tmp_path / "edited.docx"
    file.write_bytes(edited(made, exchange("提高到4200元", "提高到2600元")))
    assert main(["memo", "--audit", str(file), "--mark"]) == 1
    printed = capsys.readouterr()
    assert printed.out.startswith("关于鲁甸县“双整百千”四级联创的报告\n")
    assert Path(printed.err.strip()) == tmp_path / "edited.marked.docx"
    assert len(list(docx.Document(tmp_path / "edited.marked.docx").comments)) == 1
