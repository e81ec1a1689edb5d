"""What is no fault and yet is seldom meant: notes that a check adds."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.evidence.checks.problems import Problem, RawData

_AHEAD = ("planned", "standard")


def doubts(data: RawData) -> Iterator[Problem]:
    """Yield programmes that readers cannot tell apart, and figures of a year after their document."""
    for column in ("label", "label_zh"):
        lines: dict[str, int] = {}
        for row in data.rows["programmes"]:
            line = lines.setdefault(row[column].casefold().strip(), row.line)
            if line != row.line:
                expected = f"a name of its own: readers cannot tell it from that of line {line}"
                yield row.problem("same-name", column, expected, "name the prefecture or province as well")
    published = {row["source_id"]: row["published"] for row in data.rows["sources"]}
    for row in data.rows["figures"]:
        last = published.get(row["source_id"], "").partition("/")[2] or published.get(row["source_id"], "")
        if row["status"] not in _AHEAD and row["year"][:4] > last[:4]:
            expected = f"{last[:4]} or earlier, when its document appeared, for what is {row['status']}"
            yield row.problem(
                "year-after-document", "year", expected, "correct the year, the date or the status"
            )
