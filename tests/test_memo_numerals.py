"""Numerals of memos: how they are read, what they rest on, and what an edit by hand does to them."""

import docx
import pytest
from docx.document import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from word_files import edited, exchange, saved

from analysis.evidence.dataset import Dataset
from analysis.show.memo import AuditError, NumeralError, audit, file_of, memo_on
from analysis.show.memo.facts import Basis, Fact, tidy
from analysis.show.memo.matching import Pool, free, supports, unsupported
from analysis.show.memo.nearby import Nearby
from analysis.show.memo.passages import Passage
from analysis.words.language import Text
from analysis.words.languages import LANGUAGES
from analysis.words.scan import numerals


def read(text: str) -> list[tuple[str, tuple[float, ...]]]:
    return [(numeral.text, numeral.values) for numeral in numerals(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("950,000 to 3.8 million yuan", [("950,000", (950_000.0,)), ("3.8 million", (3_800_000.0,))]),
        ("3.8 million yuan", [("3.8 million", (3_800_000.0,))]),
        ("twelve communities and two posts", [("twelve", (12.0,)), ("two", (2.0,))]),
        ("95万至380万元", [("95万至380万元", (950_000.0, 3_800_000.0))]),
        ("4种理解中3种有值", [("4种", (4.0,)), ("3种", (3.0,))]),
        ("約七十五萬元", [("約七十五萬元", (750_000.0,))]),
        ("76.7%", [("76.7%", (0.767,))]),
        ("中间一半31.6万至67万", [("一半", (0.5,)), ("31.6万至67万", (316_000.0, 670_000.0))]),
        ("数百个", [("数百个", ())]),
        ("no numeral at all", []),
    ],
)
def test_numerals_are_read_in_both_languages(text, expected):
    assert read(text) == expected


COST = Fact("estimate a/cost_per_venue, value", 753_924.0, "CNY/venue", figures="a.amount a.venues")
SHARE = Fact("estimate a/rectified_share, value", 0.7666, "share")
PROGRAMMES = Fact("count of programmes", 5.0, "#programme")
TITLE = Fact("source a, title", text="Four steps in concert")


def found(text: str, *facts: Fact) -> list[tuple[str, bool]]:
    bases = (Basis("test", facts),)
    return [(s.numeral.text, s.holds) for s in supports(text, Nearby.of(bases), "en", "a passage")]


def test_a_numeral_rests_on_a_value_that_rounds_to_it():
    assert found("754,000 yuan per venue", COST) == [("754,000", True)]
    assert found("753,924 yuan", COST) == [("753,924", True)]
    assert found("745,000 yuan per venue", COST) == [("745,000", False)]
    assert found("76.7%", SHARE) == [("76.7%", True)]


def test_a_numeral_of_another_unit_does_not_hold():
    assert found("754,000 venues", COST) == [("754,000", False)]
    assert found("0.767 venues", SHARE) == [("0.767", False)]


def test_numerals_of_titles_and_of_our_wording_are_quoted():
    assert found("Four steps in concert", TITLE) == [("Four", True)]
    assert found("Four leaps in concert", TITLE) == [("Four", False)]
    assert found(Text.of("en")("report.method_4")) == [("12", True)]


def cell(text: str, *facts: Fact) -> list[tuple[str, bool, str]]:
    pool = Pool.of([Passage("", (Basis("test", facts),))], "en")
    return [(s.numeral.text, s.holds, s.how) for s in free(text, "here", pool)]


def test_a_cell_that_a_hand_has_written_names_value_and_unit_or_the_value_alone():
    assert cell("754,000 yuan.", COST) == [("754,000", True, "value and unit")]
    assert cell("约75万元", Fact("a", 750_000.0, "CNY/venue")) == [("约75万元", True, "value and unit")]
    assert cell("5 programmes", PROGRAMMES) == [("5", True, "value and unit")]
    assert cell("共3个支部", Fact("b", 3.0, "branch")) == [("3个", True, "value and unit")]
    assert cell("753,924", COST) == [("753,924", True, "value")]


def test_idioms_ordinals_and_numbers_of_lists_are_no_quantities():
    assert [how for *_, how in cell("须进一步统一口径。")] == ["no quantity"] * 2
    assert [how for *_, how in cell("2. A point of our own")] == ["no quantity"]
    assert cell("其中第三项")[0][1]


def test_text_of_the_data_loses_what_a_file_cannot_hold():
    assert tidy("a\x00b\tc\u202ed\n e\ufeff") == "ab cd e"


@pytest.mark.parametrize(
    ("language", "about"),
    [
        ("en", {"programme": "ludian"}),
        ("zh-Hans", {"programme": "minjia"}),
        ("zh-Hant", {"theme": "stipends"}),
        ("en", {"programme": "shangzhou", "price_year": "2024"}),
    ],
)
def test_every_numeral_of_a_memo_rests_on_something(data, language, about):
    for price_year in ("", "2024"):
        memo = memo_on(data, {**about, "language": language, "price_year": price_year})
        assert memo is not None
        assert [(s.numeral.text, s.text) for s in unsupported(memo.passages, language)] == []


def test_a_memo_with_a_numeral_that_rests_on_nothing_is_not_written(data):
    memo = memo_on(data, {"programme": "minjia", "language": "en"})
    assert memo is not None
    object.__setattr__(memo, "lead", Passage("It cost 3.9 million yuan."))
    with pytest.raises(
        NumeralError, match=r"minjia\.en: not written, since 1 numerals rest on nothing: '3\.9 mil"
    ):
        file_of(data, memo)


@pytest.fixture
def made(memos) -> bytes:
    return memos["zh-Hans"]


def test_the_audit_of_a_fresh_memo_names_what_each_numeral_rests_on(data, made):
    result = audit(made, data, "minjia.docx")
    assert result.passed and result.same_data
    assert result.summary == f"minjia.docx：共{len(result.supports)}个数字，其中0个无据或不符"
    assert (
        "estimate minjia/cost_per_venue/village_venue/new/total/village, value [minjia.total-investment]"
        in str(result)
    )
    assert "figure minjia.venue-floor-area, place" in str(result)


def add(document: Document, text: str) -> None:
    document.add_paragraph(text)


def test_an_edited_memo_tells_the_numerals_that_lost_their_ground(data, made):
    good = edited(made, lambda document: add(document, "每个新建村级场所最高380万元，须进一步核实。"))
    assert audit(good, data).passed
    bad = edited(made, lambda document: add(document, "每个场所390万元，共3个原因。"))
    assert [s.numeral.text for s in audit(bad, data).lost] == ["390万元", "3个"]
    assert audit(bad, data).summary.splitlines()[:3] == [
        "正文注释",
        "  “每个场所390万元，共3个原因。”",
        "    390万元：数据中没有这个数字。句中所说似为民家，总投资：3,800,000元（原文作380万元）。",
    ]
    digit = edited(made, lambda document: exchange(document, "380万元涵盖", "830万元涵盖"))
    assert [s.numeral.text for s in audit(digit, data).lost] == ["830万元"]


def test_a_changed_cell_of_a_table_is_found(data, made):
    def change(document: Document) -> None:
        cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
        cell = next(cell for cell in cells if cell.text == "3,800,000")
        cell.paragraphs[0].runs[0].text = "3,900,000"

    [lost] = audit(edited(made, change), data).lost
    assert lost.numeral.text == "3,900,000" and "table cell" in lost.where


def test_the_audit_says_what_has_become_of_a_figure_since(data, made):
    estimates = data.tables["estimates"].copy()
    moved = (estimates["programme_id"] == "minjia") & (estimates["value"] == 3_800_000)
    estimates.loc[moved, ["value", "lower", "upper"]] = 3_700_000.0
    figures = data.figures.copy()
    figures.loc[figures["figure_id"] == "minjia.total-investment", ["value", "printed"]] = [
        3_700_000.0,
        "370万元",
    ]
    later = Dataset(data.root, {**data.tables, "estimates": estimates, "figures": figures}, "another hash")
    result = audit(made, later)
    assert not result.passed and not result.same_data
    assert "原依据为总投资，现为370万元。" in result.summary
    assert result.summary.endswith("；制作备忘录之后数据已有变动")


def test_a_file_without_a_ledger_cannot_be_audited(data):
    with pytest.raises(
        AuditError, match=r"other\.docx: it holds no ledger, so it was not made by `analysis memo`"
    ):
        audit(saved(docx.Document()), data, "other.docx")
    with pytest.raises(AuditError, match=r"text\.docx: it is no Word file; save it in Word as \.docx"):
        audit(b"plain text", data, "text.docx")


ABSENT = st.sampled_from(["", "", "not_reported", "not_comparable", "not_applicable"])


@settings(max_examples=6, deadline=None)
@given(st.data())
def test_memos_of_random_estimates_say_only_what_rests_on_them(data, draw):
    estimates, codings = data.tables["estimates"].copy(), data.codings.copy()
    codings.loc[0, ["note", "note_zh"]] = ["3 things {{ 7 * 7 }}.", "有3项{{ 7 }}。"]
    rows = draw.draw(st.lists(st.sampled_from(range(len(estimates))), min_size=5, max_size=60, unique=True))
    for row in rows:
        if absence := draw.draw(ABSENT):
            estimates.loc[row, ["value", "lower", "upper"]] = float("nan")
            estimates.loc[row, ["absence", "reason"]] = [absence, f"coding:{codings['coding_id'].iloc[0]}"]
        elif not estimates.loc[row, "absence"]:
            value = draw.draw(st.floats(0.001, 1e9, allow_nan=False))
            low, high = draw.draw(
                st.sampled_from([(value, value), (value, float("inf")), (0.0, value), (value / 2, value * 2)])
            )
            estimates.loc[row, ["value", "lower", "upper"]] = [value, low, high]
    invented = Dataset(data.root, {**data.tables, "estimates": estimates, "codings": codings}, "invented")
    language = draw.draw(st.sampled_from(sorted(LANGUAGES)))
    about = draw.draw(
        st.sampled_from([{"programme": "minjia"}, {"programme": "wushan"}, {"theme": "branches"}])
    )
    memo = memo_on(invented, {**about, "language": language})
    assert memo is not None
    assert [(s.numeral.text, s.text) for s in unsupported(memo.passages, language)] == []
