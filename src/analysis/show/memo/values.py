"""Values of the data that a template names one by one: in the words of the suite, with what they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from analysis.estimates.findings import Finding, ends_of, findings_of
from analysis.estimates.findings.finding import KINDS
from analysis.estimates.measures import Estimate, from_frame
from analysis.estimates.prices import PriceYear
from analysis.estimates.questions import Question
from analysis.estimates.spans import Span, apply_definitions, default_definitions, join_works
from analysis.evidence.arithmetic import Amount
from analysis.evidence.dataset import Dataset
from analysis.evidence.errors import did_you_mean, list_names
from analysis.evidence.register import MEASURES, format_when, parse_when
from analysis.evidence.rows import Figure
from analysis.evidence.schema import DIMENSIONS
from analysis.show.memo.calls import FUNCTIONS, OWN, PARTS, Call, Fault, Given
from analysis.show.memo.facts import Basis, estimate_name, values
from analysis.show.memo.matching import unsupported
from analysis.show.memo.passages import Passage
from analysis.show.memo.writer import MemoWriter
from analysis.words.findings.pieces import Pieces
from analysis.words.findings.sentences import sentence
from analysis.words.languages import LANGUAGES
from analysis.words.phrases import count_readings

PER, NUMBER = "per", "number"
SCALES: Mapping[str, int] = {"1": 1, "10k": 10**4, "1m": 10**6, "100m": 10**8, "1bn": 10**9}
"""The units that a template may name: with its denominators, none, or a scale that the language has."""
MOST_DIGITS = 6
MOST_NAMED = 8  # findings or questions, where one is asked for that there is not


class WrongCall(ValueError):
    """A call that places nothing; ``faults`` say why."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("; ".join(fault.message for fault in faults))


@dataclass(frozen=True)
class Value:
    """What a call stands for: its words with what they rest on, and whether there is such a value."""

    passage: Passage
    exists: bool = True


@dataclass(frozen=True)
class Values:
    """The values of a dataset for a memo in one language; ``programme`` is its own place, if it has one."""

    data: Dataset
    language: str
    price_year: PriceYear = None
    programme: str = ""
    _writers: dict[str, MemoWriter] = field(default_factory=dict, repr=False, compare=False)

    def faults(self, call: Call) -> list[Fault]:
        """Return everything that is wrong with a call."""
        if call.function not in FUNCTIONS:
            names = list(FUNCTIONS)
            near = did_you_mean(call.function, names)
            return [Fault(call.function, f"{call.function!r} is none of {', '.join(names)}; {near}")]
        if found := list(call.faults()):
            return found
        if found := [*self._unknown(call.arguments), *self._undeclared(call.arguments)]:
            return found
        if call.function not in PARTS:
            try:
                self.value(call)
            except WrongCall as error:
                return list(error.faults)
        return []

    def _unknown(self, arguments: Mapping[str, Given]) -> Iterator[Fault]:
        """Yield the arguments that name nothing there is."""
        if (place := arguments.get(OWN)) is not None and place not in self.data.programme_ids:
            known = self.data.programme_ids
            shown = f"known are {list_names(known)}; {did_you_mean(place, known)}"
            none = "this memo is on no single place; name one in quotation marks"
            yield Fault(str(place) or OWN, f"{place!r} is no programme; {shown}" if place else none)
        language = arguments.get("language", self.language)
        if language not in LANGUAGES:
            known = list(LANGUAGES)
            shown = f"{language!r} is no language; allowed are {', '.join(known)}"
            yield Fault(str(language), f"{shown}; {did_you_mean(language, known)}")
        elif (unit := arguments.get("unit", PER)) not in (units := units_of(str(language))):
            shown = f"{unit!r} is no unit in {language!r}; allowed are {', '.join(units)}"
            yield Fault(str(unit), shown)
        if not 0 <= int(arguments.get("digits", 0)) <= MOST_DIGITS:
            yield Fault("digits", f"digits is {arguments['digits']}; write 0 to {MOST_DIGITS}")

    def _undeclared(self, arguments: Mapping[str, Given]) -> Iterator[Fault]:
        """Yield the measure and the codes that nothing in the register or in the terms is named by."""
        measure = arguments.get("measure", next(iter(MEASURES)))
        if measure not in MEASURES:
            yield Fault(str(measure), f"{measure!r} is no measure; {did_you_mean(measure, MEASURES)}")
        for name in DIMENSIONS:
            code, known = arguments.get(name), [code for field, code in self.data.terms if field == name]
            if code is not None and code not in known:
                # The codes of the measure are what is most likely meant.
                rows = (row for found in self.writer().spans.values() for row in found)
                own = {getattr(row, name) for row in rows if row.measure == measure} - {""}
                near = did_you_mean(code, sorted(own) or known)
                yield Fault(str(code), f"{code!r} is no {name}; {near}")

    def value(self, call: Call) -> Value:
        """Return what a call stands for; raises ``WrongCall`` where it names nothing that there is."""
        given = call.arguments
        language = str(given.get("language", self.language))
        asked = _Asked(self._writer(language), call, given)
        makers = {"figure": asked.figure, "estimate": asked.estimate, "finding": asked.finding}
        found = makers.get(call.function, asked.question)()
        if language != self.language:
            found = Value(_in_language(found.passage, language), found.exists)
        if lost := list(unsupported([found.passage], language)):
            shown = (
                f"{lost[0].numeral.text!r} of {call} rests on nothing as it is rounded; ask for more digits"
            )
            raise WrongCall(Fault(call.function, shown))
        return found

    def span(self, call: Call) -> Span | None:
        """Return the estimate that a call names over its readings; ``None`` where it has no value."""
        return _Asked(self.writer(), call, call.arguments).span()

    def _writer(self, language: str) -> MemoWriter:
        if language not in self._writers:
            self._writers[language] = MemoWriter(self.data, language, self.price_year)
        return self._writers[language]

    def writer(self) -> MemoWriter:
        """Return what words the memo."""
        return self._writer(self.language)


def units_of(language: str) -> list[str]:
    """Return the units that a template may name in a language."""
    known = {1, *(scale.factor for scale in LANGUAGES[language].scales)}
    return [PER, NUMBER, *(code for code, factor in SCALES.items() if factor in known)]


def _in_language(passage: Passage, language: str) -> Passage:
    """Return a passage with its bases named by its language, since they quote other words than the memo."""
    bases = tuple(Basis(f"{basis.name}, {language}", basis.facts) for basis in passage.rests_on)
    note = passage.note and _in_language(passage.note, language)
    return Passage(passage.text, bases, note)


@dataclass(frozen=True)
class _Asked:
    """One call, and the writer of its language."""

    writer: MemoWriter
    call: Call
    given: Mapping[str, Given]

    @property
    def place(self) -> str:
        return str(self.given[OWN])

    # Figures

    def figure(self) -> Value:
        """Return a figure of a document, with its qualifier."""
        writer, name = self.writer, str(self.given["id"])
        found = writer.figures_named([name])
        if not found:
            known = list(writer.data.figures["figure_id"])
            raise WrongCall(Fault(name, f"{name!r} is no figure; {did_you_mean(name, known)}"))
        [row] = found
        amount = writer.data.amounts[name]
        high = row.value_to if row.value_to == row.value_to else row.value
        words = self._worded(amount, row.value, high, "below" if row.qualifier == "below" else "")
        return self._cited(words, found, writer.facts.figures(f"figure {name}, placed", found))

    # Estimates

    def estimate(self) -> Value:
        """Return an estimate with its span over readings, or under the readings that are named."""
        reading = str(self.given.get("reading", ""))
        return self._under(reading) if reading else self._over_readings(str(self.given["measure"]))

    @cached_property
    def _dimensions(self) -> dict[str, str]:
        return {name: str(self.given[name]) for name in DIMENSIONS if name in self.given}

    def _fits(self, row: Span | Estimate) -> bool:
        return row.measure == self.given["measure"] and all(
            getattr(row, name) == code for name, code in self._dimensions.items()
        )

    def span(self) -> Span | None:
        """Return the estimate over its readings; ``None`` where it has no value."""
        valued = [row for row in self._fitting if row.has_value]
        return self._only(valued) if valued else None

    @cached_property
    def _fitting(self) -> list[Span]:
        spans = self.writer.spans[self.place]
        return [row for row in join_works(spans) if self._fits(row)] or list(filter(self._fits, spans))

    def _over_readings(self, measure: str) -> Value:
        row = self.span()
        if row is None:
            of_measure = (row for row in self.writer.spans[self.place] if row.measure == measure)
            states = [row.absence for row in (*self._fitting, *of_measure) if row.absence]
            return self._absent(states[0] if states else "not_reported")
        detail = count_readings(self.writer.labels, row)
        amount = Amount(row.value, row.lower, row.upper, row.unit, ())
        words = self.writer.labels.with_detail(self._worded(amount, row.low, row.high), [detail])
        basis = self.writer.facts.estimates(f"{_full_name(row)}, placed", [row])
        return self._cited(words, self.writer.figures_named(row.figure_ids.split()), basis)

    def _under(self, reading: str) -> Value:
        """Return an estimate under readings that are named, whatever else is open in it."""
        rows = list(filter(self._fits, self._readings))
        try:
            wanted = parse_when(reading)
        except ValueError as error:
            raise WrongCall(Fault(reading, f"reading: {error}")) from None
        touching: dict[str, dict[str, None]] = {}
        for row in rows:
            for choice, each in parse_when(row.reading).items():
                touching.setdefault(choice, {})[each] = None
        if faults := list(_unread(wanted, touching)):
            raise WrongCall(*faults)
        decided = default_definitions(self.writer.data).keys() & wanted.keys()
        chosen = {choice: wanted[choice] for choice in decided}
        under = [
            row
            for row in apply_definitions(self.writer.data, rows, chosen)
            if all(parse_when(row.reading).get(choice, each) == each for choice, each in wanted.items())
        ]
        valued = [row for row in under if row.has_value and row.feasible]
        if under and not any(row.feasible for row in under):
            why = self.writer.labels.reason(under[0].reason)
            raise WrongCall(Fault(reading, f"{reading!r} is ruled out: {why}"))
        if not valued:
            return self._absent(under[0].absence if under else "not_reported")
        self._only(valued)
        return self._of_readings(valued, reading)

    @cached_property
    def _readings(self) -> list[Estimate]:
        frame = self.writer.book.all.estimates
        return from_frame(frame[frame["programme_id"] == self.place])

    def _of_readings(self, rows: Sequence[Estimate], reading: str) -> Value:
        low, high = ends_of(rows)
        first = next((row for row in rows if row.is_default), rows[0])
        name = f"{_full_name(first)} under {format_when(parse_when(reading))}, placed"
        facts = values(name, first.unit, first.figure_ids, low=low, high=high)
        basis = Basis(name, (*self.writer.facts.estimates(name, rows).facts, *facts))
        cited = dict.fromkeys(figure for row in rows for figure in row.figure_ids.split())
        words = self._worded(Amount(first.value, first.lower, first.upper, first.unit, ()), low, high)
        return self._cited(words, self.writer.figures_named(cited), basis)

    def _only(self, rows: Sequence[Span] | Sequence[Estimate]) -> Span:
        """Return the row if all are of one thing; else say what would tell them apart."""
        if len({row.cell for row in rows}) == 1:
            return rows[0]  # type: ignore[return-value]
        codes = {name: list(dict.fromkeys(getattr(row, name) for row in rows)) for name in DIMENSIONS}
        apart = [
            f"{name} ({', '.join(filter(None, found))})" for name, found in codes.items() if len(found) > 1
        ]
        number = len({row.cell for row in rows})
        message = f"{self.call} may be any of {number} values; say which by {' or '.join(apart)}"
        raise WrongCall(Fault(str(self.given["measure"]), message))

    # Sentences

    def finding(self) -> Value:
        """Return the sentence on a finding."""
        name = str(self.given["name"])
        found = findings_by_name(self.writer.pieces(self.place))
        if (chosen := found.get(name)) is None:
            kind, topic, *_ = (*name.split("."), "", "")
            if kind in KINDS and topic in MEASURES:
                return self._absent("not_reported")
            near = f"there are {list_names(found, MOST_NAMED)}; {did_you_mean(name, found)}"
            raise WrongCall(Fault(name, f"{name!r} is no finding of {self.place!r}; {near}"))
        words = sentence(self.writer.pieces(self.place), chosen)
        said = self.writer.passage(words, *self.writer.own(self.place))
        cited = self.writer.figures_named(chosen.figure_ids)
        return Value(self.writer.cite(said, cited) if self.given.get("cite") else said)

    def question(self) -> Value:
        """Return what to ask the place."""
        name = str(self.given["name"])
        found = questions_by_name(self.writer, self.place)
        if name not in found:
            near = f"there are {list_names(found, MOST_NAMED)}; {did_you_mean(name, found)}"
            raise WrongCall(Fault(name, f"{name!r} is no question to {self.place!r}; {near}"))
        [words] = self.writer.asked([found[name]])
        return Value(words)

    # Words

    def _worded(self, amount: Amount, low: float, high: float, qualifier: str = "") -> str:
        """Return a value in the unit and with the digits that are asked for: a span, or with its bound."""
        unit, asked = amount.unit, str(self.given.get("unit", ""))
        relative = unit.startswith(("share", "ratio"))
        if relative and asked not in ("", PER, NUMBER):
            raise WrongCall(Fault(asked, f"unit {asked!r} is for amounts and counts; {self.call} is none"))
        shown = unit if asked == PER else unit.split("/")[0]
        shown = "" if asked == NUMBER and not relative else shown
        digits = self.given.get("digits")

        def size(value: float) -> str:
            factor, decimals = SCALES.get(asked), None if digits is None else int(digits)
            return self.writer.text.sized(value, shown, factor=factor, digits=decimals)

        if low < high:
            return self.writer.text.between(size(low), size(high), low, shown)
        bound, whole = qualifier or _bound(amount), size(amount.value)
        return self.writer.text(f"found.amount_{bound}", amount=whole) if bound else whole

    def _cited(self, words: str, figures: Sequence[Figure], basis: Basis) -> Value:
        passage = Passage(words, (basis,))
        return Value(self.writer.cite(passage, figures) if self.given.get("cite") else passage)

    def _absent(self, absence: str) -> Value:
        return Value(Passage(self.writer.text.code("absence", absence)), exists=False)


def _full_name(row: Span | Estimate) -> str:
    return f"{estimate_name(row)}, {row.price_basis}"


def _unread(wanted: Mapping[str, str], touching: Mapping[str, Iterable[str]]) -> Iterator[Fault]:
    """Yield the choices that touch no estimate asked for, and the readings that a choice does not have."""
    for choice, reading in wanted.items():
        if choice not in touching:
            known = f"there are {list_names(touching)}; " if touching else ""
            near = did_you_mean(choice, touching) if touching else "leave the reading out"
            yield Fault(choice, f"{choice!r} is no choice that this value hangs on; {known}{near}")
        elif reading not in (found := list(touching[choice])):
            near = did_you_mean(reading, found)
            yield Fault(
                reading, f"{reading!r} is no reading of {choice!r}, which has {', '.join(found)}; {near}"
            )


def _bound(amount: Amount) -> str:
    """Return the message for what bounds an amount; empty for an exact one."""
    if not amount.lower < amount.upper:
        return ""
    if amount.lower == amount.value:
        return "at_least"
    return "nearly" if amount.lower == 0 and amount.upper == amount.value else "about"


def findings_by_name(pieces: Pieces) -> dict[str, Finding]:
    """Return the findings of a place by their names: the first of a kind and topic, then ``….2``, ``….3``.

    One on a figure alone is named by the figure.
    """
    found: dict[str, Finding] = {}
    counted: dict[str, int] = {}
    for finding in findings_of(pieces.place):
        topic = finding.figure_ids[0] if finding.topic == "figure" else finding.topic
        name = f"{finding.kind}.{topic}"
        counted[name] = counted.get(name, 0) + 1
        found[name if counted[name] == 1 else f"{name}.{counted[name]}"] = finding
    return found


def questions_by_name(writer: MemoWriter, programme: str) -> dict[str, Question]:
    """Return the questions to a place by the choice or coding that they are about, or as ``years``."""
    return {
        getattr(each.about, "choice_id", getattr(each.about, "coding_id", "years")): each
        for each in writer.to_ask([programme])
    }
