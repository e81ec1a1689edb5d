"""The words and number formats of the reports in English, Simplified and Traditional Chinese.

Messages live in ``text/en.yaml`` and ``text/zh-Hans.yaml`` under the same keys. Traditional Chinese is the
Simplified message converted by OpenCC, so that a wording is written once and cannot drift apart.
"""

from __future__ import annotations

import datetime
import math
import re
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib import resources
from typing import Literal, SupportsFloat, cast, get_args

import yaml
from opencc import OpenCC

from analysis.evidence import units

Language = Literal["en", "zh-Hans", "zh-Hant"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
CATALOGUES = {"en": "en.yaml", "zh-Hans": "zh-Hans.yaml", "zh-Hant": "zh-Hans.yaml"}

# Scale, its sign, and whether zeros at the end are kept: 3.80m beside 3.75m, but 30k and 30万.
_SHORT_SCALES: dict[bool, tuple[tuple[int, str, bool], ...]] = {
    False: ((10**9, "bn", True), (10**6, "m", True), (10**3, "k", False)),
    True: ((10**8, "亿", False), (10**4, "万", False)),
}


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """Return the messages of one language by dotted key; those of ``zh-Hant`` are converted."""
    if language not in LANGUAGES:
        raise ValueError(f"unknown language {language!r}; allowed are {', '.join(LANGUAGES)}")
    file = resources.files("analysis.words") / "text" / CATALOGUES[language]
    messages = dict(_flatten(yaml.safe_load(file.read_text(encoding="utf-8")), ""))
    return {key: _traditional(m) for key, m in messages.items()} if language == "zh-Hant" else messages


def placeholders(message: str) -> frozenset[str]:
    """Return the names of the ``{placeholders}`` in a message."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(message) if name is not None)


@dataclass(frozen=True)
class Text:
    """The wording of one language; ``text("section.key", name=value)`` gives a message."""

    language: Language
    messages: Mapping[str, str] = field(repr=False, compare=False)

    @staticmethod
    def of(language: str) -> Text:
        """Return the wording of ``en``, ``zh-Hans`` or ``zh-Hant``; the same object on every call."""
        return _text_of(cast(Language, language))

    @property
    def chinese(self) -> bool:
        """Whether the language is Chinese, in either script."""
        return self.language != "en"

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the message under ``key`` with its placeholders replaced by ``values``, as they are.

        Raises ``ValueError`` naming key and language for an unknown key or a missing value.
        """
        message = self.messages.get(key)
        if message is None:
            raise ValueError(f"no message {key!r} in language {self.language!r}; add it to {self._files()}")
        missing = sorted(placeholders(message) - values.keys())
        if missing:
            raise ValueError(
                f"message {key!r} in language {self.language!r} needs a value for {', '.join(missing)}"
            )
        return message.format_map(values)

    def code(self, field: str, code: str) -> str:
        """Return the label of a code: ``code("qualifier", "at_least")`` is ``codes.qualifier.at_least``."""
        return self(f"codes.{field}.{code}")

    def convert(self, simplified: str) -> str:
        """Return Simplified Chinese data text in the script of this language; only ``zh-Hant`` changes it."""
        return _traditional(simplified) if self.language == "zh-Hant" else simplified

    def pick(self, en: str, zh: str) -> str:
        """Return the English or the Chinese column of a data row, in the script of this language."""
        return self.convert(zh) if self.chinese else en

    def listing(self, items: Iterable[str]) -> str:
        """Return the items as a phrase: ``a, b and c`` or ``a、b和c``."""
        *head, last = list(items) or [""]
        return (
            self("number.list_last", head=self("number.list_separator").join(head), last=last)
            if head
            else last
        )

    def date(self, date: datetime.date) -> str:
        """Return a day in words: ``26 September 2021`` or ``2021年9月26日``."""
        month = self.messages[f"months.{date.month}"]
        return self("number.date", year=date.year, month=month, day=date.day)

    def number(self, value: SupportsFloat | Decimal, digits: int | None = None) -> str:
        """Return a number with thousands separators, rounded half up.

        With ``digits`` it has exactly that many decimals. Without, whole numbers are exact and others keep
        three significant digits (``13.3``, ``0.0123``) and never lose digits before the point.
        """
        exact = _decimal(value)
        if digits is not None:
            return _fixed(exact, digits)
        return _trimmed(exact, _decimals_for(exact, significant=3))

    def share(self, value: SupportsFloat | Decimal) -> str:
        """Return a fraction as a percentage: ``0.767`` gives ``76.7%``, ``0.98`` gives ``98%``."""
        percent = _decimal(value) * 100
        decimals = 1 if abs(percent) >= 1 else _decimals_for(percent, significant=2)
        return f"{_trimmed(percent, decimals)}%"

    def ratio(self, value: SupportsFloat | Decimal) -> str:
        """Return a ratio with two decimals: ``0.8`` gives ``0.80``."""
        return self.number(value, 2)

    def money(self, value: SupportsFloat | Decimal) -> str:
        """Return an amount in full, without fractions above 100 yuan: ``753,924 yuan``, ``753,924元``."""
        return self.quantity(value, "CNY")

    def money_short(self, value: SupportsFloat | Decimal) -> str:
        """Return an amount in few digits: ``754k yuan``, ``3.80m yuan``; ``75.4万元``, ``5956万元``."""
        exact = _decimal(value)
        # Rounding comes before the choice of the scale, else 999,600 would be 1000k.
        rounded = _significant(abs(exact), 4 if self.chinese else 3)
        for scale, sign, keep_zeros in _SHORT_SCALES[self.chinese]:
            if rounded >= scale:
                decimals = _decimals_for(rounded / scale, significant=3)
                digits = (_fixed if keep_zeros else _trimmed)(exact / scale, decimals, "")
                return self("number.short_money", digits=digits, scale=self.convert(sign))
        return self.money(exact)

    def unit(self, code: str) -> str:
        """Return the name of a unit: ``CNY/venue`` is ``yuan per venue`` or ``元/个场所``."""
        if code in ("share", "ratio"):
            return self(f"units.{code}")
        head, *rest = units.atoms(code)
        return self._per(head.zh if self.chinese else head.en_plural, rest)

    def quantity(self, value: SupportsFloat | Decimal, unit: str, *, short: bool = False) -> str:
        """Return a number with its unit: ``96 venues``, ``30,000 yuan per village``, ``98%``.

        ``short`` gives money its compact form (``3万元/个村``); everything else stays as it is. An empty unit
        leaves the number bare, where a heading names the unit.
        """
        if not unit:
            return self.number(value)
        head, *rest = units.atoms(unit)
        if head.code == "share":
            return self._per(self.share(value), rest)
        if head.code == "ratio":
            return self._per(self.ratio(value), rest)
        if head.code == "CNY" and short:
            return self._per(self.money_short(value), rest)
        digits = self.number(value)
        if self.chinese:
            return self._per(f"{digits}{self.convert(head.zh)}", rest)
        return self._per(f"{digits} {head.en if digits in ('1', '-1') else head.en_plural}", rest)

    def interval(
        self, value: float | None, lower: float, upper: float, unit: str = "CNY", *, short: bool = True
    ) -> str:
        """Return a value with its bounds: ``≥ 100万元``, ``≤ 6 people``, ``50 people (48 to 52 people)``.

        An upper bound of infinity and a lower bound of 0 or of minus infinity are open. Bounds that coincide,
        and bounds that are both open, leave the bare value; without a value between them they stand alone.
        """
        if lower > upper:
            raise ValueError(f"interval {lower}..{upper}: the lower bound is above the upper; swap them")
        open_below, open_above = lower in (0, -math.inf), upper == math.inf
        if lower == upper or (open_below and open_above):
            return self.quantity(_known(upper if lower == upper else value), unit, short=short)
        if open_above:
            return self("number.at_least", quantity=self.quantity(lower, unit, short=short))
        if open_below:
            return self("number.at_most", quantity=self.quantity(upper, unit, short=short))
        span = self.span(lower, upper, unit, short=short)
        if value is None or value in (lower, upper):
            return span
        return self("number.with_span", value=self.quantity(value, unit, short=short), span=span)

    def span(self, lower: float, upper: float, unit: str = "CNY", *, short: bool = True) -> str:
        """Return two values with what they share said once: ``48 to 52 people``, ``30至38万元``."""
        low, high = (self.quantity(bound, unit, short=short) for bound in (lower, upper))
        if low == high:
            return low
        if unit and not unit.startswith(("CNY", "share", "ratio")):
            # A singular beside a plural (1 month to 2 months) would hide that they share their unit.
            return self("number.span", lower=self.number(lower), upper=high)
        same = _tail(low) == _tail(high)
        return self("number.span", lower=_without_unit(low) if same else low, upper=high)

    def _per(self, head: str, rest: Iterable[units.Unit]) -> str:
        """Return ``head`` with its denominators: ``… per person per month`` or ``…/人·月``."""
        if not self.chinese:
            return " per ".join([head, *(atom.en for atom in rest)])
        # The measure word belongs to a number: 3个村, but 元/村; 个月 is a duration, a rate is by 月.
        names = "·".join(atom.zh.removeprefix("个") for atom in rest)
        return self.convert(f"{head}/{names}" if names else head)

    def _files(self) -> str:
        return " and ".join(f"src/analysis/words/text/{file}" for file in sorted(set(CATALOGUES.values())))


@cache
def _text_of(language: Language) -> Text:
    return Text(language, catalogue(language))


@cache
def _converter() -> OpenCC:
    return OpenCC("s2tw")


_CORNER_QUOTES = str.maketrans("“”‘’", "「」『』")


@cache
def _traditional(simplified: str) -> str:
    return str(_converter().convert(simplified)).translate(_CORNER_QUOTES)


def _flatten(node: object, prefix: str) -> Iterable[tuple[str, str]]:
    if isinstance(node, dict):
        for key, child in node.items():
            yield from _flatten(child, f"{prefix}.{key}" if prefix else str(key))
    elif isinstance(node, str):
        yield prefix, node
    else:
        raise ValueError(f"message {prefix!r} is {node!r}; expected text: put it in quotation marks")


def _known(value: float | None) -> float:
    if value is None:
        raise ValueError(
            "an interval without value and bounds; absence is shown by its reason: text.code('absence', …)"
        )
    return value


def _decimal(value: SupportsFloat | Decimal) -> Decimal:
    """Return a finite number exactly as Python prints it; absence and infinity raise ``ValueError``."""
    try:
        number = (
            value
            if isinstance(value, Decimal)
            else Decimal(str(value + 0 if isinstance(value, int) else float(value)))
        )
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"{value!r} is no number; absence is shown by its reason: text.code('absence', …)"
        ) from error
    if not number.is_finite():
        raise ValueError(f"{value!r} is no finite number; open bounds are shown by text.interval")
    return number


def _decimals_for(value: Decimal, significant: int) -> int:
    """Return how many decimals show that many significant digits; none are lost before the point."""
    return max(0, significant - 1 - value.adjusted()) if value else 0


def _significant(value: Decimal, digits: int) -> Decimal:
    return _rounded(value, digits - 1 - value.adjusted()) if value else value


def _tail(quantity: str) -> str:
    """Return what follows the last digit: scale and unit."""
    return quantity[max((i for i, character in enumerate(quantity) if character.isdigit()), default=-1) + 1 :]


def _without_unit(quantity: str) -> str:
    """Return a quantity without its unit, but with its scale: 30万 of 30万元."""
    tail = _tail(quantity)
    scale = re.match(r"(?:[万亿萬億km]|bn)?(?=\W|元|$)", tail)
    return quantity.removesuffix(tail[scale.end() :] if scale else tail)


def _rounded(value: Decimal, decimals: int) -> Decimal:
    rounded = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return rounded if rounded else abs(rounded)


def _fixed(value: Decimal, decimals: int, separator: str = ",") -> str:
    return f"{_rounded(value, decimals):{separator}.{decimals}f}"


def _trimmed(value: Decimal, decimals: int, separator: str = ",") -> str:
    digits = _fixed(value, decimals, separator)
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
