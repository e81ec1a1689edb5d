"""Quantities in running Chinese text: numerals, units, qualifiers, ranges.

A quantity is the longest run that says "how many of what, and how exactly": ``近160万元``,
``4万多件``, ``30万元/个``, ``98%以上``, ``1~2个月``, ``一千二百三十四户``. Chinese numerals are converted
by cn2an, Traditional forms by OpenCC; what is ours is the quantity in its sentence. Every pattern
matches in linear time, and arithmetic is in ``Decimal``.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import permutations

from analysis.evidence.characters import ARABIC, DIGITS, FRACTIONS, HAN, SCALES, SYMBOLS, TENS, normalise
from analysis.evidence.units import TIME_ATOMS, UNITS, atoms

MAX_LENGTH = 40  # a longer run of numeral characters is no number that anybody printed

# Classifiers and units that sources print and the vocabulary of figures has no code for.
EXTRA_WORDS = (
    "家 支 批 批次 间 台 套 辆 只 头 棵 株 公顷 里 公斤 克 斤 立方米 "
    "分钟 学时 课时 季 季度 个季度 届 轮 级 层 步 片 面 道 则 封 句 章 节 款 堂 课 组 队 对 副 根 "
    "颗 枚 把 笔 宗 代 成 样 番 张 家次 户次 件次 车次 班次 美元 元人民币 个百分点"
)
# A word that often begins another word is no unit before these characters.
GUARDS = {
    "成": "立功果员为长绩本效份品分就了",
    "个人": "民才口大员物",
    "面": "向对临貌",
    "级": "别",
    "课": "程题",
    "组": "织成建",
    "队": "伍",
    "代": "表理办替",
    "章": "程",
    "节": "约省",
    "位": "于置",
    "员": "工",
    "项工作": "经",
}
FACTORS = {"%": 100, "‰": 1000, "成": 10, "个百分点": 100}
_HALVES = ("半", "一半", "半数")
_SHARES = {"一半": "半", "半数": "半"}
_FRACTION = re.compile(f"/|^[{FRACTIONS}]")
EXTRA_PRINTED = {
    "share": ("分之", "百分之", "千分之", "万分之", "成", "半", "个百分点"),
    "CNY": ("元人民币",),
}
BEFORE = {
    "approximately": "大约|约",
    "nearly": "近|将近|接近|接近于",
    "at_least": "超过|超|至少|不得?少于|不得?低于|不小于|多于|高于|大于|逾|最少|最低|突破|≥|≧",
    "below": "不足|不到|不满|未满|低于|少于|小于|不得?超过|不多于|不高于|不大于|至多|最多|最高|≤|≦",
}
AFTER = {
    "approximately": "左右|上下",
    "at_least": "及以上|以上|之多|有余",
    "below": "以下|以内|之内|不到",
}


class NumeralError(ValueError):
    """A printed text that is not exactly one quantity."""


@dataclass(frozen=True)
class Quantity:
    """One quantity: its place in the text given, and what it says.

    ``text`` is the text as given; ``unit_words`` the unit as printed, Simplified and half-width
    (``""`` where none is printed). ``value`` is in base units (元 and not 万元, a share as a fraction)
    and ``value_to`` the upper end of a range. ``period`` is ``month`` or ``year`` where the words right
    before or the unit (元/月) say so.
    """

    start: int
    end: int
    text: str
    value: float
    value_to: float | None
    unit_words: str
    qualifier: str
    period: str | None


def _words() -> list[str]:
    printed = {word for unit in UNITS.values() for word in unit.printed if word}
    return sorted(printed | set(EXTRA_WORDS.split()), key=lambda word: (-len(word), word))


def _alternatives(words: list[str]) -> str:
    guarded = (re.escape(word) + (f"(?![{GUARDS[word]}])" if word in GUARDS else "") for word in words)
    return "(?:" + "|".join(guarded) + ")"


_UNIT = _alternatives(_words())
_SCALE = r"(?:[十百千]?[万亿]{1,2}|[百千])"
_SPACED_SCALE = rf"(?:[ \u00a0\u3000]?(?=[十百千]?[万亿]){_SCALE}|{_SCALE})"
_CHINESE = rf"[{HAN}]+(?:点[{DIGITS}]+(?![{DIGITS}十刻]){_SCALE}?)?"
_PART = re.compile(
    rf"(?:(?P<denominator>[{HAN}]{{1,8}})分之)?"
    rf"(?P<number>(?<![0-9/.])[1-9][0-9]?/(?:[2-9]|10{{1,3}})(?![0-9/.])"
    rf"|{ARABIC}?[{FRACTIONS}]|[{SYMBOLS}]{_SCALE}?"
    rf"|{ARABIC}(?:{_SPACED_SCALE}(?:{ARABIC}{_SCALE}){{0,3}})?|一半|半数|半(?={_UNIT})|{_CHINESE})"
    rf"(?:(?P<more>[多余]|(?<=[十百千万])[来几])(?P<scale>{_SCALE})?)?"
    rf"(?:(?<!半数)(?<!一半)[ \u00a0]?(?:(?P<middle>个[多余半](?:月|小时|星期|季度))|(?P<unit>{_UNIT})))?"
)
_TIME_OR_MONEY = ("元", "块", "圆", "年", "周年", "个月", "月", "天", "小时", "个小时", "周", "里", "亩")
_POST = re.compile(r"余元|多(?![次种样元])|余(?![额款下])|半(?![数个年月天以])")
_TO = re.compile(r"[ \u00a0]?(?:~|至|到|-{1,2}|–|—{1,2}|−)[ \u00a0]?")
_DATE = re.compile(r"[0-9][-:./]$")
_RATE = re.compile(rf"(?:[/·]{_UNIT})+")
_AFTER = re.compile("|".join(rf"(?P<{name}>{words})" for name, words in AFTER.items()))
_BEFORE = re.compile(
    "(?:" + "|".join(rf"(?P<{name}>{words})" for name, words in BEFORE.items()) + r")[ \u00a0]?$"
)
_NOT_BEFORE = {"近": "最附邻临亲靠贴远新", "约": "民预节签公条制合契违集特履简", "超": "高赶"}
_VAGUE = re.compile("[数几]$|(?<![以会早晚马网线路村乡县市省身手边面基])上$")  # 数百, 上千万
_PAY = "(?:补贴|补助|工资|报酬|待遇|薪酬?|收入|支出|租金|经费|人均|均)"
_CLAUSE = r"[^0-9,，。；;：:、！？\s]{0,10}"
_PERIOD = re.compile(
    rf"(?:(?P<month>每个?月{_CLAUSE}|(?:月均|按月|(?<![0-9{DIGITS}十个本当上下同])月){_PAY}?)"
    rf"|(?P<year>每一?年度?{_CLAUSE}|(?:年均|按年|(?<![0-9{DIGITS}近今去明当本全历多往同前后])年){_PAY}?))"
    r"[为达约到]{0,2}[ \u00a0]?$"
)


@dataclass(frozen=True)
class _Part:
    """One numeral with its unit: a quantity, or one end of a range."""

    end: int
    number: Decimal
    number_to: Decimal | None
    shared: Decimal  # the 万 of 3至5万元, which belongs to both ends
    factor: Decimal
    unit: str
    more: bool


def _scale(word: str) -> Decimal:
    powers = dict(zip(SCALES, (1, 2, 3, 4, 8), strict=True))
    return math.prod((Decimal(10 ** powers[char]) for char in word), start=Decimal(1))


def _arabic(run: str) -> Decimal | None:
    above, _, below = run.partition("/")
    if below:
        return Decimal(above) / Decimal(below) if int(above) < int(below) else None
    parts = re.findall(rf"({ARABIC}|[{SYMBOLS}])[ \u00a0\u3000]?({_SCALE}|)", run)
    return sum((_digits(number) * _scale(scale) for number, scale in parts), Decimal(0))


def _digits(number: str) -> Decimal:
    one = len(number) == 1
    return Decimal(str(unicodedata.numeric(number))) if one else Decimal(number.replace(",", ""))


# 二两 is a weight, which cn2an reads as 22.
_MISPLACED = re.compile(rf"[{DIGITS[2:]}两]两|两[{DIGITS[2:]}]")


def _chinese(run: str) -> Decimal | None:
    whole, _, fraction = run.partition("点")
    scale = fraction.lstrip(DIGITS)
    whole = "".join(TENS.get(char, char) for char in whole)
    whole = whole if whole[:1] not in "百千万亿" else "一" + whole
    if _MISPLACED.search(whole):
        return None
    value = _whole(whole)
    if value is None:
        return None
    digits = "".join(str(max(DIGITS.index(char) - 1, 0)) for char in fraction.removesuffix(scale))
    return (value + Decimal(f"0.{digits or 0}")) * _scale(scale)


_SINGLE = {digit: max(place - 1, 0) for place, digit in enumerate(DIGITS)} | {"两": 2, "十": 10}


def _whole(numeral: str) -> Decimal | None:
    if numeral in _SINGLE:
        return Decimal(_SINGLE[numeral])
    import cn2an  # takes a while, and a check of tables reads hardly a longer one

    try:
        return Decimal(int(cn2an.cn2an(numeral, "normal")))
    except (ValueError, KeyError, IndexError):
        return None


_PAIR = re.compile(
    rf"((?:.*[{SCALES}{''.join(TENS)}])?)(一二|[二两]三|三[四五]|四五|五六|六七|七八|八九)([{SCALES}]*)"
)


def _number(run: str) -> tuple[Decimal, Decimal | None] | None:
    """Return the value of a numeral, and the upper end where two digits stand for a range (十二三)."""
    if len(run) > MAX_LENGTH:
        return None
    if run in _HALVES:
        return Decimal("0.5"), None
    if run[0] not in HAN:
        value = _arabic(run)
        return None if value is None else (value, None)
    if pair := _PAIR.fullmatch(run):
        ends = [_chinese(pair[1] + digit + pair[3]) for digit in pair[2]]
        if ends[0] is not None and ends[1] is not None:
            return ends[0], ends[1]
    value = _chinese(run)
    return None if value is None else (value, None)


def _factor(match: re.Match[str]) -> tuple[Decimal, str] | None:
    """Return what the numeral is multiplied with on account of its unit, and the unit as printed."""
    unit = match["unit"] or ("个" + match["middle"][2:] if match["middle"] else "")
    if not match["denominator"]:
        unit = unit or _SHARES.get(match["number"], "分之" if _FRACTION.search(match["number"]) else "")
        return 1 / Decimal(FACTORS.get(unit, 1)), unit
    denominator = _chinese(match["denominator"])
    word = match["denominator"] if match["denominator"] in ("百", "千", "万") else ""
    return (1 / denominator, f"{word}分之{unit}") if denominator else None


def _part(text: str, start: int) -> _Part | None:
    match = _PART.match(text, start)
    number = _number(match["number"]) if match else None
    factor = _factor(match) if match else None
    if match is None or number is None or factor is None:
        return None
    unit, end, half = factor[1], match.end(), (match["middle"] or "")[1:2] == "半"
    more = bool(match["more"]) or (bool(match["middle"]) and not half)
    if unit in _TIME_OR_MONEY and not match["middle"] and (post := _POST.match(text, end)):
        end, half, more = post.end(), post[0] == "半", more or post[0] != "半"
    scale, low = _scale(match["scale"] or ""), number[0] + Decimal("0.5") * half
    trailing = re.search(rf"{_SCALE}$", match["number"])
    shared = scale * (_scale(trailing[0]) if trailing else 1)
    if shared < 10_000 and low * scale / shared >= 10:
        shared = Decimal(1)
    high = None if number[1] is None else number[1] * scale
    return _Part(end, low * scale, high, shared, factor[0], unit, more)


def _range(text: str, start: int, first: _Part) -> _Part:
    """Return the range that the part begins (3至5万元), or the part itself where it begins none."""
    plain = not first.more and first.number_to is None and not _DATE.search(text, max(0, start - 2), start)
    joined = _TO.match(text, first.end) if plain else None
    second = _part(text, joined.end()) if joined else None
    if second is None or second.number_to is not None or first.unit not in ("", second.unit):
        percent = second is not None and "分之" in first.unit and not second.unit
        if second is None or not percent:
            return first
        second = replace(second, unit=first.unit, factor=first.factor)
    low = first.number
    if not first.unit and first.shared == 1 and low < second.number / second.shared:
        low *= second.shared
    if low >= second.number or re.match(r"[-:][0-9]", text[second.end : second.end + 2]):
        return first
    return replace(second, number=low, number_to=second.number)


def _before(text: str, start: int, floor: int, unit: str) -> tuple[int, str]:
    """Return where the qualifier before a numeral starts, and which it is."""
    if start > floor and text[start] in SCALES and _VAGUE.search(text, max(floor, start - 2), start):
        return start - 1, "at_least"
    match = _BEFORE.search(text, max(floor, start - 6), start)
    if match is None:
        return start, ""
    word, previous = match[0].strip(), text[match.start() - 1 : match.start()]
    # 近三年 are the last three years; 附近 and 节约 are words of their own.
    recent = word == "近" and unit in _TIME_OR_MONEY[3:]
    if recent or (previous and previous in _NOT_BEFORE.get(word, "")):
        return start, ""
    return match.start(), str(match.lastgroup)


def qualifier_of(word: str) -> str:
    """Return the qualifier that a word before a numeral says (不低于), or ``""``."""
    match = _BEFORE.fullmatch(normalise(word))
    return str(match.lastgroup) if match else ""


def _period(text: str, start: int, unit: str) -> str | None:
    rates = re.split(r"[/·]", unit)[1:]
    if any(word in ("月", "年") for word in rates):
        return "month" if "月" in rates else "year"
    match = _PERIOD.search(text, max(0, start - 12), start)
    return str(match.lastgroup) if match else None


def _quantity(text: str, start: int, floor: int) -> Quantity | None:
    first = _part(text, start)
    if first is None:
        return None
    part = _range(text, start, first)
    rate = _RATE.match(text, part.end)
    unit, end = part.unit + (rate[0] if rate else ""), rate.end() if rate else part.end
    begin, before = _before(text, start, floor, part.unit)
    after = _AFTER.match(text, end)
    if after and not rate and (rate := _RATE.match(text, after.end())):
        unit += rate[0]
    qualifier = before or ("at_least" if part.more else "") or str(after.lastgroup if after else "exact")
    end = max(end, after.end() if after else 0, rate.end() if rate else 0)
    high = None if part.number_to is None else float(part.number_to * part.factor)
    value = float(part.number * part.factor)
    if not math.isfinite(value) or not math.isfinite(high or 0):
        return None
    return Quantity(begin, end, text[begin:end], value, high, unit, qualifier, _period(text, begin, unit))


_RUN = re.compile(rf"[0-9{HAN}半{SYMBOLS}]+")
_START = re.compile(_RUN.pattern.removesuffix("+"))


def find(text: str) -> list[Quantity]:
    """Return every quantity in running text, longest match first, in order and without overlap.

    A date or an ordinal is found as the quantity it looks like (5月 as five months): what is no figure
    is decided where the sentence is known.
    """
    normal, found, position = normalise(text), [], 0
    while match := _START.search(normal, position):
        quantity = _quantity(normal, match.start(), position)
        if quantity:
            found.append(replace(quantity, text=text[quantity.start : quantity.end]))
        rest = None if quantity else _RUN.match(normal, match.start())
        position = quantity.end if quantity else (rest or match).end()
    return found


def whole_numerals(text: str) -> Iterator[tuple[int, int]]:
    """Yield the span of every numeral that has a value, without its unit: nothing may cut one in two.

    A numeral is read as far as it goes: 一百二十三, 三点五, 百分之一点五七, 13万2千, 165 万.
    """
    normal, position = normalise(text), 0
    while match := _START.search(normal, position):
        part = _PART.match(normal, match.start())
        number = part and _number(part["number"]) and _factor(part)
        end = max(part.end(name) for name in ("number", "more", "scale")) if part and number else 0
        if end:
            yield match.start(), end
        run = _RUN.match(normal, match.start()) or match
        # The 千 of 平方千米 and the 2 of km2 are of the unit.
        position = part.end() if part and end else run.end()


@lru_cache(maxsize=4096)
def read(printed: str) -> Quantity:
    """Return the one quantity that the printed text is, from its first character to its last.

    >>> read("近160万元").value, read("近160万元").qualifier, read("近160万元").unit_words
    (1600000.0, 'nearly', '元')

    Raises ``NumeralError`` naming what is left over where the text is no quantity, or more than one.
    """
    quantities = find(printed)
    expected = (
        "expected exactly one quantity: qualifier, numeral, unit, such as 近160万元, 150余个 or 1~2个月"
    )
    if not quantities:
        raise NumeralError(f"{printed!r} holds no quantity; {expected}")
    first = quantities[0]
    if printed[: first.start] == "近":
        first = replace(first, start=0, text=printed[: first.end], qualifier="nearly")
    if first.start:
        raise NumeralError(f"{printed!r}: {printed[: first.start]!r} stands before the quantity; {expected}")
    if first.end < len(printed):
        rest = printed[first.end :]
        raise NumeralError(f"{printed!r}: {rest!r} is left over after {first.text!r}; {expected}")
    return first


def _stands_for(word: str, code: str) -> bool:
    return word in UNITS[code].printed or word in EXTRA_PRINTED.get(code, ())


def unit_fits(unit_words: str, unit_code: str) -> bool:
    """Return whether a unit as printed (``元/个``, ``个``, ``""``) can stand for a unit code.

    Words for a period are left aside on both sides, and the text may leave out a denominator
    (96万元 fits ``CNY/venue``); it may not have one that the code lacks.
    """
    head, *rest = re.split(r"[/·]", normalise(unit_words))
    unit, *under = atoms(unit_code)
    codes = [atom.code for atom in under if atom.code not in TIME_ATOMS]
    printed = [word for word in rest if word not in ("月", "年")]
    if not _stands_for(head, unit.code) or len(printed) > len(codes):
        return False
    return any(
        all(_stands_for(word, code) for word, code in zip(printed, order, strict=False))
        for order in permutations(codes)
    )
