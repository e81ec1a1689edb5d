"""The columns of tables on comparisons, wherever they stand."""

from __future__ import annotations

from analysis.draw.tables import Column
from analysis.words.language import Text

_SECTIONS = ("tables.column_", "comparison.column_", "codes.absence.", "table.")


def column(text: Text, key: str, *, right: bool) -> Column:
    """Return the column of that key, with its heading from the first section of messages that has one."""
    known = (f"{section}{key}" for section in _SECTIONS)
    label = text(next(name for name in known if name in text.messages))
    return Column(key, label, "right" if right else "left")
