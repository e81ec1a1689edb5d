"""Memos asked for and written: everything checked first, each file whole or absent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from analysis.evidence.dataset import Dataset, records
from analysis.files import write_file
from analysis.show.export.request import KitError, Request
from analysis.show.memo.content import Memo
from analysis.show.memo.matching import unsupported
from analysis.show.memo.package import write
from analysis.show.memo.subjects import memo_on
from analysis.show.memo.writer import Writer

PICTURE, NATIVE = CHARTS = ("picture", "native")


class NumeralError(ValueError):
    """A memo with a numeral that rests on nothing; it is not written."""

    def __init__(self, name: str, faults: list[str]) -> None:
        self.faults = faults
        super().__init__(
            f"{name}: not written, since {len(faults)} numerals rest on nothing: {'; '.join(faults[:5])}"
        )


@dataclass(frozen=True)
class MemoRequest:
    """Which memos are to be written: on programmes, or comparing all programmes in themes."""

    programmes: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en",)
    price_year: int | None = None
    template: bytes | None = field(default=None, repr=False)
    template_name: str = ""
    charts: str = "picture"

    def checked(self, data: Dataset) -> MemoRequest:
        """Return the request with each name once; raises ``KitError`` with every name that is not known."""
        if not self.programmes and not self.themes:
            known = ", ".join(data.programme_ids[:20])
            raise KitError(
                [f"no memo is named; name programmes ({known}, or all), or --compare with a theme"]
            )
        if self.charts not in CHARTS:
            raise KitError([f"charts: {self.charts!r} is not known; allowed are {', '.join(CHARTS)}"])
        asked = Request(self.themes, self.programmes, self.languages, price_year=self.price_year)
        whole = asked.checked(data, ("docx",))
        themes = whole.themes if self.themes else ()
        return replace(self, programmes=whole.programmes, themes=themes, languages=whole.languages)

    @property
    def subjects(self) -> Iterator[dict[str, str]]:
        """What each memo is about, one after another."""
        year = "" if self.price_year is None else str(self.price_year)
        for language in self.languages:
            for programme in self.programmes:
                yield {"language": language, "programme": programme, "price_year": year}
            for theme in self.themes:
                yield {"language": language, "theme": theme, "price_year": year}


def write_memos(data: Dataset, request: MemoRequest, out: Path) -> Iterator[Path | NumeralError]:
    """Write the memos that are asked for and yield their files; same bytes on every run.

    A memo with a numeral that rests on nothing is not written: its error is yielded in its place, and the
    others go on. Raises ``KitError`` or ``TemplateError`` with every fault before anything is written.
    """
    request = request.checked(data)
    for about in request.subjects:
        memo = memo_on(data, about)
        assert memo is not None
        try:
            content = file_of(
                data, memo, request.template, request.template_name, native=request.charts == NATIVE
            )
        except NumeralError as error:
            yield error
            continue
        yield write_file(out / f"{file_name(memo)}.docx", content)


def file_of(
    data: Dataset, memo: Memo, template: bytes | None = None, name: str = "", *, native: bool = False
) -> bytes:
    """Return a memo as a Word file; raises ``NumeralError`` where a numeral of it rests on nothing.

    ``native`` has Word itself draw the charts that it can draw without loss.
    """
    faults = [f"{s.numeral.text!r} in {s.text[:80]!r}" for s in unsupported(memo.passages, memo.language)]
    if faults:
        raise NumeralError(file_name(memo), list(dict.fromkeys(faults)))
    author = Writer(data, memo.language).authors
    return write(memo, author=author, date=latest_date(data), template=template, name=name, native=native)


def file_name(memo: Memo) -> str:
    """Return the name of a memo's file without its ending."""
    prices = f".prices-{memo.about['price_year']}" if memo.about["price_year"] else ""
    return f"{memo.name}{prices}.{memo.language}"


def latest_date(data: Dataset) -> str:
    """Return the latest day on which a document was published: the time of the data, which a memo bears."""
    days = [row["published"] for row in records(data.sources) if len(row["published"]) == len("2021-09-26")]
    return max(days, default="")
