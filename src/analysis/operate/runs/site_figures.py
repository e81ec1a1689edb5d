"""What the search of the site knows of figures, packed: without it the page would be twice as large."""

from __future__ import annotations

import base64
import gzip
import json
from functools import cache

from analysis.words.labels import Labels


def figures_packed(labels: Labels) -> str:
    """Return the figures of all programmes: JSON, packed by gzip, as base64.

    ``subjects`` are what is counted, each once; ``rows`` holds a list for each programme, in the order of the
    data, with a numeral as printed and the number of its subject in turn. What a programme prints twice of
    one thing stands there once.
    """
    convert, pick = cache(labels.text.convert), cache(labels.text.pick)
    owners = dict(zip(labels.data.sources["source_id"], labels.data.sources["programme_id"], strict=True))
    rows: dict[str, dict[tuple[str, int], None]] = {name: {} for name in labels.data.programme_ids}
    numbers: dict[str, int] = {}
    figures = labels.data.figures
    columns = (figures[name].tolist() for name in ("source_id", "printed", "subject", "subject_zh"))
    for source, printed, *subject in zip(*columns, strict=True):
        number = numbers.setdefault(pick(*subject), len(numbers))
        rows[owners[source]][convert(printed), number] = None
    content = {
        "subjects": list(numbers),
        "rows": [[part for pair in found for part in pair] for found in rows.values()],
    }
    written = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.b64encode(gzip.compress(written, mtime=0)).decode()
