"""Ambiguities between several figures of a sentence: what a total, an increase or a new amount covers.

Each comes with the codings it would change, by reading; one that the printed numbers may exclude carries the
arithmetic.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.curation.candidates import Candidate
from analysis.curation.sureness import Guess, Guesses
from analysis.evidence.units import VILLAGES

Special = tuple[str, Candidate, dict[str, list[Guesses]]]
_BRACKET = re.compile(
    "[（(][^（()）]*[0-9][^（()）]*[）)][^。；;，,]{0,6}(?:提高|调整|增加|上调)[^。；;，,]{0,4}[到至为]$"
)
_BY = re.compile("(?:提高|增长|增加|提升|上升|上涨)(?:了|近|约)?$")
_INCREASE = re.compile("(?:增加|新增|多支出|增长)(?:经费|支出|资金|了)?$")
_TOTAL = re.compile("总投资|总投入")
_WHOLE = re.compile("^[，,；;]?其中")
_BESIDE = re.compile("^[^。；;，,0-9]{0,12}[和与及、]$")
_FOUND = re.compile("查出|核查|排查|发现|存在|摸排")


@dataclass(frozen=True)
class Reading:
    """One answer: its id, what it changes in a coding (``status=planned``), its words."""

    name: str
    effect: str
    words: Mapping[str, str]

    def change(self, coding: Guesses) -> Guesses:
        """Return a coding as it is under this reading."""
        column, _, value = self.effect.partition("=")
        if not column:
            return coding
        if column == "absence":
            notes = {"note": self.words["reason"], "note_zh": self.words["reason_zh"]}
            coding = {
                name: guess for name, guess in coding.items() if name not in ("numerator", "denominator")
            }
            coding |= {"numerator": Guess("", "pattern")}
            coding |= {name: Guess(text, "pattern") for name, text in notes.items()}
        return coding | {column: Guess(value, "pattern")}


def special(figures: Sequence[Candidate], codings: Sequence[Guesses]) -> Iterator[Special]:
    """Yield the ambiguities that more than one figure makes, each with its codings by reading."""
    for place, row in enumerate(figures):
        before, _, after = row.context.partition(f"【{row.printed}】")
        earlier = [other for other in figures[:place] if other.paragraph == row.paragraph]
        if _BRACKET.search(before) and len(earlier) > 1:
            yield from _covers_bracket(row, earlier[-1], codings)
        if (
            _INCREASE.search(before)
            and row.cells["unit"].startswith("CNY")
            and "person" not in row.cells["unit"]
        ):
            yield from _who_shares(row, earlier)
        if row.cells["unit"] == "CNY" and _TOTAL.search(before[-8:]) and _WHOLE.search(after):
            yield from _each_or_all(row, earlier)
        if row.cells["unit"] == "ratio" and _BY.search(before):
            near = [other for other in figures if other.paragraph == row.paragraph]
            yield from _by_or_to(row, near, codings)
        if earlier and _FOUND.search(before):
            yield from _overlap(row, earlier[-1], before)


def _covers_bracket(row: Candidate, bracket: Candidate, codings: Sequence[Guesses]) -> Iterator[Special]:
    """Yield whether the new amount holds for the case in brackets: 由2000元（一肩挑2200元）提高到4200元."""
    for coding in codings:
        if coding["numerator"].value == bracket.cells["figure_id"] and "stage" in coding:
            new = coding | {"stage": Guess("after", "pattern")}
            new |= {"coding_id": _id(coding, "after")}
            with_value = new | {"numerator": Guess(row.cells["figure_id"], "pattern")}
            absent = new | {
                "numerator": Guess("", "pattern"),
                "absence": Guess("not_reported", "pattern"),
            }
            notes = {
                "note": "Under this reading the new amount is not printed.",
                "note_zh": "按此理解，原文未写新标准。",
            }
            absent |= {name: Guess(text, "pattern") for name, text in notes.items()}
            yield "covers-bracket", row, {"covers": [with_value], "without": [absent]}
            return


def _by_or_to(row: Candidate, near: Sequence[Candidate], codings: Sequence[Guesses]) -> Iterator[Special]:
    """Yield what pay was before a rise of so many times: 提高1.5倍，达到3000元."""
    ids = {other.cells["figure_id"] for other in near}
    staged = [coding for coding in codings if "stage" in coding]
    risen = next((coding for coding in staged if coding["numerator"].value in ids), None)
    if risen is None or risen["stage"].value != "after":
        return
    before = risen | {"stage": Guess("before", "pattern"), "coding_id": _id(risen, "before")}
    pay, times = risen["numerator"].value, row.cells["figure_id"]
    added = {"by": [before | _divided(pay, f"1 + {times}")], "to": [before | _divided(pay, times)]}
    yield "by-or-to", row, added


def _who_shares(row: Candidate, earlier: Sequence[Candidate]) -> Iterator[Special]:
    """Yield which places share an increase: all that are named before it, the last, or the first ones."""
    places = [other for other in earlier if other.cells["unit"] in VILLAGES]
    if len(places) < 2:
        return
    first, last = places[-2:]
    increase = row.cells["figure_id"]
    coding = _coding(row, "operating_funds_rise", object="office_funds", place="village_or_community")
    everyone = f"{first.cells['figure_id']} + {last.cells['figure_id']}"
    if first.cells["unit"] != last.cells["unit"]:
        everyone = f"1 {last.cells['unit']}/{first.cells['unit']} * {everyone}"
    added = {
        "all": [coding | _divided(increase, everyone)],
        "last": [coding | _divided(increase, last.cells["figure_id"])],
    }
    rates = [
        other
        for other in earlier
        if re.fullmatch(f"CNY/{first.cells['unit']}(?:/year)?", other.cells["unit"])
    ]
    if len(rates) >= 2 and (rise := _rise(first, rates[-2:], row)):
        added["first"] = [coding | _divided(increase, first.cells["figure_id"]) | rise]
    yield "who-shares", row, added


def _rise(count: Candidate, rates: Sequence[Candidate], increase: Candidate) -> Guesses:
    """Return the arithmetic under which the first places alone make the increase."""
    number, (old, new) = count.cells["figure_id"], (rate.cells["figure_id"] for rate in rates)
    relation = f"{number} * {new} - {number} * {old} = {increase.cells['figure_id']}"
    return {"requires": Guess(relation, "pattern")}


def _each_or_all(row: Candidate, earlier: Sequence[Candidate]) -> Iterator[Special]:
    """Yield whether a total before its parts is for each venue or for all of them."""
    venues = [other for other in earlier if other.cells["unit"] == "venue"]
    if not venues:
        return
    total, count = row.cells["figure_id"], venues[0].cells["figure_id"]
    coding = _coding(
        row, "cost_per_venue", object="village_venue", works="new", funder="total", place="village"
    )
    added = {"each": [coding | _divided(total, "1 venue")], "together": [coding | _divided(total, count)]}
    yield "each-or-all", row, added


def _overlap(row: Candidate, other: Candidate, before: str) -> Iterator[Special]:
    """Yield whether two kinds of fault counted side by side may overlap: 5个租赁的和3个过小的场所."""
    between = before[before.rfind(other.printed) + len(other.printed) :] if other.printed in before else "。"
    if (
        row.cells["unit"] != "venue"
        or not _BESIDE.search(between)
        or other.cells["unit"] not in ("venue", "")
    ):
        return
    coding = _coding(row, "venues_upgraded", object="village_venue", works="mixed", place="village")
    first, second = other.cells["figure_id"], row.cells["figure_id"]
    larger = max((other, row), key=lambda figure: float(figure.cells["value"]))
    added = {
        "separate": [coding | {"numerator": Guess(f"{first} + {second}", "pattern")}],
        "among": [coding | {"numerator": Guess(larger.cells["figure_id"], "pattern")}],
    }
    yield "overlap", row, added


def _coding(row: Candidate, measure: str, **about: str) -> Guesses:
    programme = row.cells["figure_id"].partition(".")[0]
    name = "-".join([measure, *about.values()]).replace("_", "-")
    cells = {"coding_id": f"{programme}.{name}", "programme_id": programme, "measure": measure, **about}
    return {column: Guess(value, "pattern") for column, value in cells.items()}


def _divided(numerator: str, denominator: str) -> Guesses:
    return {"numerator": Guess(numerator, "pattern"), "denominator": Guess(denominator, "pattern")}


def _id(coding: Guesses, stage: str) -> Guess:
    return Guess(re.sub("(?:before|after)$", stage, coding["coding_id"].value), "pattern")
