"""What the page of the desk draws: the document in pieces, the rows with their states, what is left to do."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from analysis.curation.agreement import Difference, compare
from analysis.curation.desk import SHEETS, Desk
from analysis.curation.draft import UNSURE
from analysis.curation.sheets import Row
from analysis.estimates.measures import Estimate
from analysis.evidence.checks import Problem
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import MEASURES, parse_when
from analysis.evidence.schema import EXCLUSION_REASONS, TABLES, Field
from analysis.evidence.units import UNITS
from analysis.show.pieces import in_script, paragraphs
from analysis.words.labels import Labels, heading
from analysis.words.language import Text
from analysis.words.languages import LANGUAGES

# What the document says of a numeral is for the document to say.
PLACES = ("source_id", "paragraph", "start", "end", "printed", UNSURE)
ENTERED = ("figure_id", "subject_zh", "subject")
_GUESS = re.compile(r"(?P<column>\w+): (?P<why>\w+)(?: “(?P<words>.*)”)?")


@dataclass(frozen=True)
class View:
    """A desk as the page shows it in one language."""

    desk: Desk
    text: Text

    @cached_property
    def _differences(self) -> tuple[Difference, ...]:
        other = self.desk.other
        return compare(self.desk.sheets, other).differences if other else ()

    def state(self) -> dict[str, Any]:
        """Return all that the page draws."""
        data, faults, rows = self.desk.data(), self.desk.faults(), self.desk.sheets.rows
        left = self.desk.left(faults, data)
        placed = self._placed(faults)
        spans = [(int(row["start"]), int(row["end"])) for row in self.desk.sheets.numerals]
        sheets = {
            name: [dict(row) for row in rows]
            for name, rows in self.desk.sheets.rows.items()
            if name != "decided"
        }
        return {
            "language": self.text.language,
            "languages": [[code, language.name] for code, language in LANGUAGES.items()],
            "words": {key[5:]: words for key, words in self.text.messages.items() if key.startswith("desk.")},
            "title": self._title(sheets),
            "reasons": [[code, self.text.code("reason", code)] for code in EXCLUSION_REASONS],
            "paragraphs": list(paragraphs(self.desk.sheets.document, spans, self.text)),
            "numerals": [
                self._numeral(row, placed["numerals"].get(row, [])) for row in range(len(rows["numerals"]))
            ],
            "sheets": sheets,
            "fields": {name: [self._field(field) for field in self._fields(name)] for name in sheets},
            "names": {name: self.text(f"desk.sheet_{name}") for name in sheets},
            "faults": {name: dict(rows) for name, rows in placed.items() if name != "numerals"},
            "estimates": [self._estimate(each, data) for each in self.desk.estimates(data)] if data else [],
            "left": self._left(left.undecided, left.faults, [each.theme for each in left.uncoded], data),
            "done": left.done,
            "accepts": self.desk.folder.name == self.desk.source_id,
            "undo": self.desk.can_undo,
            "redo": self.desk.can_redo,
        }  # fmt: skip

    def _row(self, row: Row) -> dict[str, str]:
        """Return a row with what is unsure of it in words."""
        unsure = self._unsure(row.get(UNSURE, "")).items()
        said = (
            self.text("number.labelled", label=heading(self.text, name), value=why) for name, why in unsure
        )
        return {**row, UNSURE: self.text("number.item_separator").join(said)}

    def _title(self, sheets: Mapping[str, list[dict[str, str]]]) -> str:
        found = [row["title"] for row in sheets.get("sources", ()) if row["title"]]
        return self.text.convert(found[0]) if found else self.desk.folder.name

    def _left(self, undecided: int, faults: int, themes: Iterable[str], data: Dataset | None) -> str:
        """Return how much is left, in a sentence."""
        if not undecided and not faults:
            said = self.text("desk.left_nothing")
        else:
            said = self.text("desk.left", undecided=undecided, faults=faults)
        names = [self._label(data).term("theme", theme) for theme in themes] if data else []
        silent = self.text("desk.uncoded", themes=self.text.listing(names)) if names else ""
        return self.text.rules.space.join(filter(None, (said, silent)))

    def _label(self, data: Dataset) -> Labels:
        return Labels(data, self.text)

    # The document

    def _numeral(self, row: int, faults: list[dict[str, str]]) -> dict[str, Any]:
        sheets = self.desk.sheets
        cells = sheets.numerals[row]
        decided = sheets.is_decided(row)
        reason = cells["reason"]
        kind = "exclusion" if reason else "figure"
        state = ("fault" if faults else kind) if decided else "undecided"
        return {
            "state": state,
            "label": self.text(f"desk.state_{state}"),
            "kind": self._first(f"codes.reason.{reason}") or reason or self.text("desk.state_figure"),
            "paragraph": int(cells["paragraph"]),
            "faults": faults,
            "missing": sheets.missing(row),
            "alike": sheets.alike(row),
            "unsure": self._unsure(cells.get(UNSURE, "")),
            "other": [self._difference(each) for each in self._differences if each.row == row],
        }  # fmt: skip

    def _difference(self, each: Difference) -> dict[str, str]:
        sides = {"mine": each.mine, "theirs": each.theirs}
        known = self.text.messages
        shown = {side: known.get(f"codes.{each.column}.{cell}", cell) or "–" for side, cell in sides.items()}
        return {"label": heading(self.text, each.column), **shown}

    def _unsure(self, cell: str) -> dict[str, str]:
        """Return for each column that is guessed and unsure why, in words."""
        found = {}
        for piece in filter(None, cell.split("; ")):
            match = _GUESS.fullmatch(piece)
            column, why, words = match.group("column", "why", "words") if match else (piece, "", "")
            said = f"guess.why.{why}"
            known = said in self.text.messages
            found[column] = self.text(said, words=in_script(words or "…", self.text)) if known else piece
        return found

    # Faults, estimates

    def _placed(self, faults: Iterable[Problem]) -> Mapping[str, dict[int, list[dict[str, str]]]]:
        """Return the faults by sheet and row; row -1 has those of no row."""
        found: dict[str, dict[int, list[dict[str, str]]]] = defaultdict(dict)
        places = {name: self.desk.places(name) for name in self.desk.sheets.rows}
        for each in faults:
            name = Path(each.file).stem
            name = name if name in SHEETS else "numerals"
            row = places.get(name, {}).get(each.line or 0, -1)
            short = self._first(f"desk.fault.{each.code}") or each.code
            detail = f"{each.value} — {each.expected}; {each.remedy}"
            said = {"field": each.field or "", "code": each.code, "text": short, "detail": detail}
            found[name].setdefault(row, []).append(said)
        return defaultdict(dict, found)

    def _estimate(self, estimate: Estimate, data: Dataset) -> dict[str, str]:
        labels = self._label(data)
        value = (
            self.text.interval(estimate.value, estimate.lower, estimate.upper, estimate.unit)
            if estimate.has_value
            else self.text.code("absence", estimate.absence)
        )
        return {
            "coding": estimate.coding_id,
            "what": labels.thing(estimate.measure, estimate),
            "reading": self._readings(labels, estimate.reading),
            "value": value,
            "year": labels.year(estimate.year, estimate.year_basis),
        }

    @staticmethod
    def _readings(labels: Labels, when: str) -> str:
        known = {choice: reading for choice, reading in parse_when(when).items() if "." in choice}
        return labels.readings("; ".join(f"{choice}={reading}" for choice, reading in known.items()))

    # Columns

    def _fields(self, sheet: str) -> Iterable[Field]:
        if sheet != "numerals":
            return TABLES[sheet].fields
        fields = {field.name: field for field in TABLES["figures"].fields if field.name not in PLACES}
        return [fields[name] for name in dict.fromkeys((*ENTERED, *fields))]

    def _field(self, field: Field) -> dict[str, Any]:
        return {
            "name": field.name,
            "label": heading(self.text, field.name),
            "required": field.required,
            "options": self._options.get(field.name, lambda: self._codes(field))(),
            "known": self._known.get(field.name, list)(),
        }

    @cached_property
    def _options(self) -> Mapping[str, Callable[[], list[list[str]]]]:
        """The columns whose values are chosen, not written, beside those with codes."""
        coded = [[code, self.text(f"measures.{code}")] for code, each in MEASURES.items() if not each.derived]
        answers = [["true", self.text("desk.is_true")], ["false", self.text("desk.is_false")]]
        return {"measure": lambda: coded, "is_default": lambda: answers}

    @cached_property
    def _known(self) -> Mapping[str, Callable[[], list[str]]]:
        """What is offered where something else may be written as well."""
        rows = self.desk.sheets.rows
        figures = [row["figure_id"] for row in rows["numerals"] if not row["reason"]]
        answers = [f"{row['choice_id']}={row['reading']}" for row in rows.get("readings", ())]
        return {
            "unit": lambda: list(UNITS),
            "when": lambda: answers,
            **{name: lambda: figures for name in ("numerator", "denominator", "left", "right")},
        }

    def _codes(self, field: Field) -> list[list[str]]:
        if field.codes:
            return [[code, self.text.code(field.name, code)] for code in field.codes]
        return [[code, self.text.pick(*names)] for code, *names in self.desk.terms(field.term or "")]

    def _first(self, *keys: str) -> str:
        return next((self.text(key) for key in keys if key in self.text.messages), "")
