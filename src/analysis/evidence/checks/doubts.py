"""What is no fault and yet is seldom meant: notes that a check adds."""

from __future__ import annotations

from collections.abc import Iterator
from unicodedata import normalize

from analysis.evidence.checks.problems import Problem, RawData


def doubts(data: RawData) -> Iterator[Problem]:
    """Yield programmes that readers cannot tell apart."""
    for column in ("label", "label_zh"):
        lines: dict[str, int] = {}
        for row in data.rows["programmes"]:
            shown = " ".join(normalize("NFKC", row[column]).casefold().split())
            line = lines.setdefault(shown, row.line)
            if line != row.line:
                expected = f"a name of its own: readers cannot tell it from that of line {line}"
                yield row.problem("same-name", column, expected, "name the prefecture or province as well")
