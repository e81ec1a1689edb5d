"""What a page needs to follow the answers of a reader, as a notebook displays it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.evidence.rows import Reading, rows_of
from analysis.show.comparison.report import ComparisonReport
from analysis.show.county.report import CountyReport
from analysis.show.packing import ANSWERS, packed
from analysis.show.whatif.comparison import PRICES, ComparisonPieces
from analysis.show.whatif.county import CountyPieces
from analysis.show.whatif.variants import Options, Variants, hanging, offered, variants_of
from analysis.words.labels import Labels
from analysis.words.language import Text

PLACE = '<div id="answers" hidden></div>'
_WORDS = ("title", "lead", "reset")


@dataclass(frozen=True, repr=False)
class Prepared:
    """The questions of a page with their answers, and the variants of each piece that some answer changes."""

    words: Mapping[str, str | list[str]]
    questions: tuple[Mapping[str, Any], ...]
    pieces: Mapping[str, Variants]

    def __repr__(self) -> str:
        return f"<Prepared: {len(self.questions)} questions, {len(self.pieces)} pieces>"

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        if not self.pieces:
            return {"text/html": ""}
        return {"text/html": PLACE, ANSWERS: packed(self.content())}

    def content(self) -> dict[str, Any]:
        """Return what a page is given, each variant once."""
        return {
            "words": dict(self.words),
            "questions": [dict(each) for each in self.questions],
            "pieces": {name: _compact(each) for name, each in self.pieces.items()},
        }


def what_if(report: CountyReport | ComparisonReport) -> Prepared:
    """Return what a report says under every combination of answers to the open questions of its text.

    A notebook displays it where the page is to ask the questions. Where places are so many that they are not
    named one by one nothing is asked, and of very many questions the first are.

    >>> analysis.what_if(analysis.CountyReport(data, "weinan")).questions[0]["id"]
    'weinan.venue-overlap'
    """
    if isinstance(report, CountyReport):
        pieces: CountyPieces | ComparisonPieces = CountyPieces(report)
    else:
        pieces = ComparisonPieces(report)
    options: Options = pieces.askable
    together = pieces.together
    hung_on = [(part, hanging(part, options, together)) for part in pieces.parts()]
    options = offered(options, [choices for _, choices in hung_on])
    found: dict[str, Variants] = {}
    for part, choices in hung_on:
        found |= variants_of(part, choices, options)
    used = {choice for each in found.values() for choice in each.choices}
    asked = [choice for choice in options if choice in used]
    questions = tuple(
        _prices(report, options[each]) if each == PRICES else _question(report, each) for each in asked
    )
    return Prepared(_words(report.text, len(questions)), questions, found)


def _words(text: Text, number: int) -> dict[str, str | list[str]]:
    """Return the words of the controls; those on each number of answers are made here, not in the page."""
    chosen = [text("whatif.chosen", number=text.number(each)) for each in range(1, number + 1)]
    return {**{name: text(f"whatif.{name}") for name in _WORDS}, "chosen": chosen}


def _prices(report: CountyReport | ComparisonReport, others: Iterable[str]) -> dict[str, Any]:
    """Return the switch of prices."""
    readings = [
        {"id": each, "label": report.text(f"whatif.prices_{each}"), "why": "", "feasible": True}
        for each in others
    ]
    return {
        "id": PRICES, "question": report.text("whatif.prices"), "open": report.text("whatif.prices_constant"),
        "readings": readings,
    }  # fmt: skip


def _question(report: CountyReport | ComparisonReport, choice: str) -> dict[str, Any]:
    """Return a question as a control shows it: its readings, and why those that are ruled out are."""
    labels = report.labels
    rows = rows_of(Reading, labels.data.readings.sort_values("rank"), choice_id=choice)
    readings = [
        {
            "id": row.reading,
            "label": _label(labels, row),
            "why": "" if row.feasible else labels.of(row, "reason"),
            "feasible": bool(row.feasible),
        }
        for row in rows
    ]
    question = labels.question(choice)
    if isinstance(report, ComparisonReport):
        owner = labels.programme(choice.partition(".")[0])
        question = report.text("number.labelled", label=owner, value=question)
    return {"id": choice, "question": question, "open": report.text("whatif.open"), "readings": readings}


def _label(labels: Labels, row: Reading) -> str:
    """Return a reading by its name, and that it is the default where it is."""
    name = labels.of(row, "label")
    return labels.text("explore.default", label=name) if row.is_default else name


def _compact(variants: Variants) -> dict[str, Any]:
    """Return the variants of a piece as texts and, for each combination, the number of one; -1 for none."""
    texts = list(dict.fromkeys(each for each in variants.found if each is not None))
    place = {text: number for number, text in enumerate(texts)}
    at = [-1 if each is None else place[each] for each in variants.found]
    return {"by": list(variants.choices), "at": at, "html": texts}
