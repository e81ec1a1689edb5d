"""The audit: nothing is left out, nothing is counted twice, and no changed digit goes unseen."""

import json
from pathlib import Path

import pandas as pd
import pytest

from analysis.evidence import checks
from analysis.evidence.audit import SourceAudit, audit, format_audit, to_json
from analysis.evidence.numerals import read
from analysis.evidence.rows import Exclusion, Figure, Source
from analysis.evidence.sources import Document

# Invented: a county that exists nowhere.
TEXT = (
    "青禾縣(xiàn)2031年建成場(chǎng)所17處(chù)，投入近160萬(wàn)元。\n"
    "一是辦(bàn)實(shí)事4萬(wàn)多件(jiàn)，培訓(xùn)3至15名書記，達(dá)標(biāo)率98%以上。\n"
    "二是補(bǔ)貼(tiē)30万元/個(gè)，面積1,200.5平方米，兩(liǎng)級(jí)聯(lián)動(dòng)。\n"
)
FIGURES = [
    ("17处", "venue"),
    ("近160万元", "CNY"),
    ("4万多件", "service"),
    ("3至15名", "person"),
    ("98%以上", "share"),
    ("30万元/个", "CNY/venue"),
    ("1,200.5平方米", "m2"),
]
EXCLUSIONS = [("2031", "date"), ("一是", "ordinal"), ("二是", "ordinal"), ("两级", "structural")]


def table(kind: type[tuple], rows: list[dict[str, object]]) -> pd.DataFrame:
    """Return rows with all columns of a table; those not given are empty."""
    return pd.DataFrame(
        [dict.fromkeys(kind._fields, "") | row for row in rows], columns=list(kind._fields), dtype=object
    )


def place(document: Document, printed: str) -> dict[str, object]:
    start = document.clean.index(printed)
    first, last = document.raw_span(start, start + len(printed))
    where = {"paragraph": document.paragraph(first), "start": first, "end": last, "printed": printed}
    return {"source_id": "qinghe", **where}


def figure(document: Document, printed: str, unit: str) -> dict[str, object]:
    quantity = read(printed)
    return {
        "figure_id": f"qinghe.{printed}",
        **place(document, printed),
        "value": quantity.value,
        "value_to": float("nan") if quantity.value_to is None else quantity.value_to,
        "unit": unit,
        "qualifier": quantity.qualifier,
        "period": "none",
        "year": "2031",
        "year_basis": "stated",
    }


@pytest.fixture
def document() -> Document:
    return Document.from_text(TEXT, "qinghe")


@pytest.fixture
def register(document: Document) -> pd.DataFrame:
    return table(Source, [{"source_id": "qinghe", "sha256": document.sha256}])


@pytest.fixture
def figures(document: Document) -> pd.DataFrame:
    return table(Figure, [figure(document, *row) for row in FIGURES])


@pytest.fixture
def exclusions(document: Document) -> pd.DataFrame:
    rows = [{**place(document, printed), "reason": reason} for printed, reason in EXCLUSIONS]
    return table(Exclusion, rows)


@pytest.fixture
def account(document, register, figures, exclusions):
    """A call of the audit with some of its inputs replaced."""

    def call(**changed) -> SourceAudit:
        documents = {"qinghe": changed.get("document", document)}
        tables = {"register": register, "figures": figures, "exclusions": exclusions, **changed}
        return audit(documents, tables["register"], tables["figures"], tables["exclusions"])[0]

    return call


def test_a_source_that_is_whole_passes(account) -> None:
    result = account()
    assert result.passed
    assert (result.numerals, result.figures, result.damaged) == (12, 7, 0)
    assert result.exclusions == {"date": 1, "ordinal": 2, "structural": 1}
    assert format_audit([result]) == (
        "qinghe: 12 numerals (30 characters), 7 figures, 4 exclusions (1 date, 2 ordinal, 1 structural); "
        "hash 0, uncovered 0, double 0, split 0, disagreeing 0"
    )


def test_a_numeral_in_two_rows_is_split(account, document, exclusions) -> None:
    text = "建成一百二十三個(gè)。"
    other = Document.from_text(text, "qinghe")
    rows = [
        {
            "source_id": "qinghe",
            "paragraph": 1,
            "start": start,
            "end": end,
            "printed": printed,
            "reason": "idiom",
        }
        for start, end, printed in ((2, 6, "一百二十"), (6, 8, "三个"))
    ]
    register = table(Source, [{"source_id": "qinghe", "sha256": other.sha256}])
    result = account(
        document=other, register=register, figures=table(Figure, []), exclusions=table(Exclusion, rows)
    )
    (finding,) = result.findings
    assert (finding.kind, finding.start, finding.end) == ("split", 2, 7)
    assert finding.message == (
        "'一百二十三' is one numeral and in 2 rows (exclusion 2..6, exclusion 6..8): make them one"
    )


def test_a_numeral_in_no_row_is_uncovered(account, exclusions) -> None:
    (finding,) = account(exclusions=exclusions.drop(index=3)).findings
    assert finding.kind == "uncovered"
    assert finding.context == "积1,200.5平方米，【两】级联动。"
    assert finding.message == "'兩' is neither in a figure nor in an exclusion: add the row it belongs to"


def test_a_numeral_in_two_rows_is_double(account, figures, exclusions) -> None:
    again = exclusions.iloc[[0]].assign(**{"printed": "17处", **figures.iloc[0][["start", "end"]]})
    result = account(exclusions=pd.concat([exclusions, again]))
    (finding,) = result.findings
    assert finding.kind == "double"
    place = f"{again['start'].iloc[0]}..{again['end'].iloc[0]}"
    assert finding.message == (f"'17' is in 2 rows (qinghe.17处, exclusion {place}): shorten all but one")


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("printed", "16处", "the table has '16处', the document '17处' at 25..28"),
        ("paragraph", 2, "the table has 2, the span is in 1"),
        ("start", 26, "the table has '17处', the document '7处' at 26..28"),
        ("end", 30, "25..30 begins or ends in a gloss: '17处' is at 25..28"),
        ("end", 999, "qinghe: 25..999 is no span of the file (0..181)"),
        ("year", "2030", "2030 is marked as stated and is nowhere in the document"),
    ],
)
def test_a_row_that_says_something_else_disagrees(account, figures, field, value, message) -> None:
    figures.loc[0, field] = value
    findings = [finding for finding in account(figures=figures).findings if finding.kind == "disagreeing"]
    assert findings[0].row == "qinghe.17处"
    assert findings[0].message.startswith(message)


def test_an_exclusion_without_a_numeral_disagrees(account, exclusions, document) -> None:
    extra = table(Exclusion, [{**place(document, "书记"), "reason": "name"}])
    (finding,) = account(exclusions=pd.concat([exclusions, extra])).findings
    assert finding.message == "'书记' holds no numeral: an exclusion covers at least one"


def test_another_document_under_the_name_is_seen(account, document) -> None:
    other = Document.from_text(TEXT + "\n", "qinghe")
    result = account(document=other)
    assert [finding.kind for finding in result.findings] == ["hash"]
    assert format_audit([result]).splitlines()[1] == (
        f"  hash: the document has SHA-256 {other.sha256}, the register {document.sha256}: "
        "use the document the figures were read from, or read it again and enter its hash"
    )


def test_a_source_without_its_document_does_not_pass(register, figures, exclusions) -> None:
    (result,) = audit({}, register, figures, exclusions)
    assert not result.passed
    assert format_audit([result]) == "qinghe: document not at hand (7 figures not audited)"


def test_the_account_as_json(account) -> None:
    (row,) = json.loads(to_json([account()]))
    assert row["passed"] is True
    assert (row["source_id"], row["uncovered"], row["findings"]) == ("qinghe", 0, [])


def mutations(text: str) -> list[str]:
    """The text with one digit or numeral character changed, in every position in turn."""
    before, after = "0123456789一二三四五六七八九十百千万两兩萬", "1234567890二三四五六七八九十百千万亿三三億"
    following = dict(zip(before, after, strict=True))
    return [
        text[:index] + following[char] + text[index + 1 :]
        for index, char in enumerate(text)
        if char in following
    ]


def test_every_changed_digit_in_the_document_is_caught(account, document) -> None:
    changed = mutations(TEXT)
    assert len(changed) == 28
    for text in changed:
        # With the hash of the original, so that the rows alone have to show it.
        assert not account(document=Document.from_text(text, "qinghe", document.sha256)).passed, text


@pytest.mark.parametrize("column", ["paragraph", "start", "end", "printed", "year"])
def test_every_changed_digit_in_the_figures_is_caught(account, figures, column) -> None:
    for index in figures.index:
        cell = figures.loc[index, column]
        for changed in mutations(str(cell)):
            other = figures.copy()
            other.loc[index, column] = type(cell)(changed)
            assert not account(figures=other).passed, (index, column, changed)


@pytest.mark.parametrize("column", ["paragraph", "start", "end", "printed"])
def test_every_changed_digit_in_the_exclusions_is_caught(account, exclusions, column) -> None:
    for index in exclusions.index:
        cell = exclusions.loc[index, column]
        for changed in mutations(str(cell)):
            other = exclusions.copy()
            other.loc[index, column] = type(cell)(changed)
            assert not account(exclusions=other).passed, (index, column, changed)


def real(project_root: Path, sources_dir: Path) -> tuple[dict[str, Document], list[pd.DataFrame]]:
    tables, _ = checks.read_tables(project_root)
    frames = [tables[name].frame() for name in ("sources", "figures", "exclusions")]
    documents = {
        row["source_id"]: Document.load(sources_dir / row["file"], row["source_id"], row["encoding"])
        for row in frames[0].to_dict("records")
    }
    return documents, frames


def test_every_numeral_of_the_five_documents_is_accounted_for(project_root, sources_dir) -> None:
    documents, frames = real(project_root, sources_dir)
    accounts = audit(documents, *frames)
    assert len(accounts) == 5
    assert [result for result in accounts if not result.passed] == [], format_audit(accounts)


@pytest.mark.slow
def test_every_changed_digit_in_the_five_documents_is_caught(project_root, sources_dir) -> None:
    documents, (register, figures, exclusions) = real(project_root, sources_dir)
    for source_id, document in documents.items():
        row = register[register["source_id"] == source_id]
        for text in mutations(document.raw):
            changed = {source_id: Document.from_text(text, source_id, document.sha256)}
            assert not audit(changed, row, figures, exclusions)[0].passed, source_id
