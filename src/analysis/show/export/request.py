"""What a kit of charts or tables is asked for, checked as a whole before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis.draw.style import WIDTHS_MM
from analysis.estimates.prices import PriceYear, checked_price_year
from analysis.estimates.themes import THEMES
from analysis.evidence.dataset import Dataset
from analysis.evidence.errors import InputError, did_you_mean, list_names
from analysis.words.languages import LANGUAGES, Language

ALL = "all"
VARIANTS = ("standalone", "memo")


class KitError(InputError):
    """The request asks for something that there is not; the message names every fault."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))


@dataclass(frozen=True)
class Topic:
    """What one folder of a kit is about: one programme in some themes, or the comparison in one theme."""

    folder: str
    themes: tuple[str, ...]
    programme: str = ""


@dataclass(frozen=True)
class Request:
    """What is to be exported. Without programmes it is the comparison of each theme.

    With programmes it is each of them, in the themes named; without themes or formats all are meant, and the
    single programme ``all`` means every one.
    """

    themes: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en",)
    formats: tuple[str, ...] = ()
    widths: tuple[str, ...] = ("memo",)
    variants: tuple[str, ...] = ("standalone",)
    price_year: PriceYear = None

    def validate(self, data: Dataset, known_formats: tuple[str, ...]) -> Request:
        """Return the request with each name once, and all themes and formats where none is named.

        Raises ``KitError`` with every name that is not known, and what is allowed.
        """
        programmes = tuple(data.programme_ids) if self.programmes == (ALL,) else self.programmes
        fields = {
            "theme": (self.themes, tuple(THEMES)),
            "programme": (programmes, tuple(data.programme_ids)),
            "language": (tuple(map(Language.code_of, self.languages)), tuple(LANGUAGES)),
            "format": (self.formats, known_formats),
            "width": (self.widths, tuple(WIDTHS_MM)),
            "variant": (self.variants, VARIANTS),
        }
        faults = [fault for name, (asked, known) in fields.items() for fault in _faults(name, asked, known)]
        for name in ("language", "width", "variant"):
            if not fields[name][0]:
                faults.append(f"{name}: none is named; choose from {', '.join(fields[name][1])}")
        price_year: PriceYear = None
        try:
            price_year = checked_price_year(data, self.price_year)
        except ValueError as error:
            faults.append(str(error))
        if faults:
            raise KitError(faults)
        once = {name: tuple(dict.fromkeys(asked)) for name, (asked, _) in fields.items()}
        return Request(
            once["theme"] or tuple(THEMES), once["programme"], once["language"],
            once["format"] or known_formats, once["width"], once["variant"], price_year,
        )  # fmt: skip

    @property
    def topics(self) -> Iterator[Topic]:
        """What the kit is about, one after another."""
        prices = "" if self.price_year is None else f"-prices-{self.price_year}"
        for programme in self.programmes:
            short = "" if len(self.themes) == len(THEMES) else f"-{name_themes(*self.themes)}"
            yield Topic(f"{programme}{short}{prices}", self.themes, programme)
        if not self.programmes:
            yield from (Topic(f"comparison-{name_themes(theme)}{prices}", (theme,)) for theme in self.themes)


def name_themes(*themes: str) -> str:
    """Return themes as names of files have them, with hyphens: ``collective-economy``."""
    return "-".join(themes).replace("_", "-")


def _faults(name: str, asked: Sequence[str], known: Sequence[str]) -> Iterator[str]:
    allowed = f"allowed are {list_names(known)}"
    for value in asked:
        if value not in known:
            yield f"{name}: {value!r} is not known; {allowed}; {did_you_mean(value, known)}"
