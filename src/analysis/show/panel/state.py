"""What the panel can be asked, and what it is asked at the moment: measures, questions, settings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from analysis.estimates.comparable import compare, comparisons
from analysis.estimates.comparison import Comparison
from analysis.estimates.measures import Estimate, Readings, from_frame
from analysis.estimates.prices import PRINTED, PriceYear, checked_price_year
from analysis.estimates.spans import apply_definitions
from analysis.estimates.themes import THEMES
from analysis.evidence.dataset import Dataset
from analysis.evidence.errors import list_names
from analysis.evidence.register import HOLDS_FOR, MEASURES
from analysis.evidence.schema import DIMENSIONS
from analysis.words.languages import LANGUAGES, Language
from analysis.words.reasons import Reasons

FixedCell = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Question:
    """One measure of one thing: the dimensions that are fixed, and those that may differ (``across``).

    ``reporting`` is how many programmes have a value, whatever is chosen in the panel.
    """

    measure: str
    cell: FixedCell
    across: tuple[str, ...]
    reporting: int

    @property
    def key(self) -> dict[str, str]:
        """The dimensions that are fixed, by name; none is empty."""
        return dict(self.cell)

    @property
    def asks(self) -> tuple[FixedCell, tuple[str, ...]]:
        """What it is about, whatever the number of programmes."""
        return (self.cell, self.across)

    def answer(self, data: Dataset, definitions: Mapping[str, str] | None = None) -> Comparison:
        """Return the comparison that answers the question, in the prices that the data has already."""
        return compare(
            data, self.measure, across=self.across, price_year=PRINTED, definitions=definitions, **self.key
        )

    def holds(self, row: Estimate) -> bool:
        """Return whether an estimate is about this question."""
        fixed = (name for name in DIMENSIONS if name not in self.across)
        places = (row.place, *HOLDS_FOR.get(row.place, ()))
        return row.measure == self.measure and all(
            self.key.get(n, "") in (places if n == "place" else (getattr(row, n),)) for n in fixed
        )


@dataclass(frozen=True)
class PanelState:
    """The settings of the panel.

    No ``programmes`` are all of them, no ``price_year`` is prices of the latest year with a value, and
    ``"printed"`` prices as printed. ``readings`` are the choices that are settled; every other uncertain
    choice is open, every other definition is the default.
    """

    theme: str
    question: Question
    language: str = "en"
    programmes: tuple[str, ...] = ()
    price_year: PriceYear = None
    readings: Mapping[str, str] = field(default_factory=dict)

    @property
    def measure(self) -> str:
        """The measure that is asked for."""
        return self.question.measure

    def settle(self, choice: str, reading: str) -> PanelState:
        """Return the settings with one choice settled, or open again without a ``reading``."""
        others = {name: chosen for name, chosen in self.readings.items() if name != choice}
        return replace(self, readings={**others, choice: reading} if reading else others)


@dataclass(frozen=True)
class Desk:
    """What a dataset can be asked: the measures of a theme that have a value, and the questions of each."""

    data: Dataset

    @cached_property
    def questions(self) -> dict[str, tuple[Question, ...]]:
        """The questions of each measure with a value: what several programmes report, then what one does.

        Values without a unit in common stand in no comparison, and are questions of their own.
        """
        found: dict[str, list[Question]] = {code: [] for code in MEASURES}
        for comparison in self._compared:
            question, asked = _shared_question(comparison), found[comparison.measure]
            # One question under each definition: the panel lets the reader choose among these.
            if question.asks not in [other.asks for other in asked]:
                asked.append(question)
        owners: dict[Question, set[str]] = {}
        for estimate in apply_definitions(self.data, from_frame(self.data.tables["estimates"])):
            if not estimate.feasible or not estimate.has_value:
                continue
            if not any(question.holds(estimate) for question in found[estimate.measure]):
                owners.setdefault(_own_question(estimate), set()).add(estimate.programme_id)
        for question, programmes in owners.items():
            found[question.measure].append(replace(question, reporting=len(programmes)))
        return {code: tuple(questions) for code, questions in found.items() if questions}

    @cached_property
    def _compared(self) -> list[Comparison]:
        return [c for theme in THEMES for c in comparisons(self.data, theme) if c.unit]

    def measures(self, theme: str) -> tuple[str, ...]:
        """Return the measures of a theme for which some programme has a value."""
        return tuple(code for code in self.questions if MEASURES[code].theme == theme)

    def first(self, theme: str) -> Question:
        """Return the question a theme opens with: of a rate that several report, so that places compare."""
        asked = [self.questions[code][0] for code in self.measures(theme)]
        return max(asked, key=self._comparable)

    def _comparable(self, question: Question) -> tuple[bool, bool]:
        """Return whether several programmes report it, and whether what they report can be ranked."""
        several = question.reporting > 1
        return several, several and question.answer(self.data).is_rate

    @property
    def themes(self) -> tuple[str, ...]:
        """The themes that have a measure with a value."""
        return tuple(theme for theme in THEMES if self.measures(theme))

    def start(
        self,
        language: str = "en",
        *,
        theme: str = "",
        measure: str = "",
        programmes: str | Iterable[str] = (),
        price_year: PriceYear = None,
        readings: Mapping[str, str] | None = None,
        **dimensions: str,
    ) -> PanelState:
        """Return the settings that a panel opens with; raises ``ValueError`` naming what is allowed."""
        chosen = (programmes,) if isinstance(programmes, str) else tuple(programmes)
        answers = dict(readings or {})
        language = Language.code_of(language)
        _must_be("language", [language], LANGUAGES)
        _must_be("theme", [theme] if theme else [], self.themes)
        known = list(self.questions)
        _must_be("measure", [measure] if measure else [], known)
        _must_be("programme", chosen, self.data.programme_ids)
        price_year = checked_price_year(self.data, price_year)
        _check_readings(self.data, answers)
        if measure and theme and MEASURES[measure].theme != theme:
            raise ValueError(
                f"measure {measure!r} belongs to the theme {MEASURES[measure].theme!r}, not to {theme!r}; "
                "name one of the two"
            )
        question = self._asked(measure, dimensions) if measure else self._first(theme)
        if dimensions and not measure:
            raise ValueError(
                f"{arguments(dimensions)} narrows a measure, and none is named; add measure={known[0]!r}"
            )
        theme = MEASURES[question.measure].theme
        return PanelState(theme, question, language, chosen, price_year, answers)

    def _first(self, theme: str) -> Question:
        """Return the question of a theme, or of the first theme in which places can be compared."""
        return self.first(theme) if theme else max(map(self.first, self.themes), key=self._comparable)

    def _asked(self, measure: str, dimensions: Mapping[str, str]) -> Question:
        wanted = dimensions.items()
        for question in self.questions[measure]:
            if wanted <= question.key.items():
                return question
        listed = "".join(f"\n  {arguments(q.key)}" for q in self.questions[measure])
        raise ValueError(f"{measure} is not asked of {arguments(dimensions)}; it is asked of{listed}")


def arguments(dimensions: Mapping[str, str]) -> str:
    """Return dimensions as arguments of a call: ``object='village_venue', funder='total'``."""
    return ", ".join(f"{name}={code!r}" for name, code in dimensions.items()) or "(no dimension)"


def _shared_question(comparison: Comparison) -> Question:
    return Question(comparison.measure, _cell(comparison.key), comparison.across, len(comparison.programmes))


def _own_question(estimate: Estimate) -> Question:
    return Question(estimate.measure, _cell({name: getattr(estimate, name) for name in DIMENSIONS}), (), 1)


def _cell(key: Mapping[str, str]) -> FixedCell:
    return tuple((name, code) for name, code in key.items() if code)


def _must_be(kind: str, asked: Iterable[object], known: Collection[object], listed: str = "") -> None:
    for name in asked:
        if name not in known:
            raise ValueError(f"no {kind} {name!r} to show; there are {listed or list_names(known)}")


def _check_readings(data: Dataset, readings: Mapping[str, str]) -> None:
    register = Readings.of(data)
    _must_be("choice", readings, register.by_choice)
    for choice, reading in readings.items():
        _must_be(f"reading of {choice}", [reading], register.by_choice[choice])
        if ruled_out := register.ruled_out({choice: reading}):
            why, _ = Reasons(data).words(ruled_out)
            raise ValueError(f"{choice}={reading} is ruled out by arithmetic: {why}")
