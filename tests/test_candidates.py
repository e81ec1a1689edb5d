"""What a new document holds: its text, and every numeral as a candidate row."""

from __future__ import annotations

import re
from pathlib import Path

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.curation.candidates import Candidate, candidates
from analysis.curation.incoming import detect_encoding, page_text, read_incoming, script_of
from analysis.curation.metadata import metadata_of
from analysis.evidence.characters import numeral_spans
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
    assert text == "松泉县 动态\n投入96万元，建场所8个。\n第二行\n12\t34\n甲\n乙\n"
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
        ("数百名群众", [("数百名", "")]),
        ("点击率:48", [("点击率:48", "boilerplate")]),
        ("部门编码219001。", [("编码219001", "name")]),
        ("青组发〔2021〕15号文件", [("2021〕15号", "name")]),
        ("第 1 页 共 5 页", [("第 1 页 共 5 页", "boilerplate")]),
        ("— 3 —", [("3", "boilerplate")]),
        ("发布 16.03.2022 09:30", [("16.03.2022 09:30", "date")]),
        ("下午两点半开会", [("下午两点半", "date")]),
        ("1. 全县投入12万元", [("1", "ordinal"), ("12万元", "")]),
        ("①加强领导，新建③个场所", [("①", "ordinal"), ("③个", "")]),
        ("按照1：1：1的比例配套", [("1：1：1", "structural")]),
        ("“十四五”期间", [("十四五", "name")]),
        ("十四五规划", [("十四五", "name")]),
        ("三分之二的村达标", [("三分之二", "")]),
        ("三十一起案件，二十一支队伍", [("三十一起", ""), ("二十一支", "")]),
        ("年满60周岁", [("60周岁", "")]),
        ("成千上万的群众", [("成千上万", "idiom")]),
        ("2021年1—6月", [("2021年1—6月", "date")]),
        ("〇八年起", [("〇八", "date")]),
        ("三、五、七组合并", [("三、五、七组", "ordinal")]),
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
            {"status": "open", "unit": "organisation", "year": "2021", "year_basis": "stated"},
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
        ("群众满意219", {"unit": ""}),
        ("办公经费提高到2.5万", {"unit": "", "status": "standard"}),
        ("全镇共有行政村14个", {"unit": "village", "period": "none"}),
        ("其中县级补助80万元", {"unit": "CNY", "status": "achieved", "basis": "total"}),
        ("两级书记共支付误工补助3.2万元", {"unit": "CNY", "basis": "total", "status": "achieved"}),
        ("各村办公经费合计82万元", {"unit": "CNY", "basis": "total"}),
        ("修缮活动场所的，按每个4000元拨付补贴", {"unit": "CNY/venue"}),
        ("基本报酬、全年2.4万元", {"unit": "CNY/person/year", "period": "year"}),
        ("书记每人每月1800元", {"unit": "CNY/person/month"}),
        ("委员补贴2000元左右/月", {"unit": "CNY/person/month", "qualifier": "approximately"}),
        ("按任职年限每年每月15元发放", {"unit": "", "period": ""}),
        (
            "副职报酬不低于书记报酬的70%",
            {"qualifier": "at_least", "status": "standard", "note_zh": "限定词在前文：“不低于”。"},
        ),
        ("报酬不低于农民人均收入的2倍", {"unit": "ratio", "basis": "threshold", "qualifier": "at_least"}),
        ("成本控制指标≤20.5万元", {"qualifier": "below", "basis": "threshold", "status": "standard"}),
        ("投资控制在15万元以内", {"basis": "threshold", "status": "standard"}),
        ("人口在500人以下的村", {"basis": "threshold", "status": "standard"}),
        ("由去年的2万元提高", {"year": "2020", "year_basis": "inferred"}),
        ("面积96.5平方公里", {"unit": "km2"}),
        ("整治对象11个，其中不胜任2个", {"unit": "organisation"}),
        ("增加到2021年的12个村", {"status": "reported"}),
        ("到2025年建成场所12个", {"status": "planned"}),
        ("造价1500元/㎡", {"unit": "CNY/m2", "basis": "per_unit"}),
        ("年满60周岁的老党员", {"unit": "age", "basis": "threshold", "status": "standard"}),
        ("约1/3的村完成", {"unit": "share", "qualifier": "approximately"}),
    ],
)
def test_cells_are_guessed_from_the_sentence(text: str, cells: Cells) -> None:
    figure = next(row for row in found(text, "2021-09-26") if not row.reason)
    assert {name: figure.cells[name] for name in cells} == cells


TABLE = """<html><body><p>全县情况如下。</p><table>
<tr><th>序号</th><th>乡镇</th><th>村数（个）</th><th>投入（万元）</th></tr>
<tr><td>1</td><td>甲镇</td><td>12</td><td>96.5</td></tr><tr><td>2</td><td>乙镇</td><td>8</td><td>1,200</td></tr>
</table><p>共投入3万元。</p></body></html>"""
FLAT = "全县情况\n序号\n乡镇\n村数（个）\n投入（万元）\n1\n甲镇\n12\n96.5\n2\n乙镇\n8\n1,200\n共投入3万元。\n"


@pytest.mark.parametrize("text", [page_text(TABLE)[0], FLAT])
def test_a_number_of_a_table_has_the_unit_of_its_header_and_the_name_of_its_row(text: str) -> None:
    header, *rows, last = found(text)
    assert (header.printed, header.reason) == ("万元", "idiom")
    assert [(row.printed, row.reason or row.cells["value"], row.cells.get("unit", "")) for row in rows] == [
        ("1", "ordinal", ""),
        ("12", "12", "village"),
        ("96.5", "965000", "CNY"),
        ("2", "ordinal", ""),
        ("8", "8", "village"),
        ("1,200", "12000000", "CNY"),
    ]
    assert rows[2].context == "甲镇，投入（万元）：【96.5】"
    assert rows[2].cells["note_zh"] == "单位见表头：“万元”。"
    assert (last.printed, last.cells["unit"]) == ("3万元", "CNY")


def test_a_caption_says_the_unit_of_a_column_that_says_none() -> None:
    _, amount, count = found("单位：万元\n乡镇\t投入\t村数（个）\n甲镇\t96.5\t12\n")
    assert (amount.cells["value"], amount.cells["unit"], count.cells["value"]) == ("965000", "CNY", "12")


def test_short_lines_without_a_header_of_units_are_no_table() -> None:
    assert [row.cells["unit"] for row in found("甲\n12\n乙\n13\n")] == ["", ""]


def test_it_is_said_where_no_rule_knows_a_numeral() -> None:
    (left_over,) = found("一刻钟服务圈")
    assert (left_over.reason, left_over.unsure) == ("idiom", "reason: not_decided")
    (bare,) = found("新建小组廿个")
    assert bare.unsure.startswith("reason: not_decided; unit: not_decided; ")
    assert found("进一步统一标准")[0].unsure == ""


# What a document says of itself


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            [
                "青禾县人民政府",
                "一、项目概况",
                "强基工程工作报告",
                "作者： 发布时间：2022-03-08",
                "全县新建。",
            ],
            ("强基工程工作报告", "", "", "2022-03-08"),
        ),
        (
            [
                "强基工程工作报告",
                "来源：青禾日报 记者：王小明 时间：2021-05-10",
                "到2025年、2021—2023年建成。",
            ],
            ("强基工程工作报告", "王小明", "青禾日报", "2021-05-10"),
        ),
        (["强基工程", "发布 16.03.2022", "2021年12月31日印发方案。"], ("强基工程", "", "", "2022-03-16")),
        (["强基工程", "2021年12月31日印发方案，全县实施。"], ("强基工程", "", "", "")),
        (["强基工程", "发布时间：2018-03-08", "2022年全县新建20个。"], ("强基工程", "", "", "")),
        (["一、项目概况", "全县新建20个。"], ("", "", "", "")),
    ],
)
def test_metadata_are_what_lines_of_their_own_say(lines: list[str], expected: tuple[str, ...]) -> None:
    assert tuple(metadata_of(lines)) == expected


def test_menus_and_lists_of_other_pages_are_left_out() -> None:
    page = (
        '<html><body><div id="nav">导航12</div><div class="related-news">相关3起</div>'
        '<div class="main article">投入96万元</div><ul class="breadcrumb"><li>首页4</li></ul></body></html>'
    )
    assert page_text(page)[0] == "投入96万元\n"


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
