"""Source documents: the file as it stands, and a clean view of it that maps back character by character.

A source may carry pinyin glosses after its characters, as in ``區(qū)``, and be in Traditional script. The
clean view is without glosses and Simplified; every one of its characters knows its offset in the decoded
file, which is what locators count. Damaged characters are kept and reported, never repaired.
"""

from __future__ import annotations

import hashlib
import os
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from pathlib import Path

from analysis.evidence.characters import to_simplified
from analysis.evidence.errors import InputError

ENVIRONMENT = "ANALYSIS_SOURCES"
_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_MARKED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜǹńňḿê\u0300\u0301\u0304\u030c"
_SYLLABLE = rf"[a-zü'{_MARKED}]"
_GLOSS = re.compile(
    rf"(?<=[{_CJK}])(?:\((?=[^()]*[{_MARKED}]){_SYLLABLE}{{1,12}}\)|（(?=[^（）]*[{_MARKED}]){_SYLLABLE}{{1,12}}）)"
)
# A gloss that lost its character (?qū) drags the next few characters with it, up to a stray letter.
_DAMAGE = re.compile(
    rf"\?{_SYLLABLE}{{1,8}}[)）](?:[{_CJK}]{{1,8}}[a-z](?![a-zA-Z0-9{_MARKED}]))?"
    rf"|\ufffd+|[\ue000-\uf8ff]+|(?<=[{_CJK}])\?+(?=[{_CJK}])|(?<=[{_CJK}])\\"
    r"|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]+"
)
_STOPS = re.compile(r"[。！？；!;\r\n]")


class SourceError(InputError):
    """A document that cannot be read as the register says."""


@dataclass(frozen=True)
class Document:
    """One source as it stands on disk (``raw``) and as it reads (``clean``).

    Locators are half-open offsets into ``raw``. ``clean_to_raw`` gives the offset in ``raw`` of every
    character of ``clean``; a gloss belongs to no character of the clean view.
    """

    source_id: str
    raw: str
    sha256: str
    clean: str = field(repr=False)
    clean_to_raw: tuple[int, ...] = field(repr=False)

    @classmethod
    def load(cls, path: Path | str, source_id: str | None = None, encoding: str = "utf-8") -> Document:
        """Return the document in a file; its id is the file's name unless one is given.

        Raises ``SourceError`` where the file is missing or is not in the encoding.
        """
        path = Path(path)
        try:
            data = path.read_bytes()
            raw = data.decode(encoding)
        except OSError as error:
            raise SourceError(
                f"{path}: cannot be read ({error.strerror}); check the folder and name"
            ) from error
        except UnicodeDecodeError as error:
            at = f"byte {error.start} is {data[error.start]:#04x}"
            remedy = "name the encoding it has, such as gb18030 or big5"
            raise SourceError(f"{path}: not {encoding} ({at}); {remedy}") from error
        return cls.from_text(raw, source_id or path.stem, hashlib.sha256(data).hexdigest())

    @classmethod
    def from_text(cls, raw: str, source_id: str, sha256: str = "") -> Document:
        """Return the document that has this text; its hash is that of the text unless one is given."""
        kept = _outside_glosses(raw)
        return cls(
            source_id=source_id,
            raw=raw,
            sha256=sha256 or hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest(),
            clean=to_simplified("".join(raw[offset] for offset in kept)),
            clean_to_raw=kept,
        )

    @cached_property
    def paragraphs(self) -> list[tuple[int, int]]:
        """The spans of the lines that are not empty in the decoded file, without their line ends."""
        return [match.span() for match in re.finditer(r"[^\r\n]+", self.raw) if match[0].strip()]

    @cached_property
    def damaged(self) -> list[tuple[int, str]]:
        """Offset and text of the damaged characters of the decoded file, as they stand."""
        return [(match.start(), match[0]) for match in _DAMAGE.finditer(self.raw)]

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the file of a span of the clean view, without a gloss after its end."""
        if not 0 <= start < end <= len(self.clean):
            raise SourceError(
                f"{self.source_id}: {start}..{end} is no span of the clean view (0..{len(self.clean)})"
            )
        return self.clean_to_raw[start], self.clean_to_raw[end - 1] + 1

    def clean_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the clean view of a span of the file."""
        if not 0 <= start < end <= len(self.raw):
            raise SourceError(f"{self.source_id}: {start}..{end} is no span of the file (0..{len(self.raw)})")
        return bisect_left(self.clean_to_raw, start), bisect_left(self.clean_to_raw, end)

    def text(self, start: int, end: int) -> str:
        """Return what a span of the file says: without glosses, Simplified."""
        return self.clean[slice(*self.clean_span(start, end))]

    def paragraph(self, offset: int) -> int:
        """Return the number of the paragraph that an offset of the file is in, or 0 between paragraphs."""
        number = bisect_right(self.paragraphs, offset, key=itemgetter(0))
        return number if number and offset < self.paragraphs[number - 1][1] else 0

    @cached_property
    def _stops(self) -> list[int]:
        """Where each sentence of the clean view ends."""
        return [stop.end() for stop in _STOPS.finditer(self.clean)]

    def sentence(self, start: int, end: int) -> tuple[str, str, str]:
        """Return the sentence around a span of the file in three pieces: before it, the span, after it."""
        first, last = self.clean_span(start, end)
        stops = self._stops
        left, right = bisect_right(stops, first), bisect_left(stops, last)
        begin = stops[left - 1] if left else 0
        finish = stops[right] if right < len(stops) else len(self.clean)
        return self.clean[begin:first].lstrip(), self.clean[first:last], self.clean[last:finish].rstrip()


def _outside_glosses(raw: str) -> tuple[int, ...]:
    kept: list[int] = []
    position = 0
    for gloss in _GLOSS.finditer(raw):
        kept.extend(range(position, gloss.start()))
        position = gloss.end()
    return (*kept, *range(position, len(raw)))


def find_sources(folder: Path | None, project: Path) -> Path | None:
    """Return the folder of the documents, or ``None``.

    It is the one given, else ``ANALYSIS_SOURCES``, else ``sources`` in the working folder or in the project.
    Raises ``SourceError`` where a folder is named and is not there: a named folder is never ignored.
    """
    named = folder or (Path(os.environ[ENVIRONMENT]) if os.environ.get(ENVIRONMENT) else None)
    if named is None:
        return next((path for path in (Path("sources"), project / "sources") if path.is_dir()), None)
    if not named.is_dir():
        origin = "--sources" if folder else ENVIRONMENT
        raise SourceError(
            f"{origin}: {str(named)!r} is not a folder; name the folder that holds the documents"
        )
    return named


def existing_sources(folder: Path | None, project: Path) -> Path:
    """Return the folder of the documents as ``find_sources`` does; raises ``SourceError`` without one."""
    found = find_sources(folder, project)
    if found is None:
        raise SourceError(
            f"no source documents: put them in sources/, or name their folder with --sources or {ENVIRONMENT}"
        )
    return found
