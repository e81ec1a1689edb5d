"""Two people have coded one document, neither knowing the other's draft: where they agree, and where not.

How far they agree beyond chance is Krippendorff's α by column. A difference is settled by taking one side, or
it is a finding of its own: a choice with two readings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import krippendorff

from analysis.curation.sheets import NAMING, Row, Sheets, span_of
from analysis.evidence.schema import DIMENSIONS
from analysis.words.labels import heading
from analysis.words.language import Text

KIND, CODED = "reason", "measure"
_CELLS = "value value_to unit qualifier period basis status year year_basis theme"
COMPARED = (*_CELLS.split(), CODED)
READINGS = {"first": "mine", "second": "theirs"}


@dataclass(frozen=True)
class Difference:
    """A cell that two people have filled differently; ``row`` is the numeral of the first."""

    row: int
    paragraph: str
    printed: str
    column: str
    mine: str
    theirs: str

    def __str__(self) -> str:
        return f"¶{self.paragraph} {self.printed}: {self.column}: {self.mine or '–'} | {self.theirs or '–'}"


@dataclass(frozen=True)
class Agreement:
    """Two drafts compared: the pairs of cells by column, the differences, the numerals that one alone has."""

    pairs: dict[str, list[tuple[str, str]]]
    differences: tuple[Difference, ...]
    alone: tuple[Row, ...]

    def alpha(self, column: str) -> float | None:
        """Return Krippendorff's α of a column; none where all cells are the same, so that it has no value."""
        pairs = self.pairs[column]
        codes = {cell: code for code, cell in enumerate(sorted({cell for pair in pairs for cell in pair}))}
        if len(codes) < 2:
            return None
        coders = [[codes[pair[side]] for pair in pairs] for side in (0, 1)]
        return float(krippendorff.alpha(coders, level_of_measurement="nominal"))

    def __str__(self) -> str:
        lines = [f"{'column':<12}{'both':>6}{'agree':>7}{'alpha':>7}"]
        for column, pairs in self.pairs.items():
            alpha = self.alpha(column)
            shown = "–" if alpha is None else f"{alpha:.2f}"
            lines.append(f"{column:<12}{len(pairs):>6}{sum(a == b for a, b in pairs):>7}{shown:>7}")
        number = len(self.differences)
        lines.append(f"{number} difference" + ("s" if number != 1 else ""))
        lines += [f"  {each}" for each in self.differences]
        lines += [f"  ¶{row['paragraph']} {row['printed']}: only one of them has it so" for row in self.alone]
        return "\n".join(lines)


def compare(mine: Sheets, theirs: Sheets) -> Agreement:
    """Return where two drafts of one document agree: in what each numeral is, and in the cells of figures."""
    pairs: dict[str, list[tuple[str, str]]] = {name: [] for name in (KIND, *COMPARED)}
    differences = []
    other = {span_of(row): row for row in theirs.numerals}
    coded = _codings(mine), _codings(theirs)
    for place, row in enumerate(mine.numerals):
        if (against := other.get(span_of(row))) is None:
            continue
        columns = (KIND,) if row[KIND] or against[KIND] else (KIND, *COMPARED)
        cells = {**row, CODED: coded[0][span_of(row)]}, {**against, CODED: coded[1][span_of(row)]}
        for column in columns:
            pair = cells[0][column], cells[1][column]
            pairs[column].append(pair)
            if pair[0] != pair[1]:
                differences.append(Difference(place, row["paragraph"], row["printed"], column, *pair))
    own = {span_of(row) for row in mine.numerals}
    alone = [row for row in mine.numerals if span_of(row) not in other]
    alone += [row for row in theirs.numerals if span_of(row) not in own]
    return Agreement(pairs, tuple(differences), tuple(sorted(alone, key=lambda row: int(row["start"]))))


def _codings(sheets: Sheets) -> defaultdict[tuple[str, str], str]:
    """Return by numeral what it is coded as evidence for: the ids that two people give are their own."""
    names = {row["figure_id"]: span_of(row) for row in sheets.numerals}
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for row in sheets.rows.get("codings", ()):
        what = " ".join(filter(None, (row[name] for name in ("measure", *DIMENSIONS))))
        for name in {each for column in NAMING["codings"] for each in row[column].split()} & names.keys():
            found[names[name]].append(what)
    return defaultdict(str, {span: ", ".join(sorted(set(what))) for span, what in found.items()})


def take(mine: Sheets, theirs: Sheets, row: int) -> Sheets:
    """Return the first draft with a numeral as the second has it; id, subjects stay where there are any."""
    old = mine.numerals[row]
    new = next((each for each in theirs.numerals if span_of(each) == span_of(old)), old)
    own = {name: old[name] for name in ("figure_id", "subject", "subject_zh") if old[name]}
    return mine.set("numerals", row, {**new, **own}).decide(row)


def both(mine: Sheets, theirs: Sheets, row: int, programme_id: str) -> Sheets:
    """Return the first draft with a choice between two readings of a numeral, its codings under them.

    Where only the codings differ, each reading has those of one person; else each coding holds under both.
    """
    found = [each for each in compare(mine, theirs).differences if each.row == row]
    cells = [each for each in found if each.column != CODED]
    figure, asked = mine.numerals[row], mine.ask(row, programme_id)
    answers = len(asked.rows["readings"]) - len(READINGS)
    for code, ending in (("en", ""), ("zh-Hans", "_zh")):
        text = Text.of(code)
        values = {"printed": figure["printed"], "paragraph": figure["paragraph"]}
        question = {f"{key}{ending}": text(f"desk.both_{key}", **values) for key in ("question", "matter")}
        asked = asked.set("choices", len(asked.rows["choices"]) - 1, question)
        for place, side in enumerate(READINGS.values(), start=answers):
            said = text.listing(_said(text, each.column, getattr(each, side)) for each in cells or found)
            asked = asked.set("readings", place, {f"label{ending}": said})
    choice = asked.rows["choices"][-1]["choice_id"]
    status = {each.column: (each.mine, each.theirs) for each in found}.get("status", ("", ""))
    own = [each for each in asked.rows["codings"] if _names(each, figure["figure_id"])]
    rest = [each for each in asked.rows["codings"] if each not in own]
    sides = (own, own) if cells else (own, list(_translated(mine, theirs, figure)))
    under = [
        {
            **each,
            "coding_id": f"{each['coding_id']}.{reading}",
            "when": "; ".join(filter(None, (each["when"], f"{choice}={reading}"))),
            "status": stated or each["status"],
        }
        for reading, stated, codings in zip(READINGS, status, sides, strict=True)
        for each in codings
    ]
    return asked.having(codings=[*rest, *under]).decide(row)


def _names(coding: Row, figure_id: str) -> bool:
    return any(figure_id in coding[column].split() for column in NAMING["codings"])


def _translated(mine: Sheets, theirs: Sheets, figure: Row) -> Iterator[Row]:
    """Yield the codings that the second person has of a figure, with the ids of the first."""
    ids = {span_of(row): row["figure_id"] for row in mine.numerals}
    names = {row["figure_id"]: ids.get(span_of(row), row["figure_id"]) for row in theirs.numerals}
    for coding in theirs.rows["codings"]:
        words = {column: coding[column].split() for column in NAMING["codings"]}
        row = {
            **coding,
            **{column: " ".join(names.get(each, each) for each in words[column]) for column in words},
        }
        if _names(row, figure["figure_id"]):
            yield row


def _said(text: Text, column: str, cell: str) -> str:
    value = text.messages.get(f"codes.{column}.{cell}", cell) or "–"
    return text("number.labelled", label=heading(text, column), value=value)
