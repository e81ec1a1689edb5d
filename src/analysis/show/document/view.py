"""What the page of a document draws: its text in pieces, its marks, and for each what rests on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from analysis.evidence import arithmetic
from analysis.evidence.dataset import Dataset
from analysis.evidence.rows import Coding, Exclusion, Figure, rows_of
from analysis.show.cards import FigureCard
from analysis.show.cards.card_content import Line
from analysis.show.document.marks import FIGURE, Mark, Marked
from analysis.show.pieces import paragraphs
from analysis.words.findings.opening import opening
from analysis.words.findings.paragraphs import paragraphs as written
from analysis.words.labels import Labels
from analysis.words.language import Text
from analysis.words.languages import LANGUAGES

Section = tuple[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class DocumentView:
    """A document as the page shows it in one language."""

    data: Dataset
    found: Marked
    text: Text

    @cached_property
    def labels(self) -> Labels:
        """Names in the language of the page."""
        return Labels(self.data, self.text)

    def state(self) -> dict[str, Any]:
        """Return all that the page draws."""
        spans = [(mark.start, mark.end) for mark in self.found.marks]
        return {
            "language": self.text.language,
            "languages": [[code, language.name] for code, language in LANGUAGES.items()],
            "words": {
                key[9:]: words for key, words in self.text.messages.items() if key.startswith("document.")
            },
            "title": self.text.convert(self.found.source.title),
            "about": self.labels.attributes(
                [self.labels.programme(self.found.source.programme_id), *self._published()]
            ),
            "paragraphs": list(paragraphs(self.found.document, spans, self.text)),
            "marks": [self._mark(mark) for mark in self.found.marks],
            "themes": self._themes(),
        }  # fmt: skip

    def _published(self) -> Iterator[str]:
        yield from self.labels.publication(self.found.source)

    def _themes(self) -> list[tuple[str, str, int]]:
        """Return the themes of the figures in the order of reports, with how many figures each has."""
        counts = Counter(mark.code for mark in self.found.marks if mark.kind == FIGURE)
        codes = [code for field, code in self.data.terms if field == "theme" and counts[code]]
        return [(code, self.labels.term("theme", code), counts[code]) for code in codes]

    def _mark(self, mark: Mark) -> dict[str, Any]:
        row = self._rows[mark]
        if isinstance(row, Figure):
            title = self.labels.of(row, "subject")
        else:
            title = self.text("document.no_figure", reason=self.text.code("reason", row.reason))
        return {
            "kind": mark.kind,
            "code": mark.code,
            "id": mark.figure_id,
            "used": mark.figure_id in self._used,
            "printed": self.text.convert(row.printed),
            "title": title,
        }

    @cached_property
    def _rows(self) -> dict[Mark, Figure | Exclusion]:
        source = self.found.source.source_id
        figures = rows_of(Figure, self.data.figures, source_id=source)
        exclusions = rows_of(Exclusion, self.data.tables["exclusions"], source_id=source)
        rows: list[Figure | Exclusion] = [*figures, *exclusions]
        by_start = {row.start: row for row in rows}
        return {mark: by_start[mark.start] for mark in self.found.marks}

    @cached_property
    def _used(self) -> set[str]:
        """The figures that some measure uses."""
        codings = rows_of(Coding, self.data.codings, programme_id=self.found.source.programme_id)
        sides = [side for row in codings for side in (row.numerator, row.denominator) if side]
        return {name for side in sides for name in arithmetic.figure_ids(side)}

    def inspected(self, number: int) -> dict[str, Any]:
        """Return what the inspector says of a mark: facts, and sections of lines on what rests on it."""
        mark = self.found.marks[number]
        return self._figure(mark) if mark.kind == FIGURE else self._exclusion(self._rows[mark])

    def _figure(self, mark: Mark) -> dict[str, Any]:
        card = FigureCard(self.data, self.text, None, mark.figure_id)
        content = card.content()
        said = [{"text": words} for words, figures in self._sentences if mark.figure_id in figures]
        sections: list[Section] = [
            (self.text(f"figure_card.{heading}"), [_line(each) for each in lines])
            for heading, lines in content.sections
            if lines
        ]
        sections.append((self.text("document.said"), said or [{"text": self.text("document.unsaid")}]))
        # Of the document the head of the page speaks.
        told = [pair for pair in content.facts if pair[1] and pair not in card.source.citation]
        return {"facts": told, "sections": sections}

    def _exclusion(self, row: Figure | Exclusion) -> dict[str, Any]:
        place = {"paragraph": row.paragraph, "start": row.start, "end": row.end}
        located = (self.text("table.place"), self.text("report.locator", **place))
        noted = [(self.text("table.note"), row.note)] if row.note else []
        return {"facts": [*noted, located], "sections": []}

    @cached_property
    def _sentences(self) -> list[tuple[str, frozenset[str]]]:
        """The sentences that reports and memos on the programme are written with, and their figures."""
        programme = self.found.source.programme_id
        opened = opening(self.labels, programme)
        pairs = [
            (words, (finding,))
            for message in opened.messages
            for words, finding in zip(message.sentences, message.findings, strict=True)
        ] + [
            pair
            for paragraph in written(self.labels, programme, opened)
            for pair in zip(paragraph.sentences, paragraph.said, strict=True)
        ]
        return [
            (words, frozenset(name for finding in findings for name in finding.figure_ids))
            for words, findings in pairs
        ]


def _line(line: Line) -> dict[str, Any]:
    return {"text": line.text, "below": [detail for detail in line.details if detail]}
