"""The words and number formats of the reports in one language."""

from __future__ import annotations

import datetime
import math
import re
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import SupportsFloat

from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

from analysis.evidence import units
from analysis.words.catalogues import catalogue, catalogue_files, converted
from analysis.words.languages import Language, Scale
from analysis.words.rounding import (
    decimal_places,
    decimals_for,
    exact_decimal,
    known_value,
    round_half_up,
    significant,
    with_decimals,
    with_minus,
)


def placeholders(message: str) -> frozenset[str]:
    """Return the names of the ``{placeholders}`` in a message."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(message) if name is not None)


@dataclass(frozen=True)
class Text:
    """The wording of one language; ``text("section.key", name=value)`` gives a message."""

    rules: Language
    messages: Mapping[str, str] = field(repr=False, compare=False)

    @staticmethod
    def of(language: str) -> Text:
        """Return the wording of a language by its code; the same object on every call."""
        return _text_of(Language.parse(language))

    @property
    def language(self) -> str:
        """The code of the language."""
        return self.rules.code

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the message under ``key`` with its placeholders replaced by ``values``, as they are.

        Brackets of the message around a value that has brackets itself become commas.
        Raises ``ValueError`` naming key and language for an unknown key or a missing value.
        """
        message = self.messages.get(key)
        if message is None:
            raise ValueError(
                f"no message {key!r} in language {self.language!r}; add it to {catalogue_files()}"
            )
        missing = sorted(placeholders(message) - values.keys())
        if missing:
            raise ValueError(
                f"message {key!r} in language {self.language!r} needs a value for {', '.join(missing)}"
            )
        return _unbracketed(message, values).format_map(values)

    def code(self, field: str, code: str) -> str:
        """Return the label of a code: ``code("qualifier", "at_least")`` is ``codes.qualifier.at_least``."""
        return self(f"codes.{field}.{code}")

    def convert(self, simplified: str) -> str:
        """Return Simplified Chinese data text in the script of this language."""
        return converted(simplified, self.rules)

    def pick(self, en: str, zh: str, traditional: str = "") -> str:
        """Return the English or the Chinese column of a data row, in the script of this language.

        ``traditional``, if there is any, stands in the place of what conversion makes of the Chinese one.
        """
        if self.rules.data != "zh":
            return en
        return traditional if traditional and self.rules.conversion else self.convert(zh)

    @property
    def documents(self) -> str:
        """The code of the language in which the words of the documents are shown."""
        return self.pick("zh-Hans", self.language)

    def listing(self, items: Iterable[str]) -> str:
        """Return the items as a phrase: ``a, b and c`` or ``a、b和c``."""
        return format_list(list(items), locale=self.rules.cldr)

    def either(self, items: Iterable[str]) -> str:
        """Return the items as a choice: ``a, b or c`` or ``a、b或c``."""
        return format_list(list(items), style="or", locale=self.rules.cldr)

    def date(self, date: datetime.date) -> str:
        """Return a day in words: ``26 September 2021`` or ``2021年9月26日``."""
        # Looks for the time zone of the machine when it is imported.
        from babel.dates import format_date

        return format_date(date, "long", locale=self.rules.cldr)

    def number(self, value: SupportsFloat | Decimal, digits: int | None = None) -> str:
        """Return a number with thousands separators, rounded half up.

        With ``digits`` it has exactly that many decimals. Without, whole numbers are exact and others keep
        three significant digits (``13.3``, ``0.0123``) and never lose digits before the point.
        """
        exact = exact_decimal(value)
        if digits is not None:
            return self._digits(round_half_up(exact, digits), digits)
        return self._digits(round_half_up(exact, decimals_for(exact, significant=3)))

    def share(self, value: SupportsFloat | Decimal) -> str:
        """Return a fraction as a percentage: ``0.767`` gives ``76.7%``, ``0.98`` gives ``98%``."""
        percent = exact_decimal(value) * 100
        rounded = round_half_up(percent, 1 if abs(percent) >= 1 else decimals_for(percent, significant=2))
        return self._percent(rounded, decimal_places(rounded))

    def _percent(self, rounded: Decimal, decimals: int) -> str:
        pattern = self.rules.cldr.percent_formats[None].pattern
        return with_minus(format_percent(rounded / 100, with_decimals(pattern, decimals), self.rules.cldr))

    def _digits(self, rounded: Decimal, decimals: int | None = None) -> str:
        """Return a rounded number as the language prints it, without zeros at the end unless told."""
        pattern = self.rules.cldr.decimal_formats[None].pattern.partition(".")[0]
        shown = with_decimals(pattern, decimal_places(rounded) if decimals is None else decimals)
        grouped = abs(rounded) >= 10 ** (self.rules.grouped_from - 1)
        return with_minus(format_decimal(rounded, shown, self.rules.cldr, group_separator=grouped))

    def ratio(self, value: SupportsFloat | Decimal) -> str:
        """Return a ratio with two decimals: ``0.8`` gives ``0.80``."""
        return self.number(value, 2)

    def money(self, value: SupportsFloat | Decimal) -> str:
        """Return an amount in full, without fractions above 100 yuan: ``753,924 yuan``, ``753,924元``."""
        return self.quantity(value, "CNY")

    def money_short(self, value: SupportsFloat | Decimal) -> str:
        """Return an amount in few digits: ``754,000 yuan``, ``3.8 million yuan``; ``75.39万元``."""
        shown, scale = self._short(exact_decimal(value))
        if scale is None:
            return self.money(shown)
        digits = self._digits(shown / scale.factor)
        return self("number.short_money", digits=digits, scale=self.convert(scale.sign))

    def _short(self, exact: Decimal) -> tuple[Decimal, Scale | None]:
        """Return an amount as its short form rounds it, and the scale that it is given in."""
        # Below 1000 the digits are those of any number: rounding twice would make 0.00117 of 0.0011649.
        digits = self.rules.digits if abs(exact) >= 1000 else 3
        shown, reached = significant(exact, digits), None
        # What is shown decides on the scale, else 999,600 would be 1,000,000 yuan.
        for scale in reversed(self.rules.scales):
            if abs(shown) < scale.factor:
                break
            shown, reached = round_half_up(exact / scale.factor, 2) * scale.factor, scale
        return shown, reached

    def count(self, value: float) -> str:
        """Return a count as a person says it, exact: ``seven``, ``40,000``, ``1.5 million``; ``4万``."""
        if value in range(1, len(self.rules.counts) + 1):
            return self.rules.counts[int(value) - 1]
        shown, scale = self._short(exact_decimal(value))
        if scale is None or not self.shows_exactly(value):
            return self.number(value)
        return self._digits(shown / scale.factor) + self.convert(scale.sign)

    def opened(self, words: str) -> str:
        """Return words as a sentence opens with them: capitalised, and with no digit where none may."""
        if words[:1].isdigit() and self.rules.counts:
            words = self("number.in_all", words=words)
        return words[:1].upper() + words[1:]

    def shows_exactly(self, value: float) -> bool:
        """Return whether the short form of an amount of money loses nothing of it."""
        return math.isclose(value, float(self._short(exact_decimal(value))[0]), rel_tol=1e-12)

    def classifier(self, unit: units.Unit) -> str:
        """Return what counts things of a unit before or after their name; empty in languages without."""
        return self.messages.get(f"units.{unit.code}.count", "")

    def unit(self, code: str) -> str:
        """Return the name of a unit: ``CNY/venue`` is ``yuan per venue`` or ``元/场所``."""
        head, *rest = units.atoms(code)
        return self._rate(self._name(head, "other"), rest)

    def quantity(self, value: SupportsFloat | Decimal, unit: str, *, short: bool = False) -> str:
        """Return a number with its unit: ``96 venues``, ``30,000 yuan per village``, ``98%``.

        ``short`` gives money its compact form (``3万元/个村``); everything else stays as it is. An empty unit
        leaves the number bare, where a heading names the unit.
        """
        if not unit:
            return self.number(value)
        head, *rest = units.atoms(unit)
        if head.code == "share":
            return self._rate(self.share(value), rest)
        if head.code == "ratio":
            return self._rate(self.ratio(value), rest)
        if head.code == "CNY" and short:
            return self._rate(self.money_short(value), rest)
        exact = exact_decimal(value)
        shown = round_half_up(exact, decimals_for(exact, significant=3)).normalize()
        name = self._name(head, self.rules.cldr.plural_form(shown))
        return self._rate(self("number.quantity", number=self.number(exact), unit=name), rest)

    def sized(self, value: float, unit: str, *, factor: int | None = None, digits: int | None = None) -> str:
        """Return a quantity as somebody asks for it: ``75.4万元``, ``0.75 million yuan``, ``46.6%``.

        ``factor`` is that of a scale of the language, or 1 for none; without one money has its short form.
        ``digits`` are the decimals. An empty unit leaves the number bare.
        """
        exact = exact_decimal(value)
        head, *rest = units.atoms(unit) if unit else (None,)
        if head and head.code == "share":
            percent = None if digits is None else self._percent(round_half_up(exact * 100, digits), digits)
            return self._rate(percent or self.share(exact), rest)
        if head and head.code == "ratio":
            return self._rate(self.number(exact, 2 if digits is None else digits), rest)
        scale = next((scale for scale in self.rules.scales if scale.factor == factor), None)
        if factor is None and head and head.code == "CNY":
            if digits is None:
                return self.quantity(exact, unit, short=True)
            scale = self._short(exact)[1]
        divided = exact / (scale.factor if scale else 1)
        rounded = scale is not None and digits is None
        number = self._digits(round_half_up(divided, 2)) if rounded else self.number(divided, digits)
        number += self.convert(scale.sign) if scale else ""
        if head is None:
            return number
        form = "other" if scale else self.rules.cldr.plural_form(divided.normalize())
        return self._rate(self("number.quantity", number=number, unit=self._name(head, form)), rest)

    def interval(
        self, value: float | None, lower: float, upper: float, unit: str = "CNY", *, short: bool = True
    ) -> str:
        """Return a value with its bounds: ``≥ 100万元``, ``≤ 6 people``, ``50 people (48 to 52 people)``.

        An upper bound of infinity and a lower bound of 0 or of minus infinity are open. Bounds that coincide,
        and bounds that are both open, leave the bare value; without a value between them they stand alone.
        """
        if lower > upper:
            raise ValueError(f"interval {lower}..{upper}: the lower bound is above the upper; swap them")
        # A share of at least 80% has 100% as its upper bound, which goes without saying.
        open_above = upper == math.inf or (unit == "share" and lower < upper == 1 and value == lower)
        open_below = lower in (0, -math.inf)
        if lower == upper or (open_below and open_above):
            return self.quantity(known_value(upper if lower == upper else value), unit, short=short)
        if open_above:
            return self("number.at_least", quantity=self.quantity(lower, unit, short=short))
        if open_below:
            return self("number.at_most", quantity=self.quantity(upper, unit, short=short))
        span = self.span(lower, upper, unit, short=short)
        if value is None or value in (lower, upper):
            return span
        return self("number.with_span", value=self.quantity(value, unit, short=short), span=span)

    def span(self, lower: float, upper: float, unit: str = "CNY", *, short: bool = True) -> str:
        """Return two values with their unit said once: ``760,000 to 3.8 million yuan``, ``30万至38万元``."""
        low, high = self._ends(lower, upper, unit, short=short)
        return low if low == high else self("number.span", lower=low, upper=high)

    def rise(self, before: float, after: float) -> tuple[str, str]:
        """Return two amounts of money as a rise has them: from ``2,000`` to ``4,200 yuan``; 由``2000元``."""
        if self.rules.space:
            return self._ends(before, after, "CNY", short=True)
        return self.quantity(before, "CNY", short=True), self.quantity(after, "CNY", short=True)

    def _ends(self, lower: float, upper: float, unit: str, *, short: bool) -> tuple[str, str]:
        """Return two values, the first without its unit where the second says it for both."""
        low, high = (self.quantity(bound, unit, short=short) for bound in (lower, upper))
        return self._worded_ends(low, high, lower, unit)

    def between(self, low: str, high: str, lower: float, unit: str) -> str:
        """Return two quantities that are worded, the first of them ``lower``, with their unit said once."""
        low, high = self._worded_ends(low, high, lower, unit)
        return low if low == high else self("number.span", lower=low, upper=high)

    def _worded_ends(self, low: str, high: str, lower: float, unit: str) -> tuple[str, str]:
        if low == high:
            return low, high
        if unit and not unit.startswith(("CNY", "share", "ratio")):
            # A singular beside a plural (1 month to 2 months) would hide that they share their unit.
            return low.removesuffix(_tail(low)), high
        (number, scale, unit_of_low), (_, scale_of_high, unit_of_high) = map(self._parts, (low, high))
        # 900 to 3.8 million, 9000至120万: the scale of the second would seem to be that of the first.
        clear = bool(scale) or not scale_of_high or (self.rules.space and abs(lower) >= 1000)
        # A percentage keeps its sign in Chinese: 31%至50%.
        signed = unit == "share" and self.rules.full_width
        same = unit_of_low == unit_of_high and clear and not signed
        return number + scale if same else low, high

    def _parts(self, quantity: str) -> tuple[str, str, str]:
        """Return a quantity as number, scale and unit: 30, 万, 元."""
        number = quantity.removesuffix(_tail(quantity))
        signs = "|".join(re.escape(self.convert(scale.sign)) for scale in self.rules.scales)
        found = re.match(rf"((?:{signs})?)(?=\W|{self('units.CNY.other')}|$)", _tail(quantity))
        scale = found[1] if found else ""
        return number, scale, _tail(quantity).removeprefix(scale)

    def _name(self, unit: units.Unit, *forms: str) -> str:
        """Return the name of a unit in the first of the forms that the language has, else the usual one."""
        keys = (f"units.{unit.code}.{form}" for form in forms)
        return self(next((key for key in keys if key in self.messages), f"units.{unit.code}.other"))

    def _rate(self, quantity: str, denominators: Iterable[units.Unit]) -> str:
        """Return a quantity with its denominators: ``… per person per month`` or ``…/人·月``."""
        names = [self._name(unit, "per", "one") for unit in denominators]
        joined = self("number.rate_separator").join(names)
        return self("number.rate", quantity=quantity, units=joined) if names else quantity


@cache
def _text_of(language: Language) -> Text:
    return Text(language, catalogue(language.code))


_BRACKETED = re.compile(r"(?<=.)(?: \(|（)([^()（）]*\{[^()（）]*)[)）](\w|\{)?")


def _unbracketed(message: str, values: Mapping[str, object]) -> str:
    """Return a message with commas for its brackets, where they would stand around other brackets."""
    if not any(mark in value for value in values.values() if isinstance(value, str) for mark in "(（"):
        return message

    def part(match: re.Match[str]) -> str:
        inside, after = match[1], match[2] or ""
        if not re.search("[(（]", inside.format_map(values)):
            return match[0]
        comma = "，" if match[0].startswith("（") else ", "
        return f"{comma}{inside}{comma if after else ''}{after}"

    return _BRACKETED.sub(part, message)


def _tail(quantity: str) -> str:
    """Return what follows the last digit: scale and unit."""
    return quantity[max((i for i, character in enumerate(quantity) if character.isdigit()), default=-1) + 1 :]
