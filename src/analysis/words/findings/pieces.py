"""The pieces that sentences on findings are made of: amounts, counted things, who, and what is left open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from analysis.estimates.findings import Finding, Place, ends_of
from analysis.estimates.measures import Estimate
from analysis.estimates.spans import Span
from analysis.evidence import arithmetic, units
from analysis.evidence.arithmetic import Amount
from analysis.evidence.register import OPEN_YEAR, evaluate_coding, parse_when
from analysis.evidence.rows import Choice, Coding, Figure, rows_of
from analysis.words.labels import Labels, Named, capitalised, typed
from analysis.words.phrases import shown_unit

SUBSIDY_WORD = "补贴"
"""What a document calls pay that may not be all of it; subjects in Chinese keep the word."""


@dataclass(frozen=True)
class Pieces:
    """The words of one programme for what its findings rest on."""

    labels: Labels
    place: Place

    def say(self, key: str, **values: object) -> str:
        """Return a message of the catalogue."""
        return self.labels.text(f"found.{key}", **values)

    @property
    def name(self) -> str:
        """The name of the place."""
        return self.labels.programme(self.place.programme)

    def amount(self, amount: Amount, unit: str = "") -> str:
        """Return an amount as a person says it: ``about 754,000 yuan``, ``at least 1 million yuan``."""
        text, unit = self.labels.text, unit or amount.unit.split("/")[0]
        shown = text.quantity(amount.value, unit, short=True)
        if amount.lower < amount.upper:
            return self.say(f"amount_{_bound(amount)}", amount=shown)
        exact = unit != "CNY" or text.shows_exactly(amount.value)
        return shown if exact else self.say("amount_about", amount=shown)

    def money(self, value: float) -> str:
        """Return an amount of money in its short form."""
        return self.labels.text.quantity(value, "CNY", short=True)

    def things(self, row: Estimate, amount: Amount) -> str:
        """Return so many of what an estimate is of: ``79 new or upgraded village venues``."""
        label = self.labels.term("object", row.object) or self.labels.measure(row.measure)
        thing = label if amount.value == 1 else self.labels.text.rules.plural(label)
        return self.counted(self.with_works(row, thing), amount)

    def thing(self, row: Estimate) -> str:
        """Return one of what an estimate is of: ``new village venue``."""
        return self.with_works(row, self.labels.term("object", row.object))

    def with_works(self, row: Estimate, thing: str) -> str:
        """Return a thing with the works it was or is to be subject to: ``new village venues``."""
        return self.say(f"works_{row.works}", thing=thing) if row.works else thing

    def counted(self, thing: str, amount: Amount) -> str:
        """Return so many of a thing, with what bounds the number: ``more than 150 problems``."""
        key = "counted" if amount.lower == amount.upper else f"counted_{_bound(amount)}"
        number = self.labels.text.count(amount.value)
        return self.say(key, number=number, thing=thing, classifier=self.classifier(amount.unit))

    def classifier(self, unit: str) -> str:
        """Return the word that counts things of a unit, in languages that have such words."""
        return self.labels.text.classifier(units.atoms(unit)[0])

    def figure(self, figure: Figure) -> str:
        """Return a figure that counts something, by its subject: ``284 first secretaries sent``."""
        return self.counted(self.subject(figure), self.place.amounts[figure.figure_id])

    def subject(self, figure: Figure) -> str:
        """Return what a figure is of, as it stands inside a sentence."""
        return inside(self.labels.of(figure, "subject"))

    def people(self, amount: Amount) -> str:
        """Return a number of people: ``more than 3,000 people``."""
        return self.counted(self.say("person"), amount)

    def number(self, amount: Amount) -> str:
        """Return a count without its unit: ``79``, ``more than 150``."""
        return self.counted("", amount).strip()

    def quantity(self, amount: Amount) -> str:
        """Return an amount with its unit: ``16 villages``, ``at least 80%``."""
        shown = self.labels.text.quantity(amount.value, amount.unit, short=True)
        return shown if amount.lower == amount.upper else self.say(f"amount_{_bound(amount)}", amount=shown)

    def value(self, rows: Sequence[Estimate]) -> str:
        """Return what something comes to over the readings that its estimates are of."""
        (low, high), row = ends_of(rows), rows[0]
        unit = shown_unit(row.measure, row.unit)
        if low < high and row.lower == row.upper:
            return self.labels.text.interval(None, low, high, unit)
        return self.quantity(replace(row.amount, unit=unit))

    def whole(self, row: Estimate) -> str:
        """Return what the denominator of an estimate counts: ``103 villages and communities``."""
        coding = self.place.codings[row.coding_id]
        names = arithmetic.figure_ids(coding.denominator)
        over = evaluate_coding(coding.denominator, "", self.place.amounts)
        return self.quantity(self.place.amounts[names[0]] if len(names) == 1 else over)

    def who(self, row: Estimate) -> str:
        """Return who is paid: ``village head with one post``."""
        place, post = self.labels.term("place", row.place), self.labels.term("post", row.post)
        return self.say("who", place=place, post=post) if place else post

    def matter(self, choices: Iterable[str]) -> str:
        """Return what the text leaves open, as a clause; empty where it decides all."""
        return self.labels.text.listing(map(self._matter, choices))

    def _matter(self, choice: str) -> str:
        if years := OPEN_YEAR.readings_of(choice):
            key = "matter_two_years" if len(years) == 2 else "matter_year"
            return self.say(key, first=years[0], last=years[-1])
        row = self._choices[choice]
        return self.labels.of(row, "matter") or self.say(
            "matter_of", question=self.labels.of(row, "question")
        )

    @cached_property
    def _choices(self) -> dict[str, Choice]:
        return {row.choice_id: row for row in rows_of(Choice, self.labels.data.choices)}

    def unsaid(self, words: str, finding: Finding | None = None) -> str:
        """Return words as a sentence, with what the text does not say where a finding hangs on that."""
        if finding and finding.choices:
            return self.hanging(words, finding.choices)
        # What is left open has been said before; whether it is a plan still is.
        is_open = finding is not None and finding.status == "open"
        return self.say("sentence_open" if is_open else "sentence", sentence=self.labels.text.opened(words))

    def hanging(self, words: str, choices: Sequence[str]) -> str:
        """Return words as a sentence, with the choices that they hang on: of the text, or of a series."""
        of_text = [choice for choice in choices if choice not in self.of_series]
        of_series = [choice for choice in choices if choice in self.of_series]
        if of_series:
            words = self.say("unsaid_elsewhere", sentence=words, matter=self.matter(of_series))
        if not of_text:
            return self.unsaid(words)
        sentence = self.labels.text.opened(words)
        return self.say("unsaid", sentence=sentence, matter=self.matter(of_text))

    @cached_property
    def of_series(self) -> frozenset[str]:
        """The choices between published values of a reference series, of which no text says anything."""
        conditions = self.labels.data.tables["regional_series"]["when"].unique()
        return frozenset(choice for when in conditions for choice in parse_when(when))

    def is_subsidy(self, rows: Iterable[Estimate | Span]) -> bool:
        """Return whether the text calls what is paid a subsidy."""
        names = {name for row in rows for name in row.figure_ids.split()}
        return bool(names) and all(SUBSIDY_WORD in self.place.figures[name].subject_zh for name in names)


def noted(labels: Labels, rows: Iterable[Estimate | Span]) -> list[str]:
    """Return what curators have noted on the values of places, a sentence for each note."""
    notes = {row.coding_id: labels.of(row, "note") for row in rows_of(Coding, labels.data.codings)}
    found = dict.fromkeys((row.programme_id, notes.get(row.coding_id, "")) for row in rows if row.is_default)
    said = (
        labels.text("found.in_place", place=labels.programme(place), sentence=inside(note))
        for place, note in found
        if note
    )
    return [capitalised(each) for each in said]


def noun(labels: Labels, measure: str, row: Named) -> str:
    """Return what a value is of as the subject of a sentence: ``the cost of a new village venue``.

    Empty where the measure has no such words, or the value is one of before a rise.
    """
    found, key = typed(row), f"found.noun_{measure}"
    if key not in labels.text.messages or getattr(found, "stage", "") == "before":
        return ""
    names = ("object", "place", "post")
    thing, place, post = (labels.term(name, getattr(found, name, "")) for name in names)
    if works := getattr(found, "works", ""):
        thing = labels.text(f"found.works_{works}", thing=thing)
    who = labels.text("found.who", place=place, post=post) if post else thing
    return labels.text(key, thing=thing, place=place, who=who)


def _bound(amount: Amount) -> str:
    """Return what the bounds of an amount say: that it is the least, nearly so much, or about."""
    if amount.lower == amount.value < amount.upper:
        return "at_least"
    return "nearly" if amount.lower == 0 and amount.upper == amount.value else "about"


def inside(subject: str) -> str:
    """Return a subject as it stands inside a sentence: names keep their capital."""
    first = subject.split(" ")[0]
    is_name = first.startswith("Party") or first[1:] != first[1:].lower()
    return subject if is_name else subject[:1].lower() + subject[1:]
