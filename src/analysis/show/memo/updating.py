"""An edited memo brought to the data of today: what has moved is changed visibly, what has turned remarked.

Numbers of the memo that are others today, and its pictures, become tracked changes. What no rule may rewrite
gets a comment: a sentence that today is told otherwise, a number of a person's own that does not hold. All
else is left as it is.
"""

from __future__ import annotations

import copy
import datetime
import difflib
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.oxml.ns import qn

from analysis.evidence.dataset import Dataset
from analysis.files import write_file
from analysis.show.memo.audit import Audit, AuditError, audit_document, opened
from analysis.show.memo.drawing import element, text_element
from analysis.show.memo.facts import Basis, Fact
from analysis.show.memo.ledger import SENTENCE, NumeralLedger, find, rewrite
from analysis.show.memo.marking import Piece, comment, pieces_of
from analysis.show.memo.matching import Support
from analysis.show.memo.passages import Memo, Passage
from analysis.show.memo.reading import Block, blocks
from analysis.show.memo.request import SLIDES, file_of
from analysis.show.memo.runs import first_free, write
from analysis.words.language import Text
from analysis.words.scan import Numeral, numerals
from analysis.words.sentences import places_of_sentences

SHORTEST = 8  # characters of a sentence that is remarked on
LIKE = 0.5  # of a sentence of today must be that of a former one for a remark to quote it


@dataclass(frozen=True)
class Update:
    """A memo of today: its content, and what was ``changed`` and ``remarked`` in it, a line each.

    ``found`` is the audit of the memo as it was.
    """

    content: bytes
    changed: tuple[str, ...]
    remarked: tuple[str, ...]
    found: Audit = field(repr=False)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left for a person to decide but to accept the changes."""
        return not self.remarked

    def __str__(self) -> str:
        total = self.found.teller.say("updated", changed=len(self.changed), remarked=len(self.remarked))
        return "\n".join([*self.changed, *self.remarked, total])


def update(content: bytes, data: Dataset, name: str, today: datetime.date) -> Update:
    """Return a memo brought to the data of today, its changes tracked under that day.

    Raises ``AuditError`` for a file that is no memo, or where the data has no longer what it is on.
    """
    document = opened(content, name)
    found = audit_document(document, data, name)
    if found.memo is None:
        raise AuditError(f"{name}: what it is on is no longer in the data; there is nothing to bring it to")
    return _Editor(document, found, found.memo, today).edit(data)


def update_file(data: Dataset, path: Path, folder: Path | None = None) -> tuple[Update, Path]:
    """Return the update of a file by today's date, and where it is written: beside it or in a folder."""
    if path.suffix.lower() == SLIDES:
        raise AuditError(
            f"{path.name}: slides are not updated; write them anew with analysis memo --slides, or see with "
            "--audit which numbers have moved"
        )
    found = update(path.read_bytes(), data, path.name, datetime.date.today())
    target = (folder or path.parent) / f"{path.stem}.updated{path.suffix}"
    return found, write_file(target, found.content)


class _Editor:
    """Edits one document."""

    def __init__(self, document: Document, found: Audit, memo: Memo, today: datetime.date) -> None:
        self.document, self.found, self.ledger, self.memo = document, found, found.ledger, memo
        self.teller, self.text, self.language = found.teller, Text.of(memo.language), memo.language
        self.known = self.ledger.facts
        self.former = {passage.text for passage in self.ledger.passages}
        self.current = dict.fromkeys(passage.text for passage in memo.passages if passage.text)
        self.made = {"author": self.teller.say("author"), "date": f"{today.isoformat()}T00:00:00Z"}
        self.standing = {each.text for each in document.comments}
        self.changed: list[str] = []
        self.remarked: list[str] = []
        self.ids = iter(range(first_free(document), 10**9))

    def edit(self, data: Dataset) -> Update:
        """Change what has moved and remark on what has turned; return the memo with both."""
        texts = {id(block.element): block for block in blocks(self.document) if block.element is not None}
        # From the last to the first, so that what is changed does not shift what is to be changed.
        moved: dict[int, dict[tuple[int, int], str]] = {}
        retold = {(key, at): new for key, block in texts.items() for at, new in self._retold(block)}
        for support in reversed(self.found.supports):
            new = retold.get((id(support.element), support.numeral.start))
            if support.holds and new is None:
                continue
            if support.element is None and support.was:
                continue  # the description of a picture, which is drawn anew with its picture
            own = moved.setdefault(id(support.element), {})
            if any(a <= support.numeral.start < b for a, b in own):
                continue  # part of a text that has been changed
            change = self._moved(support) if new is None else (support, new)
            if change is None:
                self._remark(support.element, pieces_of(self.document, support), self.teller.fault(support))
                continue
            wider, new = change
            if new != wider.numeral.text.strip() and not self._replace(wider, new):
                self._remark(support.element, pieces_of(self.document, support), self.teller.fault(support))
                continue
            own[wider.numeral.start, wider.numeral.end] = new
        for key, block in texts.items():
            self._remark_on_turned(block, moved.get(key, {}))
        if self.changed or self.remarked or not self.found.same_data:
            today = docx.Document(io.BytesIO(file_of(data, self.memo)))
            self._redraw(today)
            about = {**self.ledger.about, **self.memo.about}
            made = find(today)
            bound = {**self.ledger.bound, **(made.bound if made else {})}
            passages = (*self.memo.passages, *self._notes())
            rewrite(self.document, NumeralLedger.of(about, passages, self.ledger.template, bound))
        buffer = io.BytesIO()
        self.document.save(buffer)
        return Update(buffer.getvalue(), tuple(self.changed[::-1]), tuple(self.remarked), self.found)

    def _notes(self) -> Iterator[Passage]:
        """Yield the notes that hold as they stand, also where the memo of today cites otherwise."""
        found: dict[str, list[Support]] = {}
        for support in self.found.supports:
            if support.where.startswith(("endnotes", "footnotes")):
                found.setdefault(support.text, []).append(support)
        for text, own in found.items():
            if all(support.holds for support in own):
                facts = dict.fromkeys(fact for support in own for fact in support.facts)
                yield Passage(text, (Basis(f"note {text}", tuple(facts)),))

    # Numbers

    def _retold(self, block: Block) -> Iterator[tuple[int, str]]:
        """Yield where the numbers of a sentence stand that is told today with others, and those of today.

        A number may be that of another thing as well, and hold by that; the sentence tells which it is of.
        """
        for start, end in places_of_sentences(block.text):
            said = block.text[start:end].strip()
            if said not in self.former or said in self.current or not _is_sentence(block, said):
                continue
            then, now = (shapes.get(_shape(said, self.language), []) for shapes in self.shapes)
            if len(then) == len(now) == 1:
                shift = block.text.index(said, start)
                pairs = zip(*(numerals(text, self.language) for text in (said, now[0])), strict=True)
                yield from ((shift + a.start, b.text.strip()) for a, b in pairs)

    @cached_property
    def sentences(self) -> list[str]:
        """The sentences of today's memo."""
        return [text for text in self.current if SENTENCE.search(text)]

    @cached_property
    def shapes(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """The sentences of the memo and those of today, by what they are without their numbers."""
        return self._shaped(self.former), self._shaped(self.current)

    def _shaped(self, texts: Iterable[str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for text in texts:
            found.setdefault(_shape(text, self.language), []).append(text)
        return found

    def _moved(self, support: Support) -> tuple[Support, str] | None:
        """Return the text around a number of the memo and what it is today; else ``None``."""
        known, now = self.known, self.teller.now
        for fact in support.was:
            others = [each for each in now.get(fact.name, []) if bool(each.text) == bool(fact.text)]
            former = [each.text for each in known.get(fact.name, [])]
            at = support.text.find(fact.text) if fact.text else -1
            if at >= 0 and at <= support.numeral.start < at + len(fact.text) and len(others) == len(former):
                span = replace(support.numeral, start=at, end=at + len(fact.text), text=fact.text)
                return replace(support, numeral=span), others[former.index(fact.text)].text
        pairs = [self._now(support, place) for place in range(len(support.numeral.values))]
        new = self._reworded(support.numeral, [each for each in pairs if each]) if all(pairs) else None
        return (support, new) if new else None

    def _now(self, support: Support, place: int) -> tuple[Fact, Fact] | None:
        """Return what one value of a number was, and what it is today."""
        for fact in support.was:
            if fact.value is not None and support.numeral.equals(place, fact.value):
                found = {each.value: each for each in self.teller.now.get(fact.name, []) if not each.text}
                return (fact, next(iter(found.values()))) if len(found) == 1 else None
        return None

    def _reworded(self, numeral: Numeral, pairs: Iterable[tuple[Fact, Fact] | None]) -> str | None:
        """Return the values of today in the form in which those before were written."""
        done, rest = "", numeral.text.strip()
        for old, new in filter(None, pairs):
            forms = ((_alone(was, rest), now) for was, now in self._forms(old, new))
            match, now = next(((found, now) for found, now in forms if found), (None, ""))
            if match is None:
                return None
            done, rest = done + rest[: match.start()] + now, rest[match.end() :]
        return done + rest

    def _forms(self, old: Fact, new: Fact) -> Iterator[tuple[str, str]]:
        """Yield how two values are written, the fullest form first."""
        unit, text = "" if old.unit.startswith("#") else old.unit, self.text
        forms: list[Callable[[float], str]] = [text.money, text.money_short] if unit.startswith("CNY") else []
        forms += [text.share] if unit.startswith("share") else []
        forms += [text.number, lambda value: text.number(value, 2), lambda value: text.number(value, 1)]
        for form in forms:
            was, now = (self._bare(form(abs(each.value or 0.0))) for each in (old, new))
            if was and now:
                yield was, now

    def _bare(self, shown: str) -> str:
        """Return the number of a quantity in words."""
        return next((each.text.strip() for each in numerals(shown, self.memo.language)), "")

    def _replace(self, support: Support, new: str) -> bool:
        """Replace a number by tracked changes; returns whether it stands where that can be done."""
        pieces = pieces_of(self.document, support)
        if not pieces or any(not piece.is_alone for piece in pieces):
            return False
        first = pieces[0].run
        shown = copy.deepcopy(first)
        write(shown, new)
        for piece in pieces:
            self._delete(piece.run)
        pieces[-1].run.getparent().addnext(self._inserted(shown))
        self.changed.append(self.teller.changed(support, new))
        return True

    def _delete(self, run: Any) -> None:
        deleted = element("del", id=next(self.ids), **self.made)
        run.addprevious(deleted)
        deleted.append(run)
        for node in run.findall(qn("w:t")):
            node.addprevious(text_element("delText", node.text or ""))
            run.remove(node)

    def _inserted(self, run: Any) -> Any:
        inserted = element("ins", id=next(self.ids), **self.made)
        inserted.append(run)
        return inserted

    # Sentences

    def _remark_on_turned(self, block: Block, moved: dict[tuple[int, int], str]) -> None:
        """Remark on sentences of the memo that, with the numbers of today, are not told today."""
        spans = [(0, len(block.text)), *places_of_sentences(block.text)]
        for start, end in spans[:1] if block.text in self.former else spans:
            said = block.text[start:end].strip()
            now = _with(block.text, start, end, moved).strip()
            if said not in self.former or not _is_sentence(block, said):
                continue
            if now not in self.current:
                like = difflib.get_close_matches(now, self.sentences, n=1, cutoff=LIKE)
                words = self.teller.say("turned", now=like[0]) if like else self.teller.say("no_longer")
                self._remark(block.element, [], self.teller.say("numeral", numeral=said, words=words))

    def _remark(self, paragraph: Any, pieces: Iterable[Piece], words: str) -> None:
        """Put a comment at pieces of text, or at the whole paragraph; what cannot have one is told alone."""
        runs = [piece.run for piece in pieces] or _runs(paragraph)
        if words not in self.standing:
            comment(self.document, runs, words, self.teller)
        self.remarked.append(words)

    # Pictures

    def _redraw(self, today: Document) -> None:
        """Replace the pictures that are drawn otherwise today, by their names, as tracked changes."""
        drawn = {name: (run, png) for name, run, png in _pictures(today)}
        for name, run, png in list(_pictures(self.document)):
            if name not in drawn or (drawn[name][1] == png and _described(run) == _described(drawn[name][0])):
                continue
            shown = copy.deepcopy(drawn[name][0])
            relation, _ = self.document.part.get_or_add_image(io.BytesIO(drawn[name][1]))
            [blip] = shown.iter(qn("a:blip"))
            blip.set(qn("r:embed"), relation)
            for child in list(blip):
                blip.remove(child)  # the drawing for programs that show SVG, which is not carried over
            for described in shown.iter(qn("wp:docPr")):
                described.set("id", str(next(self.ids)))
            deleted = element("del", id=next(self.ids), **self.made)
            run.addprevious(deleted)
            deleted.append(run)
            deleted.addnext(self._inserted(shown))
            self.changed.append(self.teller.say("redrawn", name=name))


def _is_sentence(block: Block, text: str) -> bool:
    """Return whether a text tells more than the value in a cell does."""
    return len(text) >= SHORTEST and (not block.in_table or bool(SENTENCE.search(text)))


def _shape(text: str, language: str) -> str:
    """Return a text with a mark in the place of each number."""
    for numeral in reversed(numerals(text, language)):
        text = f"{text[: numeral.start]}\0{text[numeral.start + len(numeral.text.strip()) :]}"
    return text


def _alone(number: str, text: str) -> re.Match[str] | None:
    """Return where a number stands in a text, and is not part of a longer one."""
    return re.search(rf"(?<![\d.,]){re.escape(number)}(?!\d|[.,]\d)", text)


def _with(text: str, start: int, end: int, moved: dict[tuple[int, int], str]) -> str:
    """Return a part of a text with some of its numerals replaced."""
    for (a, b), new in sorted(moved.items(), reverse=True):
        if start <= a and b <= end:
            old = text[a:b]
            text = text[:a] + old.replace(old.strip(), new) + text[b:]
            end += len(text[:a] + old.replace(old.strip(), new)) - len(text[:a] + old)
    return text[start:end]


def _pictures(document: Document) -> Iterator[tuple[str, Any, bytes]]:
    """Yield the name, the run and the content of each picture of the body, but of those deleted."""
    for drawing in document.element.body.iter(qn("w:drawing")):
        run, described = drawing.getparent(), next(drawing.iter(qn("wp:docPr")), None)
        blip = next(drawing.iter(qn("a:blip")), None)
        if blip is None or described is None or run.getparent().tag == qn("w:del"):
            continue
        part = document.part.related_parts.get(blip.get(qn("r:embed")))
        if part is not None:
            yield described.get("name", ""), run, part.blob


def _described(run: Any) -> list[str]:
    return [each.get("descr", "") for each in run.iter(qn("wp:docPr"))]


def _runs(paragraph: Any) -> list[Any]:
    if paragraph is None:
        return []
    return [run for run in paragraph.findall(qn("w:r")) if run.find(qn("w:t")) is not None][:1]
