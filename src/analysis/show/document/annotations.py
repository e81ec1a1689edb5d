"""The marks of a document as W3C Web Annotations, for other programs, and read back.

A file holds places and numerals, and no other word of the document: ``exact`` is never longer than the span
of the numeral, and neither what stands before it nor after. Its target is named by the SHA-256 of the
document, so that no place is read in another text. What comes back is compared with the tables and changes
none: a mark is evidence, and a row of evidence has more cells than an annotation.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from analysis.evidence.errors import InputError
from analysis.show.document.marks import EXCLUSION, FIGURE, Mark, Marked

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
KIND, CODE, NAME = "tagging", "classifying", "identifying"
"""What the bodies of an annotation say: figure or exclusion, its theme or reason, its id."""


class AnnotationError(InputError):
    """A file that holds no annotations of the document; the message says where and why."""


def to_json(found: Marked) -> bytes:
    """Return the marks of a document as an annotation collection in JSON-LD; same bytes on every run."""
    target = target_of(found.source.sha256)
    items = [_annotation(target, mark) for mark in found.marks]
    collection = {
        "@context": CONTEXT,
        "id": _urn(target),
        "type": "AnnotationCollection",
        "label": f"{found.source.source_id}: figures and numerals that are no figure",
        "total": len(items),
        "first": {"id": _urn(target, "1"), "type": "AnnotationPage", "startIndex": 0, "items": items},
    }
    return json.dumps(collection, ensure_ascii=False, indent=1).encode() + b"\n"


def target_of(sha256: str) -> str:
    """Return the name of a document by its hash, as RFC 6920 writes it."""
    digest = base64.urlsafe_b64encode(bytes.fromhex(sha256)).decode().rstrip("=")
    return f"ni:///sha-256;{digest}"


def _annotation(target: str, mark: Mark) -> dict[str, Any]:
    said = {KIND: mark.kind, CODE: mark.code, **({NAME: mark.figure_id} if mark.figure_id else {})}
    return {
        "id": _urn(target, mark.kind, mark.figure_id, str(mark.start), str(mark.end)),
        "type": "Annotation",
        "motivation": CODE,
        "body": [
            {"type": "TextualBody", "purpose": purpose, "value": value, "format": "text/plain"}
            for purpose, value in said.items()
        ],
        "target": {
            "source": target,
            "selector": [
                {"type": "TextPositionSelector", "start": mark.start, "end": mark.end},
                {"type": "TextQuoteSelector", "exact": mark.exact},
            ],
        },
    }


def _urn(*parts: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, " ".join(parts)).urn


def from_json(content: bytes, found: Marked) -> tuple[Mark, ...]:
    """Return the marks of an annotation collection on a document, in the order of the text.

    Raises ``AnnotationError`` naming the first annotation that is none of this document.
    """
    try:
        items = json.loads(content)["first"]["items"]
    except (ValueError, KeyError, TypeError) as error:
        raise AnnotationError("no annotation collection with its items in its first page") from error
    target = target_of(found.source.sha256)
    return tuple(sorted(_mark(number, item, target, found) for number, item in enumerate(items, start=1)))


def _mark(number: int, item: Any, target: str, found: Marked) -> Mark:
    try:
        source, selectors = item["target"]["source"], item["target"]["selector"]
        by_type = {each["type"]: each for each in selectors}
        place, quote = by_type["TextPositionSelector"], by_type["TextQuoteSelector"]
        said = {body["purpose"]: body["value"] for body in item["body"]}
        mark = Mark(
            place["start"], place["end"], said[KIND], said[CODE], said.get(NAME, ""), quote["exact"]
        )  # fmt: skip
    except (KeyError, TypeError) as error:
        raise AnnotationError(f"annotation {number}: not as export writes it ({error} is missing)") from error
    if source != target:
        raise AnnotationError(
            f"annotation {number}: it is on another document ({source}), not on {found.source.source_id} "
            f"({target})"
        )
    if mark.kind not in (FIGURE, EXCLUSION):
        raise AnnotationError(f"annotation {number}: {mark.kind!r} is neither {FIGURE} nor {EXCLUSION}")
    if found.document.raw[mark.start : mark.end] != mark.exact:
        raise AnnotationError(
            f"annotation {number}: {mark.exact!r} does not stand at {mark.start}..{mark.end} of the document"
        )
    return mark


@dataclass(frozen=True)
class Difference:
    """How the marks of a file differ from those of the tables."""

    same: int
    only_tables: tuple[Mark, ...]
    only_file: tuple[Mark, ...]

    def __str__(self) -> str:
        lines = [f"{self.same} of {self.same + len(self.only_tables)} marks of the tables are in the file"]
        lines += _lines("only in the tables", self.only_tables)
        lines += _lines("only in the file", self.only_file)
        return "\n".join(lines)

    @property
    def is_none(self) -> bool:
        """Whether both hold the same marks."""
        return not (self.only_tables or self.only_file)


def _lines(where: str, marks: Iterable[Mark]) -> Iterator[str]:
    for mark in marks:
        name = mark.figure_id or mark.kind
        yield f"{where}: {mark.start}..{mark.end} {mark.exact!r} {name} ({mark.code})"


def compare(tables: Iterable[Mark], file: Iterable[Mark]) -> Difference:
    """Return how the marks of a file differ from those of the tables."""
    own, given = set(tables), set(file)
    return Difference(len(own & given), tuple(sorted(own - given)), tuple(sorted(given - own)))
