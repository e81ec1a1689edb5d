"""Several places in words: who is above whom on which basis, what turns an order, or how values spread."""

from __future__ import annotations

import math
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

import numpy as np

from analysis.estimates.comparison import Comparison
from analysis.estimates.findings import Place, findings_of
from analysis.estimates.findings.contrasts import Contrast, contrasts, firm_share, top
from analysis.estimates.robustness import Pair, Ranked
from analysis.evidence import units
from analysis.evidence.register import OPEN_YEAR, format_when, parse_when
from analysis.evidence.rows import group_by
from analysis.words.comparisons import common_unit, shared_readings
from analysis.words.findings.opening import MOST_MESSAGES
from analysis.words.findings.paragraphs import section_of
from analysis.words.findings.pieces import Pieces, inside, noun
from analysis.words.findings.sentences import sentence
from analysis.words.labels import Labels, capitalised
from analysis.words.phrases import price_phrase

MOST_NAMED = 4
LEAST = 15
"""What weighs less is said beside its chart or table, not in an opening."""


@dataclass(frozen=True)
class Theme:
    """What is said of the places of a dataset in one theme: the answer, and what it rests on.

    ``figure_ids`` are those of the figures that each message rests on.
    """

    headline: str
    messages: tuple[str, ...]
    contrasts: tuple[Contrast, ...]
    figure_ids: tuple[tuple[str, ...], ...] = ()


def compared(labels: Labels, theme: str, comparisons: Sequence[Comparison]) -> Theme:
    """Return what a report that compares places in a theme opens with."""
    found = contrasts(comparisons)
    rules, kept, said = labels.text.rules, list[str](), list[Contrast]()
    if not found:
        return _apart(labels, theme)
    headline = reporters(labels, found[0])
    left = rules.opening - rules.length(headline)
    for contrast in [each for each in found if each.weight >= LEAST] or found[:1]:
        words = labels.sentences(contrast_sentences(labels, contrast))
        if len(kept) < MOST_MESSAGES and (not kept or rules.length(words) <= left):
            left -= rules.length(words)
            kept.append(words)
            said.append(contrast)
    return Theme(headline, tuple(kept), tuple(said), tuple(each.figure_ids for each in said))


def _apart(labels: Labels, theme: str) -> Theme:
    """Return what is said where no two places report the same: the first finding of each."""
    name = inside(labels.text(f"report.section_{theme}"))
    found: dict[str, str] = {}
    figures: list[tuple[str, ...]] = []
    for programme in labels.data.programme_ids:
        pieces = Pieces(labels, labels.data.once(Place, programme))
        own = (each for each in findings_of(pieces.place) if section_of(each.theme) == theme)
        if (first := next(own, None)) and first.kind != "gap" and len(found) < MOST_MESSAGES:
            found[programme] = labels.text(
                "found.in_place", place=pieces.name, sentence=inside(sentence(pieces, first))
            )
            figures.append(first.figure_ids)
    if not found:
        return Theme(_said(labels, "nothing_shared", theme=name), (), ())
    places = labels.text.listing(map(labels.programme, found))
    headline = _said(labels, "nothing_shared_each", places=places, theme=name)
    return Theme(headline, tuple(map(capitalised, found.values())), (), tuple(figures))


def reporters(labels: Labels, first: Contrast) -> str:
    """Return who reports what the theme asks first."""
    text, total = labels.text, len(labels.data.programme_ids)
    key = f"found.reports_{first.measure}"
    what = text(key) if key in text.messages else inside(labels.measure(first.measure))
    number, named = len(first.programmes), len(first.programmes) <= MOST_NAMED
    if number == total and named:
        return _said(labels, "all_report", what=what)
    places = text.listing(map(labels.programme, first.programmes)) if named else text.number(number)
    key = "some_report" if named else "many_report"
    return _said(labels, key, places=places, total=text.count(total), what=what)


def _said(labels: Labels, key: str, **values: object) -> str:
    """Return a message of the catalogue as a sentence."""
    return _sentence(labels, labels.text(f"found.{key}", **values))


def _sentence(labels: Labels, words: str) -> str:
    return labels.text("found.sentence", sentence=labels.text.opened(words))


def contrast_sentences(labels: Labels, contrast: Contrast) -> list[str]:
    """Return a contrast in a few sentences."""
    return _Words(labels, contrast).sentences()


def contrast_title(labels: Labels, comparisons: Sequence[Comparison]) -> str:
    """Return what comparisons of one measure say as a title: their first sentence."""
    [contrast] = contrasts(comparisons)
    return _Words(labels, contrast).sentences()[0].removesuffix(labels.text.rules.full_stop)


@dataclass(frozen=True)
class _Words:
    """The sentences on one measure of several places."""

    labels: Labels
    contrast: Contrast

    def sentences(self) -> list[str]:
        """Return the sentences, the plainest comparison first."""
        return {"spread": self._spread, "beside": self._beside}.get(self.contrast.kind, self._orders)()

    def say(self, key: str, **values: object) -> str:
        """Return a message of the catalogue as a sentence."""
        return _said(self.labels, key, **values)

    def _spread(self) -> list[str]:
        """Return the distribution over many places: middle half, ends by name, share of firm orders."""
        widest = max(self.contrast.comparisons, key=lambda each: len(each.programmes))
        text, unit, ranked = self.labels.text, common_unit(widest), widest.ranked
        values = [row.value for row in ranked]
        low, middle, high = np.quantile(values, [0.25, 0.5, 0.75])
        least, most = min(ranked, key=lambda row: row.value), max(ranked, key=lambda row: row.value)
        found = [
            self.say(
                "spread",
                thing=self._noun(widest),
                number=text.number(len(widest.programmes)),
                middle=text.quantity(float(middle), unit, short=True),
                half=text.span(float(low), float(high), unit),
            )
        ]
        if widest.is_rate:
            ends = {"least": self.labels.item(least.item), "most": self.labels.item(most.item)}
            found.append(
                self.say(
                    "spread_ends", **ends, low=text.quantity(least.value, unit, short=True),
                    high=text.quantity(most.value, unit, short=True),
                )
            )  # fmt: skip
            found.append(self.say("spread_firm", share=text.share(round(firm_share(widest), 2))))
        return found

    def _noun(self, comparison: Comparison) -> str:
        """Return what is compared as the subject of a sentence: ``the cost of a village venue``."""
        named = noun(self.labels, comparison.measure, comparison.key)
        details = [inside(self.labels.dimensions(comparison.key))]
        return named or inside(self.labels.with_detail(self.labels.measure(comparison.measure), details))

    def _of(self, comparison: Comparison) -> dict[str, str]:
        """Return who or what a comparison is of."""
        names = ("object", "place", "post")
        thing, place, post = (self.labels.term(each, comparison.key.get(each, "")) for each in names)
        return {
            "thing": thing,
            "who": self.labels.text("found.who", place=place, post=post) if post else thing,
        }

    def _beside(self) -> list[str]:
        """Return counts beside each other: places of different size have no order."""
        widest = max(self.contrast.comparisons, key=lambda each: len(each.programmes))
        text, key = self.labels.text, f"found.counts_{widest.measure}"
        thing = text(key) if key in text.messages else inside(self.labels.measure(widest.measure))
        values = (
            text(
                "found.beside_value",
                place=self.labels.item(row.item),
                value=value_words(self.labels, widest, row),
            )
            for row in (widest.ranked if len(widest.programmes) <= MOST_NAMED else widest.ranked[:MOST_NAMED])
        )
        return [self.say("beside", thing=thing, values=self.labels.clauses(values))]

    def _orders(self) -> list[str]:
        if len({format_when(each.definitions) for each in self.contrast.comparisons}) > 1:
            return self._by_definition()
        first, *others = self.contrast.comparisons
        found = [self._order(first)]
        if turned := next((each for each in self.contrast.comparisons if self._opposes(each)), None):
            found.append(self._order(turned, again=True))
        turning = sum(bool(each.turned) for each in self.contrast.comparisons)
        if turned:
            return found
        if not others:
            return [*found, *self._margin(first), *self._rest(first)]
        # Where one is silent under a reading, its order is no news without that reading.
        sure = [each for each in self.contrast.comparisons if not each.silent]
        turning = sum(bool(each.turned) for each in sure)
        number, total = (self.labels.text.count(each) for each in (turning, len(sure)))
        if len(sure) > 1 and not turning and len({top(each).first for each in sure}) == 1:
            found.append(self.say("order_all", number=total))
        elif turning:
            found.append(
                self.say("order_some" if turning > 1 else "order_one_turns", number=number, all=total)
            )
        return found

    def _margin(self, comparison: Comparison) -> list[str]:
        """Return by how much an order holds at least that some reading might have turned."""
        pair = top(comparison)
        if not pair.holds or pair.total == 1 or not common_unit(comparison).startswith("CNY"):
            return []
        margin = self.labels.text.quantity(pair.margin, common_unit(comparison), short=True)
        return [self.say("order_holds", margin=margin)]

    def _rest(self, comparison: Comparison) -> list[str]:
        """Return the values of the places that the order does not name, where they are few."""
        pair = top(comparison)
        rest = [row for row in comparison.ranked if row.item not in (pair.first, pair.second)]
        if not rest or len(comparison.ranked) > MOST_NAMED:
            return []
        values = (
            self.labels.text(
                "found.order_beside",
                place=self.labels.item(row.item), value=value_words(self.labels, comparison, row),
            )
            for row in rest
        )  # fmt: skip
        return [_sentence(self.labels, self.labels.text.listing(values))]

    def _opposes(self, comparison: Comparison) -> bool:
        """Return whether the order here is more often the other way round than in the first comparison."""
        first, pair = top(self.contrast.comparisons[0]), top(comparison)
        return pair.first != first.first and pair.higher > pair.lower

    def _by_definition(self) -> list[str]:
        """Return, for each kind of place, on which definitions the order holds and which turns it."""
        found: list[str] = []
        for same in group_by(self.contrast.comparisons, lambda each: each.key.get("place", "")).values():
            plain = same[0]
            leader = top(plain).first
            if not all(top(each).holds for each in same):
                found += map(self._order, same)
                continue
            holding = [each for each in same if top(each).first == leader]
            turning = [each for each in same if top(each).first != leader]
            found.append(self._definition(holding, turning))
        if owners := [p for p in self.contrast.programmes if p in self.contrast.comparisons[0].silent]:
            for programme in owners:
                choices = self._silencing(self.contrast.comparisons[0], programme)
                matter = self._pieces(programme).matter(choices)
                if matter:
                    found.append(
                        self.say("place_unsaid", place=self.labels.programme(programme), matter=matter)
                    )
        return found

    def _definition(self, holding: Sequence[Comparison], turning: Sequence[Comparison]) -> str:
        plain, pair = holding[0], top(holding[0])
        ends = [row for each in holding for row in each.ranked if row.item == pair.second]
        low, high = min(row.low for row in ends), max(row.high for row in ends)
        values = {
            "place": self.labels.term("place", plain.key.get("place", "")),
            "first": self.labels.item(pair.first),
            "second": self.labels.item(pair.second),
            "value": value_words(
                self.labels, plain, next(row for row in plain.ranked if row.item == pair.first)
            ),
            "other": self.labels.text.span(low, high, common_unit(plain)),
        }
        if not turning:
            return self.say("definition_all", **values)
        names = (self.labels.readings(format_when(each.definitions)) for each in turning)
        return self.say("definition_turns", **values, definition=self.labels.text.listing(names))

    def _order(self, comparison: Comparison, *, again: bool = False) -> str:
        """Return one order: on which basis, with both values, and in how many readings it holds.

        ``again`` says that the basis has been named.
        """
        pair = _oftener(top(comparison))
        values = self._values(comparison, pair)
        own = "found.order_again" if again else f"found.order_{comparison.measure}"
        if own not in self.labels.text.messages:
            values["measure"] = inside(self.labels.measure(comparison.measure))
            own = "found.order"
        words = self.labels.text(own, **values)
        return self._firmness(comparison, pair, words)

    def _values(self, comparison: Comparison, pair: Pair) -> dict[str, str]:
        rows = {row.item: row for row in comparison.ranked}
        return {
            **self._of(comparison),
            "first": self.labels.item(pair.first),
            "second": self.labels.item(pair.second),
            "value": value_words(self.labels, comparison, rows[pair.first]),
            "other": value_words(self.labels, comparison, rows[pair.second]),
            "prices": price_phrase(self.labels, comparison.price_basis),
        }

    def _firmness(self, comparison: Comparison, pair: Pair, words: str) -> str:
        """Return an order with the share of readings in which it holds, and on what a value hangs."""
        if pair.tied == pair.total:
            words = self.labels.text("found.order_tied", order=words)
        elif not pair.holds:
            key = "found.order_years" if self._only_years(comparison, pair) else "found.order_readings"
            number, total = map(self.labels.text.count, (pair.higher, pair.total))
            words = self.labels.text(key, order=words, number=number, all=total)
        owners = dict.fromkeys(item.split(":")[0] for item in (pair.first, pair.second))
        if conditions := [self._condition(comparison, p) for p in owners if p in comparison.silent]:
            words = self.labels.text("found.if", order=words, condition=self.labels.text.listing(conditions))
        return _sentence(self.labels, words)

    def _condition(self, comparison: Comparison, programme: str) -> str:
        readings = self.labels.readings(shared_readings(comparison, programme))
        return self.labels.text("found.read_as", place=self.labels.programme(programme), readings=readings)

    def _only_years(self, comparison: Comparison, pair: Pair) -> bool:
        """Return whether readings of the two differ in nothing but the year."""
        owners = {pair.first.split(":")[0], pair.second.split(":")[0]}
        own = dict.fromkeys(row.reading for row in comparison.rows if row.programme_id in owners)
        texts = [parse_when(text) for text in own]
        several = {
            c for text in texts for c, r in text.items() if any(other.get(c, r) != r for other in texts)
        }
        return all(OPEN_YEAR.readings_of(choice) for choice in several)

    def _silencing(self, comparison: Comparison, programme: str) -> tuple[str, ...]:
        return tuple(parse_when(shared_readings(comparison, programme)))

    def _pieces(self, programme: str) -> Pieces:
        return Pieces(self.labels, self.labels.data.once(Place, programme))


def _oftener(pair: Pair) -> Pair:
    """Return an order the way round in which it holds more often."""
    if pair.higher >= pair.lower:
        return pair
    return replace(pair, first=pair.second, second=pair.first, higher=pair.lower, lower=pair.higher)


def value_words(labels: Labels, comparison: Comparison, row: Ranked) -> str:
    """Return the value of a place over its readings, as a person says it, and whether it is a plan."""
    text, unit = labels.text, common_unit(comparison)
    if unit == "share":
        value = text.span(round(row.low, 2), round(row.high, 2), "share")
    elif unit == "ratio" or not comparison.is_rate:
        low, high = (text.number(end, 1 if unit == "ratio" else 0) for end in (row.low, row.high))
        value = low if low == high else text("number.span", lower=low, upper=high)
        value += "" if comparison.is_rate else text.classifier(units.atoms(unit)[0])
    else:
        value = text.span(row.low, row.high, unit)
    if comparison.evidence[row.item]["upper"] == math.inf:
        low = value if row.low == row.high else text.quantity(row.low, unit, short=True)
        value = text("found.amount_at_least", amount=low)
    if "status" not in comparison.differences:
        return value
    return with_status(labels, {each.status for each in comparison.items[row.item]}, value)


def with_status(labels: Labels, statuses: AbstractSet[str], value: str) -> str:
    """Return a value, with whether it is a plan, or may be one."""
    if not statuses & {"planned", "open"}:
        return value
    return labels.text(f"found.{'planned' if statuses == {'planned'} else 'open'}_value", value=value)
