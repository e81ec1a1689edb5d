"""Who writes one synthetic programme: its chances, its documents, and its rows of every table."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from analysis.evidence import arithmetic
from analysis.evidence.schema import DIMENSIONS
from invented.document import Dating, Document, Row

ROUND = 12  # so many programmes at the beginning take every option in turn
MARK = ("Invented for a synthetic programme.", "合成项目虚构。")
Both = tuple[str, str]
NOTHING = ("", "")


@dataclass
class Author:
    """Writes the documents of one place and what they are evidence for.

    ``place`` is a row of ``synthetic.synthetic``; ``rows`` are those of codings, choices, readings and
    identities. Every draw comes from a stream of the place alone, so that no other place changes it.
    """

    place: Mapping[str, Any]
    random: np.random.Generator
    documents: list[Document] = field(default_factory=list)
    rows: dict[str, list[Row]] = field(default_factory=dict)

    @staticmethod
    def of(place: Mapping[str, Any], seed: int) -> Author:
        """Return the author of a place; its first document says that it is synthetic."""
        number = place["programme_id"].removeprefix("synthetic-")
        author = Author(place, np.random.default_rng([seed, zlib.crc32(b"country"), int(number)]))
        author.open(place["programme_id"])
        return author

    @property
    def programme(self) -> str:
        """The id of the programme."""
        return str(self.place["programme_id"])

    @property
    def number(self) -> int:
        """The number of the programme, from 1."""
        return int(self.programme.removeprefix("synthetic-"))

    @property
    def document(self) -> Document:
        """The document that is being written."""
        return self.documents[-1]

    def open(self, source_id: str) -> None:
        """Begin a document, which says in its first line that it is synthetic."""
        self.documents.append(Document(source_id))
        self.document.begin("合成文稿，仅供检验程序，编号")
        self.document.exclude(f"{self.number:04d}", "boilerplate")
        self.document.say("。")

    def pick(self, question: str, options: Mapping[str, float]) -> str:
        """Return one option by its chance; the first programmes take all options in turn."""
        chosen = str(self.random.choice(list(options), p=list(options.values())))
        if self.number > ROUND:
            return chosen
        turns = np.random.default_rng(zlib.crc32(question.encode())).permutation(ROUND)
        return list(options)[turns[self.number - 1] % len(options)]

    def chance(self, question: str, probability: float, *, rare: bool = False) -> bool:
        """Return whether something is so, with that probability.

        What is ``rare``, because it is asked of few programmes, is so whenever one of the first is asked.
        """
        found = self.pick(question, {"yes": probability, "no": 1 - probability}) == "yes"
        return found or (rare and self.number <= ROUND)

    def between(self, low: int, high: int) -> int:
        """Return a whole number from ``low`` to ``high``."""
        return int(self.random.integers(low, high + 1))

    def paragraph(self, topic: str, opening: str) -> Dating:
        """Begin a paragraph and return the year of what it tells: stated, inferred, a range or none."""
        year = int(self.place["year"])
        kind = self.pick(
            f"{topic}.dating", {"stated": 0.40, "inferred": 0.35, "range": 0.12, "unknown": 0.13}
        )
        self.document.begin(opening)
        if kind == "unknown":
            return Dating()
        if kind == "inferred":
            return Dating(str(year), "inferred")
        if kind == "range":
            self.document.say("近年来，")
            return Dating(f"{year - 3}/{year}", "inferred")
        self.document.exclude(f"{year}年", "date")
        self.document.say("，")
        return Dating(str(year), "stated")

    def add(self, table: str, row: Row) -> None:
        """Add a row to a table."""
        self.rows.setdefault(table, []).append(row)

    def code(
        self, name: str, measure: str, numerator: str = "", denominator: str = "", *,
        dimensions: Mapping[str, str] | None = None, note: Both = NOTHING, **cells: str,
    ) -> None:  # fmt: skip
        """Add a coding; ``cells`` are the other columns, such as ``when``, ``bound`` and ``absence``."""
        row = {"coding_id": f"{self.programme}.{name}", "programme_id": self.programme, "measure": measure}
        row |= {key: value for key, value in (dimensions or {}).items() if key in DIMENSIONS}
        row |= {"numerator": numerator, "denominator": denominator, "note": note[0], "note_zh": note[1]}
        self.add("codings", row | cells)

    def choose(
        self, name: str, question: Both, answers: Mapping[str, Both], *,
        requires: Mapping[str, tuple[str, Both]] | None = None, default: str = "",
    ) -> str:  # fmt: skip
        """Add an uncertain choice with its readings, the first the default unless named; return its id.

        ``requires`` holds the arithmetic that a reading needs, and the reason to give for it.
        """
        choice = f"{self.programme}.{name}"
        ends = {"note": MARK[0], "note_zh": MARK[1]}
        texts = {"question": question[0], "question_zh": question[1]} | ends
        owner = {"choice_id": choice, "programme_id": self.programme, "kind": "uncertain"}
        self.add("choices", owner | texts)
        for rank, (reading, label) in enumerate(answers.items(), start=1):
            required, reason = (requires or {}).get(reading, ("", MARK))
            row = {"choice_id": choice, "reading": reading, "rank": str(rank), "requires": required}
            row["is_default"] = "true" if reading == (default or next(iter(answers))) else "false"
            row |= {"label": label[0], "label_zh": label[1], "reason": reason[0], "reason_zh": reason[1]}
            self.add("readings", row)
        return choice

    def state(self, name: str, left: str, right: str, expected: str, note: Both) -> None:
        """Add an identity that the current document implies."""
        row = {"identity_id": f"{self.document.source_id}.{name}", "source_id": self.document.source_id}
        row |= {"left": left, "relation": "=", "right": right, "expected": expected}
        self.add("identities", row | {"note": note[0], "note_zh": note[1]})

    def finish(self) -> None:
        """Add the choice of the price year where money of several years is coded."""
        figures = {row["figure_id"]: row for document in self.documents for row in document.figures}
        spread = (
            _spans_years([figures[name] for name in arithmetic.figure_ids(row["numerator"])])
            for row in self.rows.get("codings", ())
            if row["numerator"]
        )
        if any(spread):
            question = ("In prices of which year is the money?", "金额按哪一年价格？")
            answers = {
                "first-year": ("prices of the first year", "按首年价格"),
                "last-year": ("prices of the last year", "按末年价格"),
            }
            self.choose("price-year", question, answers, default="last-year")


def _spans_years(figures: Iterable[Row]) -> bool:
    """Return whether the money among figures, all of them dated, is of more than one year."""
    rows = list(figures)
    years = {end for row in rows for end in row["year"].split("/")}
    money = any(row["unit"].startswith("CNY") for row in rows)
    return money and all(row["year"] for row in rows) and len(years) > 1
