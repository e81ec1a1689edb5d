"""What memos are about: one programme, or the comparison in a theme."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.estimates.prices import price_years
from analysis.estimates.themes import THEMES
from analysis.evidence.dataset import Dataset
from analysis.show.memo.comparing import theme_memo
from analysis.show.memo.content import Memo
from analysis.show.memo.programme import programme_memo


def memo_on(data: Dataset, about: Mapping[str, str]) -> Memo | None:
    """Return the memo that a ledger says it is of; ``None`` where the data has no such programme any more."""
    language, year = about.get("language", "en"), about.get("price_year", "")
    price_year = int(year) if year.isdecimal() and int(year) in price_years(data) else None
    if about.get("theme") in THEMES:
        return theme_memo(data, about["theme"], language, price_year)
    if about.get("programme") in data.programme_ids:
        return programme_memo(data, about["programme"], language, price_year)
    return None
