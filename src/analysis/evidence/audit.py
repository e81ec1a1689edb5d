"""The audit of sources: every numeral accounted for, every row compared with what the document prints.

What the documents hold is found by a scan that knows nothing of the tables (``numerals.numeral_spans``).
Every numeral character has to be in exactly one figure or exclusion, and every row has to print what the
document prints at its span; that a figure is what it prints, ``checks.figures`` has seen before.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from analysis.evidence.characters import numeral_spans
from analysis.evidence.numerals import whole_numerals
from analysis.evidence.rows import Exclusion, Figure, Source, rows_of
from analysis.evidence.sources import Document, SourceError

KINDS = ("hash", "uncovered", "double", "split", "disagreeing")
CONTEXT = 12  # characters shown on either side of a numeral


@dataclass(frozen=True)
class Finding:
    """One thing that does not agree: what, in which row (``""`` for none), where, and in which words."""

    kind: str
    row: str
    field: str
    start: int
    end: int
    context: str
    message: str


@dataclass(frozen=True)
class SourceAudit:
    """The account of one source. ``present`` is false where its document is not at hand."""

    source_id: str
    present: bool
    numerals: int
    characters: int
    figures: int
    exclusions: dict[str, int]
    damaged: int
    findings: tuple[Finding, ...]

    def count(self, kind: str) -> int:
        """Return how many findings are of a kind (one of ``KINDS``)."""
        return sum(finding.kind == kind for finding in self.findings)

    @property
    def passed(self) -> bool:
        """Whether the document is there and nothing is uncovered, double or disagreeing."""
        return self.present and not self.findings


def documents_in(folder: Path, sources: pd.DataFrame) -> dict[str, Document]:
    """Return the registered documents that a folder holds, by source; raises ``SourceError`` without any."""
    found = {
        source.source_id: Document.load(folder / source.file, source.source_id, source.encoding)
        for source in rows_of(Source, sources)
        if (folder / source.file).is_file()
    }
    if not found:
        raise SourceError(f"{folder} holds none of the registered documents; name their folder")
    return found


def audit(
    documents: Mapping[str, Document],
    register: pd.DataFrame,
    figures: pd.DataFrame,
    exclusions: pd.DataFrame,
) -> list[SourceAudit]:
    """Return the account of every source in the register, in its order.

    ``documents`` maps source ids to documents; ``register``, ``figures`` and ``exclusions`` have the columns
    of the raw tables. A source without a document is accounted for as absent.
    """
    own: dict[str, list[Figure]] = defaultdict(list)
    for row in rows_of(Figure, figures):
        own[row.source_id].append(row)
    left_out: dict[str, list[Exclusion]] = defaultdict(list)
    for exclusion in rows_of(Exclusion, exclusions):
        left_out[exclusion.source_id].append(exclusion)
    return [
        _audit_source(
            documents.get(source.source_id), source, own[source.source_id], left_out[source.source_id]
        )
        for source in rows_of(Source, register)
    ]


def _audit_source(
    document: Document | None, source: Source, figures: list[Figure], exclusions: list[Exclusion]
) -> SourceAudit:
    spans = numeral_spans(document.raw) if document else []
    findings = _findings(document, source, spans, figures, exclusions) if document else ()
    return SourceAudit(
        source_id=source.source_id,
        present=document is not None,
        numerals=len(spans),
        characters=sum(end - start for start, end in spans),
        figures=len(figures),
        exclusions=dict(sorted(Counter(row.reason for row in exclusions).items())),
        damaged=len(document.damaged) if document else 0,
        findings=tuple(findings),
    )


def _findings(
    document: Document,
    source: Source,
    spans: list[tuple[int, int]],
    figures: list[Figure],
    exclusions: list[Exclusion],
) -> Iterator[Finding]:
    yield from _check_hash(document, source)
    yield from _check_coverage(document, spans, [*figures, *exclusions])
    for row in figures:
        yield from _check_figure(document, source, row)
    for exclusion in exclusions:
        yield from _check_exclusion(document, spans, exclusion)


def _check_hash(document: Document, source: Source) -> Iterator[Finding]:
    if document.sha256 != source.sha256:
        message = (
            f"the document has SHA-256 {document.sha256}, the register {source.sha256}: "
            "use the document the figures were read from, or read it again and enter its hash"
        )
        yield Finding("hash", "", "sha256", 0, len(document.raw), "", message)


def _check_coverage(
    document: Document,
    spans: list[tuple[int, int]],
    rows: Iterable[Figure | Exclusion],
) -> Iterator[Finding]:
    owners: dict[int, list[str]] = {}
    for row in rows:
        for offset in range(max(row.start, 0), min(row.end, len(document.raw))):
            owners.setdefault(offset, []).append(_name(row))
    for start, end, names in _stretches(spans, owners):
        printed = document.raw[start:end]
        if not names:
            message = f"{printed!r} is neither in a figure nor in an exclusion: add the row it belongs to"
            yield _finding("uncovered", "", "start", document, start, end, message)
        elif len(names) > 1:
            message = f"{printed!r} is in {len(names)} rows ({', '.join(names)}): shorten all but one"
            yield _finding("double", names[0], "start", document, start, end, message)
    yield from _check_whole(document, owners)


def _check_whole(document: Document, owners: Mapping[int, list[str]]) -> Iterator[Finding]:
    """Yield the numerals of which several rows have a part each."""
    for clean in whole_numerals(document.clean):
        start, end = document.raw_span(*clean)
        offsets = (document.clean_to_raw[offset] for offset in range(*clean))
        names = list(dict.fromkeys(name for offset in offsets for name in owners.get(offset, [])[:1]))
        if len(names) > 1:
            printed = document.clean[slice(*clean)]
            message = (
                f"{printed!r} is one numeral and in {len(names)} rows ({', '.join(names)}): make them one"
            )
            yield _finding("split", names[0], "start", document, start, end, message)


def _stretches(
    spans: list[tuple[int, int]], owners: Mapping[int, list[str]]
) -> Iterator[tuple[int, int, list[str]]]:
    """Yield the parts of each numeral run that belong to the same rows."""
    for start, end in spans:
        begin = start
        for offset in range(start + 1, end + 1):
            names = owners.get(begin, [])
            if offset == end or owners.get(offset, []) != names:
                yield begin, offset, names
                begin = offset


def _check_figure(document: Document, source: Source, row: Figure) -> Iterator[Finding]:
    for field, message in [*_place_faults(document, row), *_year_faults(document, source, row)]:
        yield _finding("disagreeing", _name(row), field, document, row.start, row.end, message)


def _check_exclusion(document: Document, spans: list[tuple[int, int]], row: Exclusion) -> Iterator[Finding]:
    faults = list(_place_faults(document, row))
    start, end = row.start, row.end
    if not any(first < end and start < last for first, last in spans):
        faults.append(("start", f"{row.printed!r} holds no numeral: an exclusion covers at least one"))
    for field, message in faults:
        yield _finding("disagreeing", _name(row), field, document, start, end, message)


def _place_faults(document: Document, row: Figure | Exclusion) -> Iterator[tuple[str, str]]:
    start, end = row.start, row.end
    try:
        clean = document.clean_span(start, end)
        exact = document.raw_span(*clean)
    except SourceError as error:
        yield "start", str(error)
        return
    text = document.clean[slice(*clean)]
    if text != row.printed:
        yield "printed", f"the table has {row.printed!r}, the document {text!r} at {start}..{end}"
    if exact != (start, end):
        yield "start", f"{start}..{end} begins or ends in a gloss: {text!r} is at {exact[0]}..{exact[1]}"
    if document.paragraph(start) != row.paragraph:
        yield "paragraph", f"the table has {row.paragraph}, the span is in {document.paragraph(start)}"


def _year_faults(document: Document, source: Source, row: Figure) -> list[tuple[str, str]]:
    if row.year_basis != "stated":
        return []
    stated = document.clean + source.published
    missing = [year for year in row.year.split("/") if year not in stated]
    return [("year", f"{year} is marked as stated and is nowhere in the document") for year in missing]


def _name(row: Figure | Exclusion) -> str:
    return row.figure_id if isinstance(row, Figure) else f"exclusion {row.start}..{row.end}"


def _finding(
    kind: str, row: str, field: str, document: Document, start: int, end: int, message: str
) -> Finding:
    return Finding(kind, row, field, start, end, _context(document, start, end), message)


def _context(document: Document, start: int, end: int) -> str:
    try:
        before, marked, after = document.sentence(start, end)
    except SourceError:
        return ""
    return f"{before[-CONTEXT:]}【{marked}】{after[:CONTEXT]}"


def format_audit(audits: Iterable[SourceAudit]) -> str:
    """Return the accounts as text: a line for each source, and below it every finding with its place."""
    lines = []
    for account in audits:
        if not account.present:
            lines.append(f"{account.source_id}: document not at hand ({account.figures} figures not audited)")
            continue
        excluded = ", ".join(f"{count} {reason}" for reason, count in account.exclusions.items())
        counts = ", ".join(f"{kind} {account.count(kind)}" for kind in KINDS)
        lines.append(
            f"{account.source_id}: {account.numerals} numerals ({account.characters} characters), "
            f"{account.figures} figures, {sum(account.exclusions.values())} exclusions"
            + (f" ({excluded})" if excluded else "")
            + f"; {counts}"
        )
        lines += [f"  {_line(finding)}" for finding in account.findings]
    return "\n".join(lines)


def _line(finding: Finding) -> str:
    place = "" if finding.kind == "hash" else f" {finding.start}..{finding.end}"
    row = f" {finding.row} [{finding.field}]" if finding.row else ""
    context = f"  {finding.context}" if finding.context else ""
    return f"{finding.kind}{place}{row}: {finding.message}{context}"


def to_json(audits: Iterable[SourceAudit]) -> str:
    """Return the accounts as JSON, one object for each source, with ``passed`` and every finding."""
    rows = [
        {**asdict(account), "passed": account.passed, **{kind: account.count(kind) for kind in KINDS}}
        for account in audits
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)
