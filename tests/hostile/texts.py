"""A data set whose texts want to be markup, formulas, templates or mathematics, beside a plain county."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qingxi import VALID, Rows, bilingual, coding, figure, write

# A formula of a spreadsheet, a script, templates of Jinja and of Python, mathematics of TeX that is none.
EVIL = "=1+1|<script>alert(1)</script>{{ 7*7 }}{0}%s $\\frac{$ \\n &lt;b&gt; \"'> **b** [x](javascript:1)"
PLAIN = "plain"


def tables(text: str) -> Rows:
    """Return a data set about qingxi, every text of which is ``text``, and about baisha, which is plain."""

    def rewritten(table: str, *columns: str) -> list[dict[str, str]]:
        return [row | bilingual(**dict.fromkeys(columns, text)) for row in VALID[table]]

    place = {"programme_id": "baisha", "admin_level": "county"} | bilingual(
        label="白沙县", programme_name="固"
    )
    printed = dict.fromkeys(("title", "title_en", "author", "publisher"), text)
    source = VALID["sources"][0]
    return VALID | {
        "programmes": [
            *rewritten("programmes", "label", "programme_name", "note", "parent", "province"),
            place,
        ],
        "sources": [
            source | printed | bilingual(date_note=text),
            source | {"source_id": "baisha", "programme_id": "baisha", "file": "baisha.txt"},
        ],
        "figures": [
            *rewritten("figures", "subject", "note"),
            figure("venues", 1, 10, "5个", "5", "venue", figure_id="baisha.venues", source_id="baisha"),
        ],
        "choices": rewritten("choices", "question", "note"),
        "readings": rewritten("readings", "label", "reason"),
        "codings": [
            *rewritten("codings", "note"),
            coding("", "venues_upgraded", "baisha.venues")
            | {"coding_id": "baisha.venues", "programme_id": "baisha"},
        ],
        "identities": rewritten("identities", "note"),
    }


def project(root: Path, text: str, change: Callable[[Rows], Rows] = lambda rows: rows) -> Path:
    """Write that data set below a folder, and return it."""
    return write(root, change(tables(text)))
