"""Who writes one synthetic programme: its chances, its documents, and its rows of every table."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from analysis.evidence import arithmetic
from analysis.evidence.register import OPEN_YEAR
from analysis.evidence.schema import DIMENSIONS
from invented.document import Dating, Document, Row

ROUND = 12  # so many programmes at the beginning take every option in turn
MARK = ("Invented for a synthetic programme.", "合成项目虚构。")
Both = tuple[str, str]
NOTHING = ("", "")


@dataclass
class Author:
    """Writes the documents of one place and what they are evidence for.

    ``place`` is a row of ``synthetic.synthetic``; ``published`` the day of its documents, or the year or
    the years that are inferred where they have no date; ``rows`` are those of codings, choices, readings
    and identities. Every draw comes from a stream of the place alone, so that no other place changes it.
    """

    place: Mapping[str, Any]
    random: np.random.Generator
    published: str = ""
    documents: list[Document] = field(default_factory=list)
    rows: dict[str, list[Row]] = field(default_factory=dict)

    @staticmethod
    def of(place: Mapping[str, Any], seed: int) -> Author:
        """Return the author of a place; its first document says that it is synthetic."""
        number = place["programme_id"].removeprefix("synthetic-")
        author = Author(place, np.random.default_rng([seed, zlib.crc32(b"country"), int(number)]))
        author.published = author._publication()
        author.open(place["programme_id"])
        return author

    def _publication(self) -> str:
        year = int(self.place["year"])
        kind = self.pick("published", {"day": 0.60, "year": 0.22, "years": 0.18})
        day = f"{year}-{self.between(1, 12):02d}-{self.between(1, 28):02d}"
        return {"day": day, "year": str(year), "years": f"{year - 2}/{year}"}[kind]

    @property
    def dated(self) -> bool:
        """Whether the documents say of which day they are."""
        return "-" in self.published

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
        """Begin a paragraph and return the year of what it tells: stated, inferred, a range or none.

        What is of the time of an undated document is of any year that the document may be of.
        """
        year = int(self.place["year"])
        kind = self.pick(
            f"{topic}.dating", {"stated": 0.40, "inferred": 0.35, "range": 0.12, "unknown": 0.13}
        )
        self.document.begin(opening)
        if kind == "unknown":
            return Dating()
        if kind == "inferred" or (kind == "stated" and not self.dated):
            return Dating(str(year) if self.dated else self.published, "inferred")
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
        self, name: str, question: Both, matter: Both, answers: Mapping[str, Both], *,
        requires: Mapping[str, tuple[str, Both]] | None = None, default: str = "",
    ) -> str:  # fmt: skip
        """Add an uncertain choice with its readings, the first the default unless named; return its id.

        ``requires`` holds the arithmetic that a reading needs, and the reason to give for it.
        """
        choice = f"{self.programme}.{name}"
        ends = {"note": MARK[0], "note_zh": MARK[1]}
        texts = {"question": question[0], "question_zh": question[1]}
        texts |= {"matter": matter[0], "matter_zh": matter[1]} | ends
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
        """Add the choice of the year for each range of years that money is coded with."""
        for first, last in sorted(set(self._open_years())):
            years = {str(year): (str(year), f"{year}年") for year in range(first, last + 1)}
            name = OPEN_YEAR.id_for(self.programme, f"{first}/{last}").removeprefix(f"{self.programme}.")
            question = ("Of which year is the money?", "金额属于哪一年？")
            matter = (
                f"which of the years {first} to {last} the money is of",
                f"资金属于{first}至{last}年中的哪一年",
            )
            self.choose(name, question, matter, years, default=str(last))

    def _open_years(self) -> Iterator[tuple[int, int]]:
        """Yield the first and the last year of the money of each coding, all of it dated."""
        figures = {row["figure_id"]: row for document in self.documents for row in document.figures}
        for coding in self.rows.get("codings", ()):
            rows = [figures[name] for name in arithmetic.figure_ids(coding["numerator"] or "0")]
            years = [int(end) for row in rows for end in row["year"].split("/") if end]
            money = any(row["unit"].startswith("CNY") for row in rows)
            if money and all(row["year"] for row in rows) and len(set(years)) > 1:
                yield min(years), max(years)
