"""What a document says of itself: title, author, publisher and date, from the lines at its ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from analysis.evidence.characters import normalise

MAX_TITLE = 80
MAX_LINE = 60  # a date in a longer line, or in a sentence, is that of an event

_LABEL = "(?:发布|发表|更新|时间|日期|来源|稿源|作者|记者|编辑|责编|审核|阅读|浏览|点击|字体|字号)"
_DATE = re.compile(
    "(?P<year>(?:19|20)[0-9]{2}) ?[-年/.] ?(?P<month>[0-9]{1,2}) ?[-月/.] ?(?P<day>[0-9]{1,2})"
    r"|(?<![0-9.])(?P<day2>[0-9]{1,2})\.(?P<month2>[0-9]{1,2})\.(?P<year2>(?:19|20)[0-9]{2})"
)
_NAME = r"[:：] *(?!" + _LABEL + r")([^\s|,，;；。()（）:：0-9]{2,%d})"
_AUTHOR = re.compile("(?:作者|记者)" + _NAME % 12)
_PUBLISHER = re.compile("(?:来源|稿源)" + _NAME % 20)
_NO_TITLE = re.compile(
    rf"(?:政府|党建网?|门户网站|政府网|信息网|先锋网?|首页|委员会|组织部)$|^(?:当前位置|您?所?在?位置|首页)|{_LABEL}[:：]"
    "|^[（(]?[一二三四五六七八九十]+[、）)]|^第[一二三四五六七八九十]+[章部]|^第[0-9]+页$|[。；;，,]$"
)
_YEAR = re.compile(r"(?<![0-9])(?P<year>(?:19|20)[0-9]{2})年")
# A year to come: 到2025年, 2021—2025年, 力争2025年.
_AHEAD = re.compile(r"[-—–~～]$|(?:到|至|力争|计划|规划|预计|争取|目标|将于|拟于?)[^。；;，,\n]{0,6}$")


class Metadata(NamedTuple):
    """What the lines say; a text is empty where they do not say it."""

    title: str
    author: str
    publisher: str
    published: str


def metadata_of(paragraphs: Sequence[str], heading: str = "") -> Metadata:
    """Return what a document says of itself; ``heading`` is the title of a web page.

    A date is taken for that of the document where it stands in a short line of its own, and the text names
    no later year as past.
    """
    ends = [*paragraphs[:5], *paragraphs[5:][-2:]]
    lines = "\n".join(ends)
    author, publisher = (
        match[1] if (match := pattern.search(lines)) else "" for pattern in (_AUTHOR, _PUBLISHER)
    )
    title = next((line.strip() for line in (heading, *paragraphs[:5]) if _is_title(line)), "")
    published = _published(ends)
    latest = latest_year("\n".join(paragraphs))
    return Metadata(title, author, publisher, "" if published[:4] < latest else published)


def _is_title(line: str) -> bool:
    text = line.strip("\ufeff \t\r\n\u3000")
    return 4 <= len(text) <= MAX_TITLE and not _NO_TITLE.search(text) and not _DATE.fullmatch(text)


def _published(ends: Sequence[str]) -> str:
    """Return the date of a line of its own, first one that is labelled as such."""
    short = [normalise(line) for line in ends if len(line) <= MAX_LINE and "。" not in line]
    for line in sorted(short, key=lambda line: not re.search("发布|发表|时间|日期", line)):
        if found := _DATE.search(line):
            year, month, day = (found[name] or found[f"{name}2"] for name in ("year", "month", "day"))
            return f"{year}-{month:0>2}-{day:0>2}"
    return ""


def latest_year(text: str) -> str:
    """Return the latest year that the text names and does not look ahead to, or ``""``."""
    normal = normalise(text)
    years = (
        match["year"]
        for match in _YEAR.finditer(normal)
        if not _AHEAD.search(normal, max(0, match.start() - 10), match.start())
    )
    return max(years, default="")


def first_year(text: str, published: str) -> str:
    """Return the first year that a dated text names of the ten years before its date, or ``""``."""
    if not published:
        return ""
    years = (match["year"] for match in _YEAR.finditer(normalise(text)))
    earliest = str(int(published[:4]) - 10)
    return min((year for year in years if earliest <= year < published[:4]), default="")
