"""What the data knows of its places, as sentences may claim it: figures, estimates, and what they are of."""

from __future__ import annotations

import datetime
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from analysis.estimates.measures import Estimate, from_frame
from analysis.estimates.prices import at_prices, years_of
from analysis.evidence.arithmetic import Amount
from analysis.evidence.characters import normalise
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import evaluate_coding
from analysis.evidence.rows import Coding, Figure, Programme, Source, rows_of
from analysis.evidence.schema import DIMENSIONS
from analysis.show.memo.claims.claim import PlaceNames
from analysis.show.memo.claims.vocabulary import vocabulary
from analysis.show.memo.facts import estimate_name
from analysis.words.labels import Labels
from analysis.words.language import Text

# A numeral within the name of a thing, with the word that it counts.
_NAMED = re.compile(
    r"[0-9]{4}年[度前]?|[一二三四五六七八九十]{1,2}[\u4e00-\u9fff]{1,3}|[0-9]+ ?m²"
    r"|(?:before |of )?(?:19|20)[0-9]{2}"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten)\b[ -][a-z]+",
    re.IGNORECASE,
)
# Words for levels that stand behind names and are no level of the data.
_MORE_LEVELS = ("自治县", "高新区", "街道", "市", "镇", "乡")
_BASES = ("village", "community", "village-or-community", "household")
_INCOMES = ("rural_disposable_income_pc",)
_INCOME_WORDS = frozenset(
    (
        *vocabulary("en").tokens("national rural income per head disposable"),
        *vocabulary("zh").tokens("全国农村居民人均可支配收入"),
    )
)
_HEADS = {"head_split", "head_combined"}


class Known(NamedTuple):
    """One value of one place: of what it is, in which unit and year, and in which words it may be told.

    ``core`` are the words, by language, that name it; ``words`` are all that it may be told in. A base is a
    count that others are divided by, such as all villages of a county.
    """

    name: str
    programme: str
    amount: Amount
    year: str
    terms: Mapping[str, frozenset[str]]
    words: frozenset[str]
    core: Mapping[str, frozenset[str]]
    row: Figure | Estimate | None
    cell: tuple[str, ...] = ()
    is_base: bool = False

    @property
    def period(self) -> str:
        """``month`` or ``year`` where the value is of one."""
        parts = self.amount.unit.split("/")
        return next((name for name in ("month", "year") if name in parts[1:]), "")

    @property
    def is_rate(self) -> bool:
        """Whether it is an amount for each of something."""
        return any(part not in ("month", "year") for part in self.amount.unit.split("/")[1:])


@dataclass(frozen=True)
class Knowledge:
    """The values of places, read when they are first asked for; ``price_years`` are those that are shown."""

    data: Dataset
    price_years: Sequence[int] = ()
    _read: dict[str, list[Known]] = field(default_factory=dict, compare=False, repr=False)
    _quoted: dict[str, list[tuple[str, str]]] = field(default_factory=dict, compare=False, repr=False)

    def of(self, programme: str) -> list[Known]:
        """Return what is known of a place."""
        if programme not in self._read:
            self._read[programme] = [*self._figures(programme), *self._estimates(programme), *self._incomes]
        return self._read[programme]

    def about(self, places: Iterable[str]) -> list[Known]:
        """Return what is known of some places."""
        return [known for place in places for known in self.of(place)]

    def published(self, programme: str) -> set[int]:
        """Return the years in which documents of a place appeared."""
        rows = rows_of(Source, self.data.sources, programme_id=programme)
        days = (row.published if "/" in row.published else row.published[:4] for row in rows)
        return {year for day in days for year in years_of(day)}

    @cached_property
    def names(self) -> PlaceNames:
        """The names of the places, in every language, whole and short."""
        found: dict[str, set[str]] = {}
        for row in rows_of(Programme, self.data.programmes):
            for name in {row.label, normalise(row.label_zh), *_short(row, self._levels)}:
                found.setdefault(name, set()).add(row.programme_id)
        sure = [(name, places.pop()) for name, places in found.items() if len(places) == 1 and len(name) > 1]
        return PlaceNames(tuple(sorted(sure, key=lambda each: -len(each[0]))))

    def quotes(self, places: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield the words with a numeral in them by which things of some places are named: 三部门."""
        for place in places:
            if place not in self._quoted:
                self._quoted[place] = [*self._subjects_of(place), *self._texts(place)]
            yield from self._quoted[place]

    def _subjects_of(self, programme: str) -> Iterator[tuple[str, str]]:
        """Yield the words with a numeral in them that name figures of a programme."""
        for known in self.of(programme):
            if isinstance(known.row, Figure):
                for subject in (known.row.subject, known.row.subject_zh):
                    yield from ((match[0], known.name) for match in _NAMED.finditer(normalise(subject)))

    def _texts(self, programme: str) -> Iterator[tuple[str, str]]:
        """Yield the names and dates of a programme and its documents that hold a numeral."""
        [row] = rows_of(Programme, self.data.programmes, programme_id=programme)
        for name in (row.programme_name, normalise(row.programme_name_zh)):
            for part in re.findall("[“「]([^”」]+)[”」]", name):
                yield part, f"programme {programme}, programme_name"
        for source in rows_of(Source, self.data.sources, programme_id=programme):
            if len(source.published) == len("2021-09-26"):
                day = datetime.date.fromisoformat(source.published)
                for shown in (f"{day.month}月{day.day}日", f"{day.day} {day:%B}", f"{day:%B} {day.day}"):
                    yield shown, f"source {source.source_id}, published"

    @cached_property
    def _levels(self) -> set[str]:
        """The words for levels of places that stand behind their names: 县, 高新区."""
        named = {
            normalise(zh)
            for (kind, _), (_, _, zh) in self.data.terms.items()
            if kind in ("admin_level", "place")
        }
        return {*named, *(each[-1] for each in named), *_MORE_LEVELS}

    def rarity(self, words: Iterable[str], places: Sequence[str]) -> dict[str, float]:
        """Return how much each word tells one thing from another, of those that some places know."""
        counted, total = self._counted(tuple(places))
        return {word: math.log(1 + total / counted[word]) for word in words if word in counted}

    def _counted(self, places: tuple[str, ...]) -> tuple[Counter[str], int]:
        key = ("claims", places, tuple(self.price_years))
        if key not in self.data.computed:
            things = {known.words for known in self.about(places)}
            self.data.computed[key] = (Counter(word for words in things for word in words), len(things))
        found: tuple[Counter[str], int] = self.data.computed[key]
        return found

    # Reading

    @cached_property
    def _labels(self) -> tuple[Labels, Labels]:
        return Labels(self.data, Text.of("en")), Labels(self.data, Text.of("zh-Hans"))

    def _words(self, texts: Iterable[str]) -> frozenset[str]:
        found: set[str] = set()
        for text in texts:
            normal = normalise(text)
            language = "zh" if any("\u4e00" <= char <= "\u9fff" for char in normal) else "en"
            found.update(vocabulary(language).tokens(normal))
        return frozenset(found)

    @cached_property
    def _incomes(self) -> list[Known]:
        """The national incomes that pay is measured by: of no place, so of any."""
        found = []
        frame = self.data.tables["reference_series"]
        for series in _INCOMES:
            own = frame[frame["series"] == series]
            for year, value in zip(own["year"].astype(int), own["value"].astype(float), strict=True):
                amount = Amount(value, value, value, "CNY/person/year")
                known = Known(f"series {series}", "", amount, str(year), {}, _INCOME_WORDS, {}, None)
                found.append(known)
        return found

    def _objects(self, counted: Sequence[Coding | Estimate]) -> dict[str, frozenset[str]]:
        """Return what values are of, and what that is by a shorter name; a base is of nothing."""
        codes = {row.object for row in counted} - {""}
        found = {wide for code in codes for wide in self._wider.get(code, ())}
        return {"object": frozenset(codes | found)}

    @cached_property
    def _wider(self) -> dict[str, set[str]]:
        """The things with whose name that of each thing begins: 党建经费（全县总额平均） is 党建经费."""
        names = {code: zh for (kind, code), (_, _, zh) in self.data.terms.items() if kind == "object"}
        return {
            code: {other for other, short in names.items() if other != code and name.startswith(short)}
            for code, name in names.items()
        }

    def _core(self, en: str, zh: str) -> dict[str, frozenset[str]]:
        return {"en": self._words([en]), "zh": self._words([zh])}

    def _label(self, row: Coding | Estimate) -> Iterator[str]:
        for labels in self._labels:
            yield labels.measure(row.measure)
            yield from (labels.term(name, getattr(row, name)) for name in DIMENSIONS)

    def _subjects(self, row: Estimate) -> Iterator[str]:
        """Yield what the figures are of that an estimate rests on."""
        for name in row.figure_ids.split():
            yield from self._named[name]

    @cached_property
    def _named(self) -> dict[str, tuple[str, str]]:
        columns = (self.data.figures[name] for name in ("figure_id", "subject", "subject_zh"))
        return {name: (en, zh) for name, en, zh in zip(*columns, strict=True)}

    def _figures(self, programme: str) -> Iterator[Known]:
        codings = rows_of(Coding, self.data.codings, programme_id=programme)
        for row in rows_of(Figure, self.data.figures_of(programme)):
            own = [
                each for each in codings
                if row.figure_id in f"{each.numerator} {each.denominator}".split()
            ]  # fmt: skip
            counted = [each for each in own if row.figure_id in each.numerator.split()]
            texts = [row.subject, row.subject_zh, *(text for each in counted for text in self._label(each))]
            amount = self.data.amounts[row.figure_id]
            known = Known(
                f"figure {row.figure_id}", programme, amount, row.year, _terms(own) | self._objects(counted),
                self._words(texts), self._core(row.subject, row.subject_zh), row,
                is_base=row.unit in _BASES and any(row.figure_id in each.denominator.split() for each in own),
            )  # fmt: skip
            yield known
            if math.isfinite(row.value_to):
                yield known._replace(amount=replace(amount, value=row.value_to))

    def _estimates(self, programme: str) -> Iterator[Known]:
        frame = self.data.tables["estimates"]
        own = frame[frame["programme_id"] == programme]
        frames = [own, *(at_prices(self.data, own, year) for year in self.price_years)]
        codings = {row.coding_id: row for row in rows_of(Coding, self.data.codings, programme_id=programme)}
        seen = set()
        for row in (row for each in frames for row in from_frame(each) if row.has_value and row.feasible):
            key = (row.cell, row.price_basis, round(row.value, 6), row.unit)
            if key in seen:
                continue
            seen.add(key)
            known = Known(
                estimate_name(row), programme, row.amount, row.year, _terms([row]) | self._objects([row]),
                self._words((*self._label(row), *self._subjects(row))), {}, row, row.cell,
            )  # fmt: skip
            yield known
            for side, expression in _sides(codings.get(row.coding_id)):
                amount = evaluate_coding(expression, "", self.data.amounts)
                if len(amount.figure_ids) > 1:
                    yield known._replace(name=f"{side} of {row.coding_id}", amount=amount, cell=())


def _sides(coding: Coding | None) -> Iterator[tuple[str, str]]:
    for side in ("numerator", "denominator"):
        expression = getattr(coding, side, "")
        if " + " in expression and " * " not in expression:
            yield side, expression


def _terms(rows: Sequence[Coding | Estimate]) -> dict[str, frozenset[str]]:
    """Return the codes of each dimension that rows have."""
    found = {}
    for name in ("object", "works", "place", "post", "stage"):
        codes = frozenset(getattr(row, name) for row in rows) - {""}
        if codes:
            found[name] = codes
    if found.get("post", frozenset()) & _HEADS:
        found["post"] = found["post"] | {"head"}
    return found


def _short(row: Programme, levels: Collection[str]) -> Iterator[str]:
    """Yield the names of a place without its level, or without what lies above it: Ludian, 鲁甸, 高新区."""
    words = row.label.split()
    if len(words) > 1:
        yield words[0]
    if len(words) > 2:
        yield " ".join(words[1:])
    name, above = normalise(row.label_zh), normalise(row.parent_zh)
    yield from (_without(name, levels), _rest_of(name, _without(above, levels)))


def _without(name: str, levels: Collection[str]) -> str:
    """Return a Chinese name without the word for its level behind it, if anything is left that is a name."""
    ends = sorted((each for each in levels if name.endswith(each)), key=len, reverse=True)
    return next((name.removesuffix(each) for each in ends if len(name) > len(each) + 1), name)


def _rest_of(name: str, above: str) -> str:
    return name.removeprefix(above) if above and len(name) > len(above) + 1 else name
