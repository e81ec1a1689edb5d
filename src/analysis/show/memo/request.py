"""Memos asked for and written: everything checked first, each file whole or absent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from analysis.estimates.prices import PRINTED, PriceYear, price_years
from analysis.estimates.themes import THEMES
from analysis.evidence.dataset import Dataset
from analysis.files import write_file
from analysis.show.chartbook import Book
from analysis.show.export.citation import citation
from analysis.show.export.request import KitError, Request
from analysis.show.memo.document import checked_template, make_document
from analysis.show.memo.facts import tidy
from analysis.show.memo.matching import Support, grounded
from analysis.show.memo.passages import Memo, Passage
from analysis.show.memo.placing import Placing, placed_again
from analysis.show.memo.programme import ProgrammeMemo
from analysis.show.memo.theme import ThemeMemo
from analysis.words.languages import Language

SLIDES = ".pptx"


class NumeralError(ValueError):
    """A memo with a numeral that rests on nothing; it is not written."""

    def __init__(self, name: str, faults: list[str]) -> None:
        self.faults = faults
        super().__init__(
            f"{name}: not written, since {len(faults)} numerals rest on nothing: {'; '.join(faults[:5])}"
        )


@dataclass(frozen=True)
class MemoRequest:
    """Which memos are to be written: on programmes, or comparing all programmes in themes.

    ``given`` is what is known of ``issuer``, ``addressee`` and ``date``; the rest is left to fill in.
    ``slides`` asks for slides instead.
    """

    programmes: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en",)
    price_year: PriceYear = None
    template: bytes | None = field(default=None, repr=False)
    template_name: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    slides: bool = False

    @property
    def suffix(self) -> str:
        """What the names of the files end in."""
        return SLIDES if self.slides else ".docx"

    def validate(self, data: Dataset) -> MemoRequest:
        """Return the request with each name once; raises ``KitError`` with every name that is not known."""
        if not self.programmes and not self.themes:
            known = ", ".join(data.programme_ids[:20])
            raise KitError(
                [f"no memo is named; name programmes ({known}, or all), or --compare with a theme"]
            )
        asked = Request(self.themes, self.programmes, self.languages, price_year=self.price_year)
        whole = asked.validate(data, ("docx",))
        themes = whole.themes if self.themes else ()
        return replace(
            self, programmes=whole.programmes, themes=themes, languages=whole.languages,
            price_year=whole.price_year, given={name: tidy(text) for name, text in self.given.items()},
        )  # fmt: skip

    @property
    def subjects(self) -> Iterator[dict[str, str]]:
        """What each memo is about, one after another."""
        subjects = [{"programme": name} for name in self.programmes] + [
            {"theme": name} for name in self.themes
        ]
        year = "" if self.price_year is None else str(self.price_year)
        for language in self.languages:
            made = {"language": language, "price_year": year, **self.given}
            yield from ({**made, **subject} for subject in subjects)


def checked(data: Dataset, request: MemoRequest) -> MemoRequest:
    """Return a request that can be met; raises ``KitError`` or ``TemplateError`` with every fault.

    A template is tried with the first memo: what only another place lacks fails the memo on that place.
    """
    request = request.validate(data)
    if request.template is not None:
        memo = memo_on(data, next(request.subjects))
        assert memo is not None
        checked_template(memo, Placing.of(data, memo), request.template, request.template_name)
    return request


def write_memos(data: Dataset, request: MemoRequest, out: Path) -> Iterator[Path | NumeralError]:
    """Write the memos that are asked for and yield their files; same bytes on every run.

    A memo with a numeral that rests on nothing is not written: its error is yielded in its place, and the
    others go on. Raises ``KitError`` or ``TemplateError`` with every fault before anything is written.
    """
    request = request.validate(data)
    for about in request.subjects:
        try:
            yield write_memo(data, request, about, out)
        except NumeralError as error:
            yield error


def write_memo(data: Dataset, request: MemoRequest, about: Mapping[str, str], out: Path) -> Path:
    """Write one memo of a request and return its file; raises ``NumeralError`` or ``TemplateError``."""
    memo = memo_on(data, about)
    assert memo is not None
    content = file_of(data, memo, request.template, request.template_name, slides=request.slides)
    return write_file(out / f"{file_name(memo)}{request.suffix}", content)


def prepare(data: Dataset) -> None:
    """Make one memo, so that what all of them have in common need not be found, read or drawn anew."""
    for comparison in Book(data).all.comparisons:
        comparison.differences, comparison.ranked, comparison.turned  # noqa: B018  # kept by the dataset
    if memo := memo_on(data, {"programme": data.programme_ids[0]}):
        file_of(data, memo)


def memo_on(data: Dataset, about: Mapping[str, str]) -> Memo | None:
    """Return the memo that a ledger says it is of; ``None`` where the data has no such programme any more."""
    language, year = Language.parse(about.get("language", "en")).code, about.get("price_year", "")
    price_year: PriceYear = PRINTED if year == PRINTED else None
    if year.isdecimal() and int(year) in price_years(data):
        price_year = int(year)
    if about.get("theme") in THEMES:
        memo = ThemeMemo(data, language, price_year, about, theme=about["theme"]).memo()
    elif about.get("programme") in data.programme_ids:
        memo = ProgrammeMemo(data, language, price_year, about, programme=about["programme"]).memo()
    else:
        return None
    return replace(memo, placed=placed_again(data, language, {**about, **memo.about}))


def file_of(
    data: Dataset, memo: Memo, template: bytes | None = None, name: str = "", *, slides: bool = False
) -> bytes:
    """Return a memo as a Word file, or as slides; raises ``NumeralError`` where a numeral has no ground."""
    cited = citation(data)
    author = cited["authors"] or cited["title"]
    date = _latest_date(data)
    if slides:
        # What writes slides takes a while to import, which memos need not wait for.
        from analysis.show.memo.slides import make_slides

        _ground(memo, memo.passages)
        return make_slides(memo, author=author, date=date)
    placing = Placing.of(data, memo)
    ground = partial(_ground, memo)
    return make_document(memo, placing, ground, author=author, date=date, template=template, name=name)


def _ground(memo: Memo, passages: Iterable[Passage]) -> list[Support]:
    """Return what the numerals of a memo rest on; raises ``NumeralError`` where one rests on nothing."""
    found = list(grounded(passages, memo.language))
    if faults := [f"{s.numeral.text!r} in {s.text[:80]!r}" for s in found if not s.holds]:
        raise NumeralError(file_name(memo), list(dict.fromkeys(faults)))
    return found


def named(about: Mapping[str, str]) -> str:
    """Return the name of a memo's file without its ending, from what it is made from."""
    prices = f".prices-{about['price_year']}" if about.get("price_year") else ""
    name = about["programme"] if about.get("programme") else f"comparison-{about['theme'].replace('_', '-')}"
    return f"{name}{prices}.{about['language']}"


def file_name(memo: Memo) -> str:
    """Return the name of a memo's file without its ending."""
    return named({**memo.about, "language": memo.language})


def _latest_date(data: Dataset) -> str:
    """Return the latest day on which a document was published: the time of the data, which a memo bears."""
    return max((day for day in data.sources["published"] if len(day) == len("2021-09-26")), default="")
