"""The text of a document in pieces, for a page that marks its numerals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from analysis.evidence.sources import Document
from analysis.words.language import Text


def paragraphs(document: Document, spans: Sequence[tuple[int, int]], text: Text) -> Iterator[dict[str, Any]]:
    """Yield each paragraph with its number and its pieces, in the script of the reader.

    ``spans`` are in the decoded file. A piece has its offset in the clean view, and ``row``, the place of its
    span in ``spans``, if it is a numeral.
    """
    clean = [document.clean_span(*span) for span in spans]
    for number, (start, end) in enumerate(document.paragraphs, start=1):
        at, stop = document.clean_span(start, end)
        pieces: list[dict[str, Any]] = []
        for row, (first, last) in sorted(enumerate(clean), key=lambda each: each[1]):
            if at <= first < stop:
                pieces.append({"at": at, "text": document.clean[at:first]})
                pieces.append({"at": first, "text": document.clean[first:last], "row": row})
                at = last
        pieces.append({"at": at, "text": document.clean[at:stop]})
        shown = [piece | {"text": in_script(piece["text"], text)} for piece in pieces if piece["text"]]
        yield {"number": number, "pieces": shown}


def in_script(clean: str, text: Text) -> str:
    """Return words of the document in the script of the reader, where no character is lost by it."""
    shown = text.convert(clean) if text.documents == "zh-Hant" else clean
    return shown if len(shown) == len(clean) else clean
