"""The numerals of a text: where they stand, what they are worth, and of what unit.

Number words are read in English and Chinese; digits, signs of scale and units as each language prints them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from analysis.evidence.characters import normalise, numeral_spans
from analysis.evidence.numerals import find, unit_fits
from analysis.evidence.units import UNITS, UnitError, atoms
from analysis.words.catalogues import catalogue
from analysis.words.languages import LANGUAGES

ROLE = "#"  # before what a count counts, where it is no unit of the vocabulary
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9} | {
    scale.sign.strip(): float(scale.factor)
    for language in LANGUAGES.values() if language.space
    for scale in language.scales
}  # fmt: skip
_HALF = re.compile(r"一半(?=[0-9])")  # 中间一半31.6万至67万: a part, and what it is
_VAGUE = re.compile("[数几]|上(?=[百千万])")
_DIGITS = re.compile(r"[0-9][0-9,]*(?:\.([0-9]+))?")
_SCALE = re.compile(rf"[ \u00a0]?({'|'.join(map(re.escape, _SCALES))})(?!\w)")
_YUAN = re.compile(r" yuan\b")  # money is rounded to three digits in English
_TO = re.compile(r"\s*(?:to|–|—|-|至|到)\s*[0-9][0-9,.]*")
_FROM_TWO = (
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SPOKEN = {word: float(value) for value, word in enumerate(_FROM_TWO, start=2)}
_SPOKEN |= {word: float(10 * value) for value, word in enumerate(_TENS, start=2)}
_SPOKEN |= {"half": 0.5, "dozen": 12.0, "hundred": 100.0, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_ONE = {"one": 1.0} | {word: value for word, value in _SPOKEN.items() if word != "half"}
_LARGE = ("hundred", "thousand", "million", "billion")
_NAMES = "|".join(sorted(_SPOKEN, key=len, reverse=True))
_TWENTY = "|".join(_TENS)
_UNITS = "one|two|three|four|five|six|seven|eight|nine"
_SMALL = rf"(?:(?:{_TWENTY})-(?:{_UNITS})|{_NAMES})s?"
# Seventy-nine, three hundred and five, two thousand one hundred.
_WORD = re.compile(
    rf"(?<![\w-])(?:(?:one|a)[ ](?=(?:{'|'.join(_LARGE)})\b))?{_SMALL}(?![\w])"
    rf"(?:[ ](?:{'|'.join(_LARGE)})\b|(?:(?<=hundred)|(?<=usand)|(?<=illion))[ ](?:and[ ])?{_SMALL}(?!\w))*",
    re.IGNORECASE,
)
_PART_OF = {"third": 3.0, "quarter": 4.0, "fifth": 5.0, "tenth": 10.0}
_PARTS = re.compile(rf"[ -]({'|'.join(_PART_OF)})s?\b", re.IGNORECASE)
_PERCENT = re.compile(r"[ \u00a0]per ?cent\b(?! age)")
CLASSIFIERS = tuple("个项种条名位处次件份类期起批支")
# Nouns right behind a bare 个 that leave no doubt of what is counted.
_OTHER_NOUNS = {
    "乡镇": ("township",),
    "县，": ("county",),
    "村的": ("village",),
    "村，": ("village",),
    "村。": ("village",),
    "社区": ("community", "village-or"),
}
_OTHER_NOUN = re.compile("|".join(_OTHER_NOUNS))
_SMALL_WORDS = frozenset(
    """
    of in into onto among between under over after before went cost costs each more less times for to from
    with and or were was are is had has by at on per a an the than that which
    """.split()  # noqa: SIM905
)
# What a count counts, in words that stand after its numeral.
ROLES = {
    "programme": r"programmes?|counties|个?地区|個?地區|个?县|個?縣",
    "reading": r"(?:pairs? of )?readings?|种理解|種理解|种",
    "measure": r"measures?|项指标|項指標|项|項",
    "figure": r"figures?|个?数字|個?數字",
    "document": r"documents?|sources?|份?文献|份?文獻|份",
    "choice": r"(?:open )?questions?|处存疑|處存疑|处",
    "value": r"values?|个?数值|個?數值|个?[测測估]算值",
    "comparison": r"comparisons?|项比较|項比較",
    "year": r"年",
}


@dataclass(frozen=True)
class Numeral:
    """One numeral: its place in the text, its values (two for a range), how exact they are, what follows."""

    start: int
    end: int
    text: str
    values: tuple[float, ...]
    tolerances: tuple[float, ...]
    after: str
    unit_words: str = ""

    def equals(self, place: int, value: float) -> bool:
        """Return whether the value, rounded as the numeral is, is the one at that place of the numeral."""
        return abs(self.values[place] - abs(value)) <= self.tolerances[place] * (1 + 1e-9)

    @property
    def distinctive(self) -> bool:
        """Whether the numeral is unlikely to be met by chance: a large one, or one with decimals."""
        return all(value >= 1000 or value != int(value) for value in self.values)

    def fits(self, unit: str) -> bool | None:
        """Return whether its unit is that of a fact; ``None`` where the text names none that is known."""
        if unit.startswith(ROLE):
            return True if self._counts(unit[1:]) else None
        if not unit:
            return None
        if _PARTS.search(self.text):
            return unit.startswith("share")
        if re.match(r"\s*[%‰％]", self.after) or self.text.endswith(("%", "‰", "％")):
            return unit.startswith("share")
        if self.unit_words in CLASSIFIERS:
            other = _OTHER_NOUN.match(self.after) if self.unit_words == "个" else None
            if other and not unit.startswith(_OTHER_NOUNS[other[0]]):
                return False
            # 个 alone stands before anything that is counted.
            return _is_named(unit, self.unit_words + self.after) or (
                None if _fits(self.unit_words, unit) else False
            )
        if self.unit_words:
            return _fits(self.unit_words, unit)
        named = _named(self.after, one=self.values == (1.0,))
        if not named:
            return None
        try:
            head = atoms(unit)[0].code
        except UnitError:
            return False
        return head in named

    def _counts(self, role: str) -> bool:
        if role == "year" and not self.unit_words:
            return bool(re.fullmatch(r"(?:19|20)[0-9]{2}", self.text))
        words = ROLES.get(role, "")
        return bool(words and re.match(rf"\s*(?:{words})(?![a-z])", self.unit_words + self.after))


def has_numeral(text: str) -> bool:
    """Return whether a text holds a numeral, in digits, in Chinese or in English words."""
    return bool(numeral_spans(text) or _WORD.search(text))


def numerals(text: str, language: str = "en") -> list[Numeral]:
    """Return the numerals of a text, in order: digits, Chinese numerals, and English words from two on."""
    shown = _PERCENT.sub(
        lambda match: "%".ljust(len(match[0])), LANGUAGES[language].with_english_separators(text)
    )
    read = _numerals(shown)
    return [replace(numeral, text=text[numeral.start : numeral.end]) for numeral in read]


# The ledger asks once more for what was checked, and memos have most of their words in common.
@lru_cache(maxsize=8192)
def _numerals(text: str) -> list[Numeral]:
    normal = normalise(text)
    halves = (match.span() for match in _HALF.finditer(normal))
    found = [Numeral(start, end, text[start:end], (0.5,), (0.0,), "") for start, end in halves]
    found += [*_spoken(text), *_quantities(text, normal)]
    covered = [(each.start, each.end) for each in found]
    for start, end in numeral_spans(_HALF.sub("之之", text)):
        # A run of numeral characters that is no quantity: it has no value, and must be quoted to stand.
        if not any(a <= start and end <= b for a, b in covered):
            found.append(Numeral(start, end, text[start:end], (), (), normal[end : end + 20]))
    return sorted(found, key=lambda numeral: numeral.start)


def _spoken(text: str) -> Iterator[Numeral]:
    for match in _WORD.finditer(text):
        before = text[max(0, match.start() - 12) : match.start()]
        if match[0].lower() in _SCALES and re.search(r"[0-9][ \u00a0]$", before):
            continue  # 3.8 million is one numeral
        part = _PARTS.match(text, match.end())
        value, end = _spelled(match[0]), part.end() if part else match.end()
        if part:
            value /= _PART_OF[part[1].lower()]
        yield Numeral(
            match.start(),
            end,
            text[match.start() : end],
            (value,),
            (0.005 if part else 0.0,),
            text[end : end + 40],
        )


def _spelled(words: str) -> float:
    """Return what a number in English words is worth: 305 for three hundred and five."""
    total = part = 0.0
    for word in re.findall("[a-z]+", words.lower()):
        value = _ONE.get(word, _ONE.get(word.removesuffix("s"), _SPOKEN.get(word)))
        if word == "half":
            return 0.5
        if value is None:
            continue
        if value >= 100 and word.removesuffix("s") in _LARGE:
            part = (part or 1.0) * value
            if value >= 1000:
                total, part = total + part, 0.0
        else:
            part += value
    return total + part


def _quantities(text: str, normal: str) -> Iterator[Numeral]:
    for quantity in find(_HALF.sub("之之", text)):
        end = quantity.end
        if normal[end - 1] in "多余" and normal[end : end + 1].isdigit():
            end -= 1  # 2000元多200元: by how much it is more
        if _VAGUE.match(normal, quantity.start):  # 数百, 上百 have no value that a fact could have
            yield Numeral(quantity.start, end, text[quantity.start : end], (), (), normal[end : end + 20])
            continue
        printed = _DIGITS.findall(normal[quantity.start : quantity.end])
        values = [quantity.value, *([] if quantity.value_to is None else [quantity.value_to])]
        # The unit of 48 to 52 people, and the scale of 5.6 to 12.2 million yuan, stand after the second.
        own, second = _SCALE.match(normal, end), _TO.match(normal, end)
        last = own or (second and _SCALE.match(normal, second.end()))
        scale = last if own or values[0] < 1000 else None  # 760,000 to 3.8 million yuan
        factor = _SCALES[scale[1]] if scale else 1.0
        if second and not quantity.unit_words and normal[second.end() : second.end() + 1] == "%":
            factor = 0.01  # 31 to 50 %
        unit_at = last.end() if last else second.end() if second else end
        end = own.end() if own else end
        tolerances = _tolerances(normal[quantity.start : quantity.end], values, len(printed))
        if not scale and _YUAN.match(normal, unit_at):
            halves = map(_half_of_third_digit, values)
            tolerances = [max(pair) for pair in zip(tolerances, halves, strict=True)]
        yield Numeral(
            quantity.start,
            end,
            text[quantity.start : end],
            tuple(abs(value) * factor for value in values),
            tuple(tolerance * factor for tolerance in tolerances),
            normal[unit_at : unit_at + 40],
            quantity.unit_words,
        )


def _tolerances(printed: str, values: list[float], digits: int) -> list[float]:
    """Return half a unit of the last printed place of each value."""
    runs = list(_DIGITS.finditer(printed))
    if digits != len(values) or len(runs) != len(values):
        return [_half_of_last_place(value) for value in values]
    found = []
    for run, value in zip(runs, values, strict=True):
        number = float(run[0].replace(",", "").rstrip(".") or 0)
        unit = value / number if number else 1.0
        found.append(0.5 * 10.0 ** -len(run[1] or "") * unit)
    return found


def _half_of_third_digit(value: float) -> float:
    """Return half a unit of the third digit of a value that has no more: 500 for 754,000."""
    place = 10.0 ** (int(math.log10(abs(value))) - 2) if value else 0.0
    return place / 2 if place >= 1 and value % place == 0 else 0.0


def _half_of_last_place(value: float) -> float:
    """Return half the unit of the last of two places or more that is no zero: 5,000 for 七十五万."""
    place = 1.0
    while value >= place * 100 and value % (place * 10) == 0:
        place *= 10
    return place / 2 if place > 1 else 0.0


@cache
def _fits(words: str, unit: str) -> bool:
    """Return whether Chinese unit words say the unit; denominators may be left out or be said otherwise."""
    try:
        return unit_fits(words.split("/")[0], atoms(unit)[0].code)
    except UnitError:
        return False


def _is_named(unit: str, words: str) -> bool:
    """Return whether Chinese words begin with the whole name of a unit: 个支部, and not 个 alone."""
    try:
        name = catalogue("zh-Hans")[f"units.{atoms(unit)[0].code}.other"]
    except UnitError:
        return False
    return len(name) > 1 and words.startswith(name)


@cache
def _nouns(one: bool) -> list[tuple[str, frozenset[str]]]:
    nouns: dict[str, set[str]] = {}
    spaced = [catalogue(code) for code, language in LANGUAGES.items() if language.space]
    for messages in spaced:
        for key, noun in messages.items():
            section, _, form = key.partition(".")
            code = form.rpartition(".")[0]
            # 780 village cadres are no villages.
            fits = one or not form.endswith(".one") or messages[f"{key.removesuffix('one')}other"] == noun
            if section == "units" and fits and UNITS[code].dimension != "ratio":
                nouns.setdefault(noun.lower(), set()).add(code)
    nouns |= {"times": {"ratio", "occasion"}, "square metres": {"m2"}, "square meters": {"m2"}}
    ordered = sorted(nouns, key=len, reverse=True)
    return [(noun, frozenset(nouns[noun])) for noun in ordered]


@cache
def _named(after: str, one: bool) -> frozenset[str]:
    """Return the units that the noun after a numeral, of one thing or of more, names; empty for none."""
    words = after.lstrip().lower()
    # Nine grassroots organisations.
    for _ in range(3):
        if found := _begins(words, one):
            return found
        first, _, rest = words.partition(" ")
        if not first.isalpha() or first in _SMALL_WORDS:
            break
        words = rest
    return frozenset()


def _begins(words: str, one: bool) -> frozenset[str]:
    for noun, codes in _nouns(one):
        if words.startswith(noun) and not words[len(noun) : len(noun) + 1].isalpha():
            return codes
    return frozenset()
