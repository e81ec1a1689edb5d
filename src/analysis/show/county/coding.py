"""What a programme's report does not say yet, because nobody has coded it."""

from __future__ import annotations

from analysis.evidence.uncoded import uncoded
from analysis.words.labels import Labels


def uncoded_line(labels: Labels, programme: str) -> str:
    """Return a sentence that names the themes with figures and without codings; empty where there is none."""
    found = [each for each in uncoded(labels.data) if each.programme_id == programme]
    names = [labels.term("theme", each.theme) for each in found]
    return labels.text("report.uncoded", themes=labels.text.listing(names)) if names else ""
