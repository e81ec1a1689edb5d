"""The characters of numerals: a text folded so that patterns can read it, and the scan for numerals.

The folded text is as long as the text: an offset in one is an offset in the other.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

import opencc

DIGITS = "〇零一二三四五六七八九"
SCALES = "十百千万亿"
TENS = {"廿": "二十", "卅": "三十", "卌": "四十"}
HAN = f"{DIGITS}{SCALES}两{''.join(TENS)}"
FORMAL = dict(zip("壹贰叁叄肆伍陆柒捌玖拾佰仟", "一二三三四五六七八九十百千", strict=True))
# Characters that are one number each: ③ Ⅳ ㊲ ½. What they are worth, Unicode says.
FRACTIONS = "¼½¾⅐-⅞"
SYMBOLS = f"{FRACTIONS}⅟-ↈ①-⒛⓪-⓿❶-➓㈠-㈩㉈-㉟㊀-㊉㊱-㊿"
ARABIC = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,6}(?![0-9])|[0-9]+)(?:\.[0-9]+)?"

_SURROGATE = re.compile("[\ud800-\udfff]")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code - 0xFEE0).isalpha()}
_WIDE |= {ord(wide): ord(narrow) for wide, narrow in zip("％．／～－卄", "%./~-廿", strict=True)}
_SPACE = "[ \u00a0\u2009\u202f]"
# 5，956万元 and 5 956万元: a mark between groups of three digits.
_GROUPS = re.compile(
    r"(?<![0-9.,])(?<![0-9]，)[0-9]{1,3}(?:，[0-9]{3})+(?![0-9])"
    rf"|(?<![0-9.,])(?<![0-9][，]|[0-9]{_SPACE})[0-9]{{1,3}}(?:{_SPACE}[0-9]{{3}})+(?={_SPACE}?[十百千]?[万亿元个名人户件次座处])"
)
_GROUP_MARK = re.compile(f"，|{_SPACE}")
_CIRCLE = re.compile(rf"[○◯](?=[{HAN}个项名户件起条次])|(?<=[{HAN}])[○◯]")
_FORMAL_DIGIT = "壹贰叁叄肆伍陆柒捌玖"
_FORMAL_NUMERAL = re.compile(
    rf"[{_FORMAL_DIGIT}](?=[拾佰仟万亿元圆])|(?<=[拾佰仟零])[{_FORMAL_DIGIT}]"
    rf"|(?<=[0-9一二三四五六七八九两{_FORMAL_DIGIT}])[拾佰仟]|[拾佰仟](?=[万亿元圆])"
)
_SCAN = re.compile(rf"(?:{ARABIC}|[{HAN}半{SYMBOLS}])+")
_POWER = re.compile("(?<=m)[²³]")
# Characters that Unicode gives a value and that words are written with: 队伍, 参加, 收拾, 陆续.
_IN_WORDS = set("什仨仟伍佰兆参參幺廾拾漆肆阡陆陸陌")


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def to_simplified(text: str) -> str:
    """Return the text in Simplified characters, character for character: its length never changes."""
    text = _SURROGATE.sub("\ufffd", text)
    whole = str(_converter().convert(text))
    if len(whole) == len(text):
        return whole
    singles = ((char, str(_converter().convert(char))) for char in text)
    return "".join(folded if len(folded) == 1 else char for char, folded in singles)


# Who looks for numerals normalises a text several times: to find them, to read them, to see what is left.
@lru_cache(maxsize=4096)
def normalise(text: str) -> str:
    """Return the text as the patterns read it: Simplified, half-width, formal numerals as ordinary ones.

    The length never changes. 壹 to 仟 change only inside an amount (伍佰元), not in words (队伍, 陆续), and ○
    only where it stands for a zero.
    """
    digits = {ord(char): str(unicodedata.decimal(char)) for char in set(text) if char.isdecimal()}
    narrow = to_simplified(text.translate(_WIDE).translate(digits))
    narrow = _GROUPS.sub(lambda match: _GROUP_MARK.sub(",", match[0]), narrow)
    narrow = _CIRCLE.sub("〇", narrow)
    return _FORMAL_NUMERAL.sub(lambda match: FORMAL.get(match[0], match[0]), narrow)


def numeral_spans(text: str) -> list[tuple[int, int]]:
    """Return the span of every maximal run of numeral characters, without any knowledge of figures.

    This is the scan the audit rests on: what it finds has to be a figure or an exclusion. Every character
    that Unicode gives a value counts, but for those that words are written with (队伍) and the ² of m².
    """
    normal = _POWER.sub(" ", normalise(text))
    others = {ord(char): "①" for char in set(normal) if char > "\x7f" and _is_number(char)}
    return [match.span() for match in _SCAN.finditer(normal.translate(others))]


def _is_number(char: str) -> bool:
    return unicodedata.numeric(char, None) is not None and char not in HAN and char not in _IN_WORDS
