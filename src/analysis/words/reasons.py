"""Why there is no value, in words: those of the catalogues, or the curator's own that a reason names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from analysis.estimates.reasons import CODING, READING
from analysis.evidence.dataset import Dataset
from analysis.evidence.rows import Coding, Reading, rows_of
from analysis.words.language import Text


@dataclass(frozen=True)
class Reasons:
    """Looks up the words of the reasons in the estimates and comparisons of a dataset."""

    data: Dataset

    def words(self, reason: str) -> tuple[str, str]:
        """Return the reason in English and in Simplified Chinese."""
        if reason in self._written:
            return self._written[reason]
        if not reason:
            return "", ""
        return Text.of("en")(f"reasons.{reason}"), Text.of("zh-Hans")(f"reasons.{reason}")

    @cached_property
    def _written(self) -> dict[str, tuple[str, str]]:
        """What curators have written, by what a reason names it by."""
        codings = rows_of(Coding, self.data.codings)
        readings = rows_of(Reading, self.data.readings)
        return {f"{CODING}{row.coding_id}": (row.note, row.note_zh) for row in codings} | {
            f"{READING}{row.choice_id}={row.reading}": (row.reason, row.reason_zh) for row in readings
        }
