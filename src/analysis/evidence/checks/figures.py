"""Checks of the evidence: sources, figures and exclusions, and the reference series."""

from __future__ import annotations

import codecs
import math
import re
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise

from analysis.evidence import numerals, units
from analysis.evidence.checks.problems import (
    Problem,
    RawData,
    RawRow,
    codes,
    file_of,
    integer,
    is_unit,
    number,
)
from analysis.evidence.register import CPI
from analysis.evidence.schema import DOTTED_ID, GLOSSED
from analysis.evidence.theme import RURAL_INCOME

LONGEST_GLOSS = len("(" + 12 * "a" + ")")
"""Characters of a pinyin gloss; none that is longer is read as one."""
MOST_CHANGE = 1000.0
"""Percent by which prices may rise in a year: more is a slip of the decimal point."""
_BARE = "a printed unit, or a note_zh that quotes it from where it stands, such as “元” or （万元）"
_QUOTED = re.compile("[“「（(]([^“”「」（）()]{1,8})[”」）)]")
_EITHER = "correct the cell or the printed text"
_IN_ORDER = "two different years, the earlier one first"
_YEARS = ("1949", "2100")
_PLAUSIBLE = f"years from {_YEARS[0]} to {_YEARS[1]}"
_NO_TEXT = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "utf-7"}
_ID = re.compile(DOTTED_ID)
_HOW_KNOWN = "say how the year is known, or that it is unknown"


def sources(data: RawData) -> Iterator[Problem]:
    """Yield dates and encodings that do not exist, and programmes without any source."""
    for row in data.rows["sources"]:
        if len(row["published"]) == len("2021-09-26") and not _is_date(row["published"]):
            yield row.problem("date", "published", "a day of the calendar", "correct the date")
        elif not _is_range(row["published"]):
            yield row.problem("year-range", "published", _IN_ORDER, "correct the range")
        elif not _is_plausible(row["published"]):
            yield row.problem("year-range", "published", _PLAUSIBLE, "correct the date")
        if row["date_basis"] == "inferred" and not row["date_note"]:
            yield row.problem("date", "date_note", "how the date was inferred", "fill in the cell")
        if row["encoding"] and not _is_encoding(row["encoding"]):
            expected = "the name of an encoding, such as utf-8, gb18030 or big5"
            yield row.problem("encoding", "encoding", expected, "correct the cell")
    reported = data.ids("sources", "programme_id")
    for row in data.rows["programmes"]:
        if row["programme_id"] not in reported:
            expected = f"a programme with a source in {file_of('sources')}"
            yield row.problem(
                "no-source", "programme_id", expected, "add the source, or remove the programme"
            )


def _latest(years: str) -> str:
    """Return the last year of a date, a year or a range."""
    return max(re.findall(r"(?<![0-9])[0-9]{4}(?![0-9])", years, re.ASCII), default="")


def _is_date(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _is_range(years: str) -> bool:
    first, _, last = years.partition("/")
    return not last or first < last


def _is_plausible(years: str) -> bool:
    """Return whether the years of a date or range can be meant; another form is reported elsewhere."""
    found = re.findall(r"(?<![0-9])[0-9]{4}(?![0-9])", years, re.ASCII)
    return all(_YEARS[0] <= year <= _YEARS[1] for year in found)


def _is_encoding(name: str) -> bool:
    """Return whether texts are saved in the encoding: those that escape characters are for other things."""
    try:
        return codecs.lookup(name).name not in _NO_TEXT and bool("1".encode(name))
    except (LookupError, ValueError):
        return False


def values(data: RawData) -> Iterator[Problem]:
    """Yield the figures whose value, qualifier, unit or period is not what their printed text says."""
    for row in data.rows["figures"]:
        value = number(row["value"])
        if value is None or not row["printed"]:
            continue
        try:
            read = numerals.read(row["printed"])
        except numerals.NumeralError as error:
            remedy = f"correct the cell: {str(error).partition('; ')[0]}"
            yield row.problem("unreadable", "printed", "exactly one quantity", remedy)
        else:
            yield from _disagreements(row, value, read if read.unit_words else _as_noted(row, read))


def _as_noted(row: RawRow, read: numerals.Quantity) -> numerals.Quantity:
    """Return a bare number with the unit that its note quotes (“元”, （万元）), if the note quotes one."""
    for words in _QUOTED.findall(row["note_zh"]):
        try:
            noted = numerals.read(row["printed"] + words)
        except numerals.NumeralError:
            continue
        if is_unit(row["unit"]) and numerals.unit_fits(noted.unit_words, row["unit"]):
            return noted
    return read


def _disagreements(row: RawRow, value: float, read: numerals.Quantity) -> Iterator[Problem]:
    printed = f"as printed in {row['printed']}"
    if not _same(read.value, value):
        yield row.problem("value-disagrees", "value", f"{read.value:.12g}, {printed}", _EITHER)
    if not _same(read.value_to, number(row["value_to"])):
        upper = "no upper end" if read.value_to is None else f"{read.value_to:.12g}"
        yield row.problem("value-disagrees", "value_to", f"{upper}, {printed}", _EITHER)
    if row["qualifier"] in codes("figures", "qualifier") and not _is_qualified(row, read.qualifier):
        yield row.problem("qualifier-disagrees", "qualifier", f"{read.qualifier}, {printed}", _EITHER)
    if is_unit(row["unit"]) and not numerals.unit_fits(read.unit_words, row["unit"]):
        fitting = f"a unit printed as {read.unit_words}" if read.unit_words else _BARE
        yield row.problem("unit-disagrees", "unit", f"{fitting}, as in {row['printed']}", _EITHER)
    if row["period"] in codes("figures", "period") and read.period not in (None, row["period"]):
        yield row.problem("period-disagrees", "period", f"{read.period}, {printed}", _EITHER)


def _is_qualified(row: RawRow, read: str) -> bool:
    """Return whether the qualifier is the one read, or one whose word the note quotes (“不低于”)."""
    words = _QUOTED.findall(row["note_zh"]) if read == "exact" else ()
    return row["qualifier"] in (read, *(numerals.qualifier_of(word) for word in words))


def _same(left: float | None, right: float | None) -> bool:
    if left is None or right is None:
        return left is right
    return math.isclose(left, right, rel_tol=1e-12, abs_tol=1e-12)


def figure_units(data: RawData) -> Iterator[Problem]:
    """Yield the figures whose unit is unknown, or at odds with their period, basis or value."""
    for row in data.rows["figures"]:
        unit = row["unit"]
        if not is_unit(unit):
            expected = f"one to three different ones of {', '.join(units.UNITS)}, joined by /"
            yield row.problem("unknown-unit", "unit", expected, "correct the code")
            continue
        yield from _unit_and_time(row)
        whole = units.without_time(unit)
        if "/" in whole and row["basis"] == "total":
            expected = f"per_unit or threshold, since the unit is {unit}"
            yield row.problem("basis-disagrees", "basis", expected, "correct the basis or the unit")
        if (unit == "share") != (row["basis"] == "share"):
            expected = "share for the unit share, and for no other"
            yield row.problem("basis-disagrees", "basis", expected, "correct the basis or the unit")
        for column in ("value", "value_to"):
            if unit == "share" and (number(row[column]) or 0) > 1:
                yield row.problem("share", column, "a fraction from 0 to 1", "write 0.98 for 98%")


def _unit_and_time(row: RawRow) -> Iterator[Problem]:
    unit, period, time = row["unit"], row["period"], units.time_of(row["unit"])
    ordered = f"{units.without_time(unit)}/{time}" if time else unit
    if unit != ordered:
        yield row.problem("unit-order", "unit", f"{ordered}: time once, and last", "correct the unit")
    elif time and time != period:
        expected = f"{time}, as the unit {unit} says"
        yield row.problem("period-disagrees", "period", expected, "correct the period or the unit")
    elif unit.split("/")[0] == "CNY" and period in units.TIME_ATOMS and not time:
        expected = f"{unit}/{period}, as the period says"
        yield row.problem("period-disagrees", "unit", expected, "correct the unit or the period")


def superseded(data: RawData) -> Iterator[Problem]:
    """Yield the figures that a later document corrects, where no figure of another document is named."""
    sources = {row["figure_id"]: row["source_id"] for row in data.rows["figures"]}
    for row in data.rows["figures"]:
        named = (sources.get(word[0]) for word in _ID.finditer(row["note"]))
        if row["figure_id"] in data.superseded and not {*named} - {None, row["source_id"]}:
            expected = "the id of the figure in a later document that holds instead"
            yield row.problem("superseded", "note", expected, "name it in the note, or correct the status")


def years(data: RawData) -> Iterator[Problem]:
    """Yield the figures whose year does not go with its basis, or with the date of the document."""
    appeared = {row["source_id"]: _latest(row["published"]) for row in data.rows["sources"]}
    for row in data.rows["figures"]:
        last = appeared.get(row["source_id"], "")
        # A year that can be none has its own fault.
        later = bool(last) and last < _latest(row["year"]) <= _YEARS[1]
        if row["status"] in ("achieved", "reported") and later:
            expected = f"{last} or earlier, when {row['source_id']} appeared, for what is {row['status']}"
            remedy = "correct the year, the status, or published in sources.csv"
            yield row.problem("year-after-publication", "year", expected, remedy)
        known = row["year_basis"] in ("stated", "inferred")
        if row["year"] and not known:
            expected = f"stated or inferred, since the year {row['year']} is given"
            yield row.problem("year-basis", "year_basis", expected, _HOW_KNOWN)
        if not row["year"] and known:
            yield row.problem("year-basis", "year", f"a year, since it is {row['year_basis']}", _HOW_KNOWN)
        if not _is_range(row["year"]):
            yield row.problem("year-range", "year", _IN_ORDER, "correct the range")
        elif not _is_plausible(row["year"]):
            yield row.problem("year-range", "year", _PLAUSIBLE, "correct the year")


def spans(data: RawData) -> Iterator[Problem]:
    """Yield the spans that cannot be: of a wrong length, outside the document, out of order, overlapping."""
    glossed = {row["source_id"]: row["script"] == GLOSSED for row in data.rows["sources"]}
    lengths = {row["source_id"]: integer(row["paragraphs"]) for row in data.rows["sources"]}
    last: dict[str, tuple[int, int, RawRow]] = {}
    for source, start, end, paragraph, row in _located(data):
        yield from _wrong_length(row, start, end, glossed=glossed.get(source, True))
        if paragraph > (lengths.get(source) or math.inf):
            expected = f"{lengths[source]} or less, the paragraphs of {source}"
            yield row.problem("impossible-span", "paragraph", expected, "correct the paragraph")
            continue
        before_end, before_paragraph, before = last.get(source, (0, 0, row))
        there = f"line {before.line} of {before.table.path}"
        if start < before_end:
            expected = f"{before_end} or more, where {there} ends"
            yield row.problem("overlapping-span", "start", expected, "let no two rows share a character")
        elif paragraph < before_paragraph:
            expected = f"{before_paragraph} or more, since {there} stands before it"
            yield row.problem("impossible-span", "paragraph", expected, "correct the paragraph or the span")
        if end > before_end:
            last[source] = (end, paragraph, row)


def _wrong_length(row: RawRow, start: int, end: int, *, glossed: bool) -> Iterator[Problem]:
    """Yield a span that cannot read as printed; some documents have a gloss after each of its characters."""
    characters = len(row["printed"])
    least = start + characters
    most = least + (LONGEST_GLOSS * (characters - 1) if glossed else 0)
    if least <= end <= most:
        return
    ends = f"{most} or less" if end > most > least else f"{least} or more" if most > least else f"{least}"
    expected = f"{ends}, for {characters} printed characters from {start}"
    remedy = "correct start, end or printed"
    yield row.problem("impossible-span", "end", expected, remedy)


def whole_numerals(data: RawData) -> Iterator[Problem]:
    """Yield the adjacent rows that have a part each of one numeral: 一百二十 and 三个."""
    chain: list[RawRow] = []
    last = ("", 0)
    for source, start, end, _, row in _located(data):
        if (source, start) != last:
            yield from _split_numerals(chain)
            chain = []
        chain.append(row)
        last = (source, end)
    yield from _split_numerals(chain)


def _split_numerals(chain: list[RawRow]) -> Iterator[Problem]:
    """Yield the rows of an unbroken chain that begin inside a numeral."""
    if len(chain) < 2:
        return
    text = "".join(row["printed"] for row in chain)
    inside = [(span, range(span[0] + 1, span[1])) for span in numerals.whole_numerals(text)]
    offset = 0
    for before, row in pairwise(chain):
        offset += len(before["printed"])
        for (start, end), within in inside:
            if offset in within:
                there = f"line {before.line} of {before.table.path}"
                expected = f"one row for {text[start:end]}, which begins in {there}"
                yield row.problem("split-numeral", "printed", expected, "make them one row")


def _located(data: RawData) -> list[tuple[str, int, int, int, RawRow]]:
    """Return source, start, end, paragraph and row of every span in whole numbers, in reading order."""
    found = []
    for row in data.rows["figures"] + data.rows["exclusions"]:
        start, end, paragraph = (integer(row[column]) for column in ("start", "end", "paragraph"))
        if start is not None and end is not None and paragraph is not None:
            found.append((row["source_id"], start, end, paragraph, row))
    return sorted(found, key=lambda span: span[:3])


def reference_series(data: RawData) -> Iterator[Problem]:
    """Yield what prices and income ratios need of the series and do not find: values, without gaps."""
    file = file_of("reference_series")
    for name, least, most in ((CPI, -100.0, MOST_CHANGE), (RURAL_INCOME, 0.0, math.inf)):
        rows = [row for row in data.rows["reference_series"] if row["series"] == name]
        if not rows:
            remedy = "restore its rows"
            yield Problem("series", file, None, "series", "no such series", f"the series {name}", remedy)
        previous: int | None = None
        for row in sorted(rows, key=lambda row: row["year"]):
            if (number(row["value"]) or 0.0) <= least:
                yield row.problem("series", "value", f"more than {least:g}", "correct the value")
            if (number(row["value"]) or 0.0) > most:
                yield row.problem("series", "value", f"{most:g} percent or less", "correct the value")
            year = integer(row["year"])
            if name == CPI and previous and year and year > previous + 1:
                expected = f"{previous + 1}: prices are chained from each year after {previous}"
                yield row.problem("series", "year", expected, "add the missing rows, or correct the year")
            previous = year


CHECKS: tuple[Callable[[RawData], Iterator[Problem]], ...] = (
    sources, values, figure_units, years, superseded, spans, whole_numerals, reference_series,
)  # fmt: skip
