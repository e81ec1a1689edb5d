"""What a new document holds: its text, and every numeral as a candidate row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import opencc
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.curation.candidates import Candidate, candidates
from analysis.curation.incoming import detect_encoding, page_text, read_incoming, script_of
from analysis.estimates import processed
from analysis.evidence.characters import numeral_spans
from analysis.evidence.dataset import records
from analysis.evidence.sources import Document, SourceError

Cells = dict[str, str]


@pytest.fixture
def article(project_root: Path) -> Path:
    """An article written for the project."""
    return project_root / "tests/fixtures/songquan.txt"


def found(text: str, published: str = "") -> list[Candidate]:
    return candidates(Document.from_text(text, "x"), published)


def as_pairs(text: str) -> list[tuple[str, str]]:
    return [(row.printed, row.reason) for row in found(text)]


# Encodings and pages


@pytest.mark.parametrize(
    ("encoding", "recorded"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("gb18030", "gb18030")],
)
def test_an_article_is_read_in_the_encoding_it_has(article: Path, encoding: str, recorded: str) -> None:
    text = article.read_text(encoding="utf-8")
    incoming = read_incoming(text.encode(encoding), "a.txt")
    assert (incoming.encoding, incoming.text) == (recorded, text)


def test_big5_is_told_from_gb18030(article: Path) -> None:
    text = opencc.OpenCC("s2twp").convert(article.read_text(encoding="utf-8"))
    incoming = read_incoming(text.encode("big5"), "a.txt")
    assert (incoming.encoding, incoming.text) == ("big5", text)
    assert script_of(Document.from_text(text, "x")) == "traditional"
    assert re.fullmatch(
        r"big5: not utf-8 \(byte \d+ is 0x..\); common characters: gb18030 \d+%, big5 \d+%, cp950 \d+%",
        incoming.origin,
    )


def test_bytes_that_are_no_chinese_text_are_refused() -> None:
    with pytest.raises(SourceError) as caught:
        detect_encoding(b"\xff\x00\xff\x01", "a.txt")
    assert str(caught.value) == (
        "a.txt: not utf-8 (byte 0 is 0xff), and not Chinese text in gb18030 or big5 "
        "(common characters: neither decodes); save it as UTF-8 in a text editor"
    )
    with pytest.raises(
        SourceError, match=r"^a\.txt: begins with the mark of utf-8-sig, but not every byte fits it; save it"
    ):
        detect_encoding(b"\xef\xbb\xbf\xff", "a.txt")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"12\x0034", "a.txt: holds NUL characters, so it is no text; save the article as text or HTML"),
        (b" \n", "a.txt: holds no text; save the article itself, not a page that loads it"),
        (
            b"<html><script>load(12)</script></html>",
            "a.txt: holds no text; save the article itself, not a page that loads it",
        ),
    ],
)
def test_a_file_without_text_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_incoming(content, "a.txt")
    assert str(caught.value) == message


PAGE = """<!DOCTYPE html><html><head><title>首页</title><style>p {width: 30px}</style></head><body>
<nav>第1页</nav><h1>松泉县 动态</h1>
<p>投入<b>96</b>万
   元，<ruby>建<rt>jiàn</rt></ruby>场所8个。<br>第二行</p>
<p style="display:none">隐藏7次</p><table><tr><td>12</td><td>34</td></tr></table>
<pre>甲
乙</pre><!-- 5 --><script>var n = 9;</script></body></html>"""


def test_of_a_web_page_the_text_is_kept_that_a_reader_sees() -> None:
    text, title = page_text(PAGE)
    assert text == "松泉县 动态\n投入96万元，建场所8个。\n第二行\n12\n34\n甲\n乙\n"
    assert title == "松泉县 动态"
    incoming = read_incoming(PAGE.encode("gb18030"), "a.html")
    assert (incoming.text, incoming.encoding) == (text, "utf-8")
    assert incoming.origin.endswith(", a web page: its text is kept in UTF-8")


# Numerals


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("一是建强阵地。", [("一是", "ordinal")]),
        ("第一书记20名", [("第一书记", "ordinal"), ("20名", "")]),
        ("2021年5月10日新建场所3个", [("2021年5月10日", "date"), ("3个", "")]),
        ("每月25日公开", [("每月25日", "date")]),
        ("每月补贴800元", [("800元", "")]),
        ("落实“三会一课”制度", [("三会一课", "name")]),
        ("一村一策", [("一村一策", "name")]),
        ("“我们村投入12万元建场所”", [("12万元", "")]),
        ("《关于进一步加强的通知》", [("关于进一步加强的通知", "name")]),
        ("三年行动方案", [("三年", "structural")]),
        ("县乡村三级组织", [("三级", "structural")]),
        ("制定清单等5个管理办法", [("5个", "")]),
        ("围绕队伍等十项工作", [("十项工作", "")]),
        ("进一步统一标准", [("进一步", "idiom"), ("统一", "idiom")]),
        ("打造一支队伍", [("一支", "idiom")]),
        ("户均有一个明白人", [("一个", "")]),
        ("数百名群众", [("数百名", "idiom")]),
        ("点击率:48", [("点击率:48", "boilerplate")]),
    ],
)
def test_the_rules_of_the_guide_tell_figures_from_exclusions(text: str, rows: list[tuple[str, str]]) -> None:
    assert as_pairs(text) == rows


def test_news_below_the_article_is_boilerplate() -> None:
    text = "全县新建场所8个，投入资金96万元，整顿组织3个。\n相关新闻\n邻县4起问题被通报，涉及7人\n"
    assert [row.reason for row in found(text)] == ["", "", "", "boilerplate"]
    assert found(text)[-1].printed == "4起问题被通报，涉及7"


def test_a_glossed_traditional_sentence_gives_clean_rows_with_places_in_the_file() -> None:
    raw = "全縣(xiàn)投(tóu)入(rù)近九(jiǔ)十(shí)六萬(wàn)元(yuán)，新(xīn)建村級場(chǎng)所12個(gè)。"
    document = Document.from_text(raw, "x")
    rows = candidates(document)
    assert [(row.printed, row.cells["value"], row.cells["unit"]) for row in rows] == [
        ("近九十六万元", "960000", "CNY"),
        ("12个", "12", "venue"),
    ]
    assert [raw[row.start : row.end] for row in rows] == ["近九(jiǔ)十(shí)六萬(wàn)元", "12個"]
    assert script_of(document) == "traditional_glossed"


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("新建村级活动场所12个", {"unit": "venue", "theme": "investment", "basis": "total"}),
        ("12个村级活动场所", {"unit": "venue", "theme": "investment"}),
        ("每个场所补助30万元", {"unit": "CNY/venue", "basis": "per_unit", "status": "standard"}),
        ("书记每月补贴800元", {"unit": "CNY/person/month", "period": "month", "theme": "stipends"}),
        ("达标率98%以上", {"unit": "share", "basis": "share", "value": "0.98", "qualifier": "at_least"}),
        (
            "年内整顿党组织7个",
            {"status": "planned", "unit": "organisation", "year": "2021", "year_basis": "stated"},
        ),
        ("2018年以来创建支部8个", {"year": "2018/2021", "year_basis": "stated", "period": "cumulative"}),
        ("近年来新建场所8个", {"year": "", "year_basis": "unknown"}),
        ("补贴由800元提高到900元", {"year": "", "year_basis": "unknown"}),
        ("新建场所8个", {"year": "2021", "year_basis": "inferred"}),
        ("深入16个行政村", {"unit": "village", "status": "reported"}),
        ("共查摆问题242个", {"status": "reported"}),
        ("132名乡镇班子成员包保到支部", {"unit": "person", "status": "reported"}),
        ("选派132名干部到村", {"unit": "person", "status": "achieved"}),
        ("整改1~2个月", {"value": "1", "value_to": "2", "unit": "month"}),
        ("共8个", {"unit": ""}),
    ],
)
def test_cells_are_guessed_from_the_sentence(text: str, cells: Cells) -> None:
    figure = next(row for row in found(text, "2021-09-26") if not row.reason)
    assert {name: figure.cells[name] for name in cells} == cells


NUMERALS = (
    "一二三十百千万两半〇零0129年月日个元%~至第每近余多以上，。\n“”《》（）、:-.+是要组级周Ａ（qū）區(qū)甲乙"
)


@given(st.text(alphabet=NUMERALS, max_size=60))
def test_every_numeral_is_in_exactly_one_row_of_any_text(text: str) -> None:
    document = Document.from_text(text, "x")
    owners = [offset for row in candidates(document) for offset in range(row.start, row.end)]
    assert len(owners) == len(set(owners))
    assert set(owners) >= {offset for span in numeral_spans(text) for offset in range(*span)}


@pytest.mark.parametrize("text", ["一" * 9_000, "1" * 9_000, "“一" * 3_000, "一、" * 3_000, "12个" * 2_000])
def test_no_text_takes_long(text: str) -> None:
    assert found(text)


# The five documents


def test_the_guesses_agree_with_the_curated_tables(project_root: Path, sources_dir: Path) -> None:
    """The rules were learned from these documents: the floor is of memory, not of foresight."""
    data = processed.checked(project_root)
    decided: list[tuple[str, str]] = []
    cells: list[tuple[str, bool]] = []
    for source in records(data.sources):
        document = Document.load(sources_dir / source["file"], source["source_id"], source["encoding"])
        rows = candidates(document, source["published"] if source["date_basis"] == "stated" else "")
        figures = records(data.figures, source_id=source["source_id"])
        exclusions = records(data.tables["exclusions"], source_id=source["source_id"])
        guessed = by_offset((row.start, row.end, row.reason) for row in rows)
        curated = by_offset(
            (row["start"], row["end"], row.get("reason", "")) for row in [*figures, *exclusions]
        )
        decided += [(curated[start], guessed[start]) for start, _ in numeral_spans(document.raw)]
        cells += list(agreement(figures, rows))
    right = [(truth, guess) for truth, guess in decided if bool(truth) == bool(guess)]
    excluded = [(truth, guess) for truth, guess in decided if guess]
    assert len(right) / len(decided) >= 0.99
    assert sum(bool(truth) for truth, _ in excluded) / len(excluded) >= 0.99
    assert sum(truth == guess for truth, guess in excluded) / len(excluded) >= 0.97
    shares = pd.DataFrame(cells, columns=["column", "same"]).groupby("column")["same"].mean()
    floors = {"place": 0.98, "value": 0.98, "qualifier": 0.98, "theme": 0.88, "basis": 0.87, "period": 0.85}
    for column, floor in {**floors, "unit": 0.8, "status": 0.8}.items():
        assert shares[column] >= floor, column


def by_offset(spans: Iterable[tuple[int, int, str]]) -> dict[int, str]:
    return {offset: reason for start, end, reason in spans for offset in range(start, end)}


def agreement(figures: list[dict[str, Any]], rows: list[Candidate]) -> Iterator[tuple[str, bool]]:
    """Yield for each cell of each curated figure whether the guess is the same."""
    guesses = {(row.start, row.end): row.cells for row in rows if not row.reason}
    for figure in figures:
        cells = guesses.get((figure["start"], figure["end"]), {})
        yield "place", bool(cells)
        yield "value", bool(cells) and float(cells["value"]) == figure["value"]
        for column in ("unit", "qualifier", "period", "basis", "status", "theme"):
            yield column, cells.get(column) == figure[column]
