"""What a theme is declared with: its measures, how those that are derived come about, its charts.

These are values and hold no code: ``estimates.derivations`` computes them, ``show.chartbook`` draws them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

RURAL_INCOME = "rural_disposable_income_pc"


@dataclass(frozen=True)
class Combined:
    """Two measures of one programme added, subtracted or divided, in the order of the two names.

    They go together where they have the same code in each dimension of ``matching``.
    """

    how: Literal["+", "-", "/"]
    of: str
    other: str
    matching: tuple[str, ...] = ()


@dataclass(frozen=True)
class RelativeToCode:
    """A measure divided by itself at one code of a dimension, all other dimensions alike.

    ``emptied`` leaves the dimension out of the result, as a rise is neither before nor after. With
    ``lacking``, the code of a reason, a value without anything to divide it by is an absence.
    """

    of: str
    dimension: str
    base: str
    emptied: bool = False
    lacking: str = ""


@dataclass(frozen=True)
class RelativeToSeries:
    """A measure divided by a reference series in the same year.

    The series is that of the whole country; with ``national``, the measure that is the same ratio to it and
    is shown beside, that of the nearest region that has the year.
    """

    of: str
    series: str
    national: str = ""


Derivation = Combined | RelativeToCode | RelativeToSeries


@dataclass(frozen=True)
class Measure:
    """A named formula with a unit; the formula in words is ``workbook.meaning.measure`` of the catalogues.

    ``unit_forms`` are the units it may have; a form ending in ``/`` stands for one more denominator. A
    measure with a ``derivation`` is computed from estimates of others and takes no coding. ``theme`` is
    filled in by the register.
    """

    code: str
    unit_forms: tuple[str, ...]
    derivation: Derivation | None = None
    theme: str = ""

    @property
    def derived(self) -> bool:
        """Whether it is computed from other measures."""
        return self.derivation is not None

    @property
    def needs(self) -> tuple[str, ...]:
        """The measures that it is computed from."""
        if isinstance(self.derivation, Combined):
            return (self.derivation.of, self.derivation.other)
        return (self.derivation.of,) if self.derivation else ()

    @property
    def beside(self) -> tuple[str, ...]:
        """The measure of the same ratio to the series of the whole country, for one that goes by region."""
        national = self.derivation.national if isinstance(self.derivation, RelativeToSeries) else ""
        return (national,) if national else ()

    @property
    def divisor(self) -> str:
        """The measure that it is divided by, which must be above zero."""
        if isinstance(self.derivation, Combined):
            return self.derivation.other if self.derivation.how == "/" else ""
        return self.derivation.of if isinstance(self.derivation, RelativeToCode) else ""

    def allows(self, unit: str) -> bool:
        """Return whether an estimate of this measure may have the unit."""
        return any(unit == form or (form.endswith("/") and unit.startswith(form)) for form in self.unit_forms)

    @property
    def shown_units(self) -> tuple[str, ...]:
        """The units as people read them: ``CNY/…`` takes any further atom."""
        return tuple(form + ("…" if form.endswith("/") else "") for form in self.unit_forms)


@dataclass(frozen=True)
class Question:
    """A chart on one programme: its name, the kind that draws it, and the measures that a kind asks for.

    The kinds are in ``show/chartbook/questions.py``; ``bars``, the first of them, draws any measures.
    """

    chart: str
    kind: str = "bars"
    measures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Theme:
    """One theme: everything that is declared of it but its name (``terms.csv``) and its wording.

    ``rank`` is its place among the themes with measures. The first of ``questions`` is the chart that
    reports and memos show. ``tells`` are themes of figures that its section tells of too. ``unsaid`` are
    dimensions that the object of its measures says already.
    """

    code: str
    rank: int
    measures: tuple[Measure, ...]
    questions: tuple[Question, ...]
    tells: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()

    @property
    def chart(self) -> str:
        """The name of the chart that reports and memos show."""
        return self.questions[0].chart

    def wording(self) -> Iterator[str]:
        """Yield the keys of the messages that each catalogue needs for the theme."""
        yield f"report.section_{self.code}"
        yield from (f"chart.subtitle_{question.chart}" for question in self.questions)
        for measure in self.measures:
            yield f"measures.{measure.code}"
            yield f"workbook.meaning.measure.{measure.code}"
            if isinstance(measure.derivation, RelativeToCode) and measure.derivation.lacking:
                yield f"reasons.{measure.derivation.lacking}"

    def faults(self) -> Iterator[str]:
        """Yield what is wrong with the declaration, each in a sentence."""
        own = [measure.code for measure in self.measures]
        named = {name for measure in self.measures for name in (*measure.needs, *measure.beside)}
        named |= {name for question in self.questions for name in question.measures}
        for name in sorted(named - set(own)):
            yield f"it names the measure {name!r}, and has only {', '.join(own)}; correct the name"
        if not self.questions:
            yield "it has no chart for reports and memos; give it questions"
        for question in self.questions:
            if question.kind == "bars" and not question.measures:
                yield f"its chart {question.chart!r} draws no measure; name some in measures"
