"""Quantities in running text: what is found, what it says, and what is refused."""

import time

import cn2an
import opencc
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.evidence.characters import numeral_spans, to_simplified
from analysis.evidence.numerals import (
    AFTER,
    BEFORE,
    EXTRA_WORDS,
    NumeralError,
    find,
    read,
    unit_fits,
    whole_numerals,
)
from analysis.evidence.units import UNITS, UnitError


@pytest.mark.parametrize(
    ("printed", "value", "unit", "qualifier"),
    [
        ("5956万元", 59_560_000, "元", "exact"),
        ("0.8万元", 8_000, "元", "exact"),
        ("2.5万", 25_000, "", "exact"),
        ("4万多件", 40_000, "件", "at_least"),
        ("近160万元", 1_600_000, "元", "nearly"),
        ("150余个", 150, "个", "at_least"),
        ("100万元余元", 1_000_000, "元", "at_least"),
        ("30万元/个", 300_000, "元/个", "exact"),
        ("98%以上", 0.98, "%", "at_least"),
        ("３０％", 0.3, "%", "exact"),
        ("百分之二十", 0.2, "百分之", "exact"),
        ("三成", 0.3, "成", "exact"),
        ("一半", 0.5, "半", "exact"),
        ("三年", 3, "年", "exact"),
        ("三年半", 3.5, "年", "exact"),
        ("半年", 0.5, "年", "exact"),
        ("两个半月", 2.5, "个月", "exact"),
        ("3个多月", 3, "个月", "at_least"),
        ("一年多", 1, "年", "at_least"),
        ("十项", 10, "项", "exact"),
        ("六个", 6, "个", "exact"),
        ("百名", 100, "名", "exact"),
        ("十几个", 10, "个", "at_least"),
        ("两级", 2, "级", "exact"),
        ("一千二百三十四", 1_234, "", "exact"),
        ("一万五千", 15_000, "", "exact"),
        ("三点五万元", 35_000, "元", "exact"),
        ("1亿5000万元", 150_000_000, "元", "exact"),
        ("一百余万元", 1_000_000, "元", "at_least"),
        ("伍佰元", 500, "元", "exact"),
        ("3600多人次", 3_600, "人次", "at_least"),
        ("不足200㎡", 200, "㎡", "below"),
        ("不超过3天", 3, "天", "below"),
        ("约20户左右", 20, "户", "approximately"),
        ("５９５６万元", 59_560_000, "元", "exact"),
        ("12,345.6元", 12_345.6, "元", "exact"),
        ("１，０００元", 1_000, "元", "exact"),
        ("4萬多件", 40_000, "件", "at_least"),
        ("將近兩億圓", 200_000_000, "圆", "nearly"),
        ("165 万元", 1_650_000, "元", "exact"),
        ("5，956万元", 59_560_000, "元", "exact"),
        ("5 956万元", 59_560_000, "元", "exact"),
        ("1 200 000元", 1_200_000, "元", "exact"),
        ("13万2千元", 132_000, "元", "exact"),
        ("一万一千二百元", 11_200, "元", "exact"),
        ("一百九十万零三千九百七十一元", 1_903_971, "元", "exact"),
        ("百分之一点五七", 0.0157, "百分之", "exact"),
        ("廿三个", 23, "个", "exact"),
        ("卌二户", 42, "户", "exact"),
        ("○个", 0, "个", "exact"),
        ("二○二一年", 2021, "年", "exact"),
        ("③个", 3, "个", "exact"),
        ("㊲万元", 370_000, "元", "exact"),
        ("Ⅳ个", 4, "个", "exact"),
        ("½", 0.5, "分之", "exact"),
        ("3½倍", 3.5, "倍", "exact"),
        ("约3/5", 0.6, "分之", "approximately"),
        ("半数", 0.5, "半", "exact"),
        ("上千万元", 10_000_000, "元", "at_least"),
        ("数百名", 100, "名", "at_least"),
        ("几十户", 10, "户", "at_least"),
        ("150餘個", 150, "个", "at_least"),
    ],
)
def test_a_printed_quantity_reads_as(printed: str, value: float, unit: str, qualifier: str) -> None:
    quantity = read(printed)
    assert (quantity.value, quantity.value_to) == (value, None)
    assert (quantity.unit_words, quantity.qualifier, quantity.text) == (unit, qualifier, printed)


@pytest.mark.parametrize(
    ("printed", "low", "high"),
    [
        ("1~2个月", 1, 2),
        ("1～2个月", 1, 2),
        ("3至5名", 3, 5),
        ("3-5个", 3, 5),
        ("三到五年", 3, 5),
        ("十二三个", 12, 13),
        ("两三百人", 200, 300),
        ("三四十名", 30, 40),
        ("廿三四个", 23, 24),
        ("3至5万元", 30_000, 50_000),
        ("5000至1万元", 5_000, 10_000),
        ("三至五百人", 300, 500),
        ("5万元至8万元", 50_000, 80_000),
        ("80%~90%", 0.8, 0.9),
        ("80至90%", 0.8, 0.9),
        ("百分之二十至三十", 0.2, 0.3),
    ],
)
def test_a_range_has_two_ends(printed: str, low: float, high: float) -> None:
    assert (read(printed).value, read(printed).value_to) == (low, high)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("共投入资金35万元，改建场所7个。", ["35万元", "7个"]),
        ("补助近12万元，建成60余个驿站", ["近12万元", "60余个"]),
        ("附近3个村", ["3个"]),
        ("节约12万元", ["12万元"]),
        ("近三年", ["三年"]),
        ("队伍建设陆续完成3处", ["3处"]),
        ("日期为2031-05-06", ["2031", "05", "06"]),
        ("几十户，数百人，其余5个下放", ["几十户", "数百人", "5个"]),
        ("“百千”行动", []),
        ("四项工作经费", ["四项"]),
        ("三成立了小组", ["三"]),
        ("下午三点五十分", ["三", "五十"]),
    ],
)
def test_quantities_are_found_in_running_text(sentence: str, expected: list[str]) -> None:
    assert [quantity.text for quantity in find(sentence)] == expected


@pytest.mark.parametrize(
    ("sentence", "period"),
    [
        ("每月2000元", "month"),
        ("月工资2000元", "month"),
        ("2000元/月", "month"),
        ("5万元/人·年", "year"),
        ("每年落实经费9万元", "year"),
        ("年补贴为9万元", "year"),
        ("每年，9万元", None),
        ("近年投入9万元", None),
        ("年内改造80%", None),
        ("投入9万元", None),
    ],
)
def test_the_words_right_before_or_the_unit_say_the_period(sentence: str, period: str | None) -> None:
    assert find(sentence)[0].period == period


EXPECTED = "expected exactly one quantity: qualifier, numeral, unit, such as 近160万元, 150余个 or 1~2个月"


@pytest.mark.parametrize(
    ("printed", "message"),
    [
        ("", f"'' holds no quantity; {EXPECTED}"),
        ("若干个", f"'若干个' holds no quantity; {EXPECTED}"),
        ("二两", f"'二两' holds no quantity; {EXPECTED}"),
        ("1" * 60, f"'{'1' * 60}' holds no quantity; {EXPECTED}"),
        ("共5个", f"'共5个': '共' stands before the quantity; {EXPECTED}"),
        ("5个村", f"'5个村': '村' is left over after '5个'; {EXPECTED}"),
        ("5个6个", f"'5个6个': '6个' is left over after '5个'; {EXPECTED}"),
    ],
)
def test_what_is_not_one_quantity_is_refused(printed: str, message: str) -> None:
    with pytest.raises(NumeralError) as error:
        read(printed)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("投入5,956.5万元，3成", ["5,956.5万", "3"]),
        ("2031-05-06", ["2031", "05", "06"]),
        ("共12,9人", ["12", "9"]),
        ("半年里１２萬兩", ["半", "１２萬兩"]),
        ("队伍陆续，伍佰元，壹元", ["伍佰", "壹"]),
        ("百分之二十", ["百", "二十"]),
        ("廿个○个㊲万元Ⅳ级½", ["廿", "○", "㊲万", "Ⅳ", "½"]),
        ("٣个𝟗名㈢㊀⓪", ["٣", "𝟗", "㈢㊀⓪"]),
        ("5，956万元和5 956万元", ["5，956万", "5 956万"]),
        ("叁、参加队伍，收拾100m²，○ 提升", ["叁", "100"]),
        ("没有", []),
    ],
)
def test_the_scan_finds_every_numeral_run(text: str, runs: list[str]) -> None:
    assert [text[start:end] for start, end in numeral_spans(text)] == runs


@pytest.mark.parametrize(
    ("words", "code", "fits"),
    [
        ("元/个", "CNY/community", True),
        ("元", "CNY/venue", True),
        ("元", "CNY/person/month", True),
        ("元/人/月", "CNY/person/month", True),
        ("元/月", "CNY/person/month", True),
        ("元/个", "CNY", False),
        ("元", "venue", False),
        ("", "CNY", False),
        ("", "venue", False),
        ("个", "venue", True),
        ("个", "person-time", False),
        ("％", "share", True),
        ("百分之", "share", True),
        ("個", "venue", True),
    ],
)
def test_a_printed_unit_fits_a_unit_code(words: str, code: str, fits: bool) -> None:
    assert unit_fits(words, code) is fits


def test_an_unknown_unit_code_is_refused() -> None:
    with pytest.raises(UnitError, match="unknown atom 'm3'"):
        unit_fits("元", "CNY/m3")


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("办理三十一起案件", ["三十一"]),
        ("投入一万一千二百元", ["一万一千二百"]),
        ("两三个，十分之三，百分之一点五", ["两三", "十分之三", "百分之一点五"]),
        ("13万2千元，165 万元，5 956万元", ["13万2千", "165 万", "5 956万"]),
        ("30-50万元", ["30", "50万"]),
        ("千万百", []),
    ],
)
def test_a_numeral_is_read_as_far_as_it_goes(text: str, whole: list[str]) -> None:
    assert [text[start:end] for start, end in whole_numerals(text)] == whole


# Any value, written in any way.

_S2T = opencc.OpenCC("s2t")
_WIDE = str.maketrans("0123456789.%,", "０１２３４５６７８９．％，")
UNIT_WORDS = sorted({word for unit in UNITS.values() for word in unit.printed} | set(EXTRA_WORDS.split()))
DIVISORS = {"%": 100, "‰": 1000, "成": 10, "个百分点": 100}
BEFORE_WORDS = [("", "exact")] + [
    (word, name) for name, words in BEFORE.items() for word in words.replace("得?", "").split("|")
]
AFTER_WORDS = [("", "exact")] + [(word, name) for name, words in AFTER.items() for word in words.split("|")]


def chinese(value: int) -> str:
    """The value in everyday numerals: 十二 and not 一十二."""
    word = str(cn2an.an2cn(value, "low"))
    return word[1:] if word.startswith("一十") else word


@given(
    number=st.integers(0, 10**7) | st.decimals("0.01", "99999", places=2),
    scale=st.sampled_from(["", "万", "亿"]),
    unit=st.sampled_from(UNIT_WORDS),
    before=st.sampled_from(BEFORE_WORDS),
    after=st.sampled_from(AFTER_WORDS),
    more=st.sampled_from(["", "多", "余"]),
    form=st.sampled_from(["plain", "thousands", "wide", "traditional"]),
)
def test_any_arabic_quantity_reads_back(number, scale, unit, before, after, more, form) -> None:
    numeral = f"{number:,}" if form == "thousands" else str(number)
    printed = f"{before[0]}{numeral}{scale}{more}{unit}{after[0]}"
    printed = printed.translate(_WIDE) if form == "wide" else printed
    printed = _S2T.convert(printed) if form == "traditional" else printed
    quantity = read(printed)
    factor = {"": 1, "万": 10**4, "亿": 10**8}[scale] / DIVISORS.get(unit, 1)
    assert quantity.value == pytest.approx(float(number) * factor, rel=1e-12)
    assert quantity.unit_words == to_simplified(unit)
    expected = [before[1], "at_least" if more else "exact", after[1]]
    assert quantity.qualifier == next((name for name in expected if name != "exact"), "exact")


@given(value=st.integers(0, 10**9), unit=st.sampled_from(UNIT_WORDS), liang=st.booleans(), form=st.booleans())
def test_any_chinese_numeral_reads_back(value: int, unit: str, liang: bool, form: bool) -> None:
    numeral = chinese(value)
    if liang and numeral.startswith("二") and numeral[1:2] in ("", "百", "千", "万"):
        numeral = "两" + numeral[1:]
    printed = _S2T.convert(numeral + unit) if form else numeral + unit
    quantity = read(printed)
    assert quantity.value == pytest.approx(value / DIVISORS.get(unit, 1), rel=1e-12)
    assert (quantity.value_to, quantity.qualifier) == (None, "exact")


@given(value=st.integers(1, 10**9))
def test_any_formal_amount_reads_back(value: int) -> None:
    assert read(cn2an.an2cn(value, "up") + "元").value == value


@given(
    low=st.integers(0, 999),
    high=st.integers(0, 999),
    joint=st.sampled_from(["~", "～", "-", "—", "至", "到"]),
    unit=st.sampled_from(["个", "名", "元", "年", "个月", "%"]),
    written=st.sampled_from([str, chinese]),
)
def test_any_range_reads_back(low, high, joint, unit, written) -> None:
    assume(low < high)
    quantity = read(f"{written(low)}{joint}{written(high)}{unit}")
    divisor = DIVISORS.get(unit, 1)
    assert (quantity.value, quantity.value_to) == (low / divisor, high / divisor)


ALPHABET = (
    "0123456789０９,，.．〇零一二三四五六七八九十百千万亿两半萬億兩餘壹佰伍拾元圆多余来几个月年%％分之点"
    "近约不足超过至到~-—/·以上下内左右成第 \n(qū)（ū）?\ufffd\ud800\x00𠀀"
)


@given(st.text(ALPHABET, max_size=40) | st.text(max_size=40))
def test_no_text_crashes_it_and_quantities_never_overlap(text: str) -> None:
    last = 0
    for quantity in find(text):
        assert last <= quantity.start < quantity.end <= len(text)
        assert quantity.text == text[quantity.start : quantity.end]
        last = quantity.end
    assert len(to_simplified(text)) == len(text)


@given(st.text(ALPHABET, max_size=40))
def test_every_numeral_found_is_in_the_scan(text: str) -> None:
    scanned = {offset for start, end in numeral_spans(text) for offset in range(start, end)}
    for quantity in find(text):
        assert scanned & set(range(quantity.start, quantity.end))


@pytest.mark.parametrize(
    "piece",
    ["1", "一", "1,", "1,111,", "1万", "一点", "1-", "-", "/个", "百分之", "1个多", "1到", "伍", "近"],
)
def test_no_text_hangs_it(piece: str) -> None:
    started = time.perf_counter()
    text = piece * (20_000 // len(piece))
    find(text)
    numeral_spans(text)
    assert time.perf_counter() - started < 5
