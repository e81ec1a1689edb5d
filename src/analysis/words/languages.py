"""The languages of the reports, each a value: to add one, add it here and its catalogue in ``text/``.

How numbers, dates and lists are written comes from the CLDR by ``locale``; what stands here is what the CLDR
does not know, or what is done otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from babel import Locale, UnknownLocaleError, parse_locale


class Scale(NamedTuple):
    """A short form of money: from which amount on, and its sign."""

    factor: int
    sign: str


SIMPLIFIED = ("Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei")
_TRADITIONAL = ("Noto Sans CJK TC", "Source Han Sans TC", "PingFang TC", "Microsoft JhengHei")


def css_list(fonts: Iterable[str]) -> str:
    """Return names of fonts as CSS lists them."""
    return ", ".join(f'"{font}"' for font in fonts)


@dataclass(frozen=True)
class Language:
    """One written language; what is not said is as in European languages."""

    code: str
    """How it is named in parameters, and in the ``lang`` of a page."""
    locale: str
    """Its rules in the CLDR, with the territory whose habits it follows."""
    catalogue: str
    """The file of its messages in ``text/``."""
    scales: tuple[Scale, ...]
    """The short forms of money, the largest first."""
    digits: int = 3
    """To how many digits an amount below the smallest scale is rounded in its short form."""
    grouped_from: int = 4
    """From how many digits on whole numbers have separators."""
    data: Literal["en", "zh"] = "en"
    """Which of two columns of the data it shows."""
    conversion: str = ""
    """How OpenCC makes its texts from Simplified Chinese, if it does."""
    quotes: str = "“”‘’"
    """What stands for these marks in a converted text."""
    space: str = " "
    """What stands between sentences, and before a citation."""
    full_stop: str = "."
    full_width: bool = False
    """Whether quotation marks are as wide as a character."""
    fonts: tuple[str, ...] = ()
    """Fonts of a page for what is not Latin, before those for Simplified Chinese."""
    leading: float = 1.35
    """The distance of lines on a page, in lines."""
    sheet_font: str = "Calibri"
    sheet_line: float = 13.5
    """The height of a line of a spreadsheet, in points."""
    plural: Callable[[str], str] = str
    """How the name of one thing becomes that of several."""
    counts: tuple[str, ...] = ()
    """How a sentence writes the first counts: ``one``, ``two``; in figures without."""
    opening: int = 130
    """How long the opening of a report may be: in words, or in characters where it has no spaces."""

    @cached_property
    def cldr(self) -> Locale:
        """What the CLDR knows of it."""
        return Locale.parse(self.locale)

    @property
    def name(self) -> str:
        """How it calls itself."""
        script = f"{self.cldr.language}_{self.cldr.script}"
        names = self.cldr.languages
        return str(names[script if script in names else self.cldr.language])

    @property
    def tag(self) -> str:
        """How Word names it: ``en-GB``, ``zh-CN``."""
        return f"{self.cldr.language}-{self.cldr.territory}"

    @property
    def font_stack(self) -> str:
        """The fonts of a page for what is not Latin, as CSS lists them."""
        return css_list((*self.fonts, *SIMPLIFIED))

    def with_english_separators(self, text: str) -> str:
        """Return a text as long as it was, with the separators between digits as English prints them."""
        symbols = self.cldr.number_symbols["latn"]
        english = {symbols["group"]: ",", symbols["decimal"]: "."}
        if english == {",": ",", ".": "."}:
            return text
        between = rf"(?<=\d)[{re.escape(''.join(english))}](?=\d)"
        return re.sub(between, lambda match: english[match[0]], text)

    def numbers(self, text: str) -> list[str]:
        """Return the numbers of a text, those in words too; ``one`` is none, since it need not count."""
        words = "".join(rf"|\b{count}\b(?!-)" for count in self.counts[1:])
        return [found.lower() for found in re.findall(rf"\d[\d,.]*{words}", text, re.IGNORECASE)]

    def length(self, text: str) -> int:
        """Return how long a text is: in words, or in characters where there are no spaces."""
        return len(text.split()) if self.space else len(text)

    @staticmethod
    def parse(spelling: object) -> Language:
        """Return the language that people mean: ``zh-CN``, ``zh_CN`` and ``cn`` are ``zh-Hans``.

        Raises ``ValueError`` naming the codes for what means none of the languages, or several: ``zh`` does
        not say in which script.
        """
        meant = _meant(spelling) if isinstance(spelling, str) else None
        if meant is None:
            raise ValueError(f"unknown language {spelling!r}; allowed are {', '.join(LANGUAGES)}")
        return meant

    @staticmethod
    def code_of(spelling: str) -> str:
        """Return the code of the language that is meant; what means none stays as it is, to be refused."""
        with suppress(ValueError):
            return Language.parse(spelling).code
        return spelling


def _meant(spelling: str) -> Language | None:
    """Return the language of a code, or else the only one that a locale of this spelling can mean."""
    if found := LANGUAGES.get(spelling):
        return found
    with suppress(UnknownLocaleError, ValueError):
        name = _COUNTRIES.get(spelling.lower(), spelling).replace("-", "_")
        meant, misspelt = Locale.parse(name), parse_locale(name)[3]
        fitting = [
            language
            for language in LANGUAGES.values()
            if language.cldr.language == meant.language and meant.script in (None, language.cldr.script)
        ]
        if len(fitting) == 1 and not misspelt:
            return fitting[0]
    return None


def _english_plural(name: str) -> str:
    """Return ``weak Party organisations`` for one of them; what is plural or has no plural stays."""
    head, preposition, rest = _HEAD.match(name).groups()  # type: ignore[union-attr]
    if head.endswith("s") or head.split(" ")[-1].lower() in ("people", "equipment"):
        return name
    plural = (
        f"{head[:-1]}ies"
        if re.search("[^aeiou]y$", head)
        else f"{head}{'es' if head.endswith('ch') else 's'}"
    )
    return plural + (preposition or "") + (rest or "")


_HEAD = re.compile(r"(.*?)(?:( (?:of|in|sent|found|trained|who)\b)(.*))?$", re.DOTALL)
_COUNTRIES = {"cn": "zh_CN", "tw": "zh_TW"}  # Twi, which tw names, is none of the languages
_CHINESE_SCALES = (Scale(10**8, "亿"), Scale(10**4, "万"))
_ALL = (
    Language(
        "en", "en_GB", "en.yaml", (Scale(10**9, " billion"), Scale(10**6, " million")),
        plural=_english_plural,
        counts=("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    ),
    Language(
        "zh-Hans", "zh_Hans_CN", "zh-Hans.yaml", _CHINESE_SCALES, digits=4, grouped_from=5, data="zh",
        space="", full_stop="。", full_width=True, leading=1.5, sheet_font="Microsoft YaHei",
        sheet_line=15.0, opening=220,
    ),
    Language(
        "zh-Hant", "zh_Hant_TW", "zh-Hans.yaml", _CHINESE_SCALES, digits=4, grouped_from=5, data="zh",
        conversion="s2tw", quotes="「」『』", space="", full_stop="。", full_width=True, fonts=_TRADITIONAL,
        leading=1.5, sheet_font="Microsoft JhengHei", sheet_line=15.0, opening=220,
    ),
)  # fmt: skip
LANGUAGES: Mapping[str, Language] = {language.code: language for language in _ALL}
