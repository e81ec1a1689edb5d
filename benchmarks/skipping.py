"""How many reports a run makes after an edit of one cell, beside how many would differ.

    python benchmarks/skipping.py --programmes 200 --edits 1000

Each edit of a synthetic country leaves the data valid. Of the reports that would be made ``--compare`` are
put together before and after it: how many of them differ gives the least that could be made. Of those that
would be left as many are tried of the places beside the edited one and of the comparisons, and one of another
place: one that differs is left wrongly, and the benchmark fails. Nothing is drawn: charts are values.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from invented import write_country

from analysis.estimates import processed
from analysis.evidence.dataset import Dataset
from analysis.operate.runs.slices import Slices
from analysis.show.given import owners_of
from analysis.show.params import Parameters, ReportParameters, read_folder

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from edits import Edit, shown, valid_edits


class Outcome(NamedTuple):
    """What became of the reports after one edit: ``needed`` is estimated where not all made were tried."""

    made: list[str]
    tried: list[str]
    differing: list[str]
    kept: list[str]
    wrong: list[str]

    @property
    def needed(self) -> float:
        """How many reports differ."""
        return len(self.made) * len(self.differing) / max(len(self.tried), 1)


@dataclass(frozen=True)
class Country:
    """The reports of a country as they are before any edit."""

    data: Dataset
    reports: dict[str, Parameters]
    chance: random.Random
    compare: int

    @cached_property
    def hashes(self) -> dict[str, dict[str, str]]:
        """The hashes of what each report is given."""
        slices = Slices(self.data)
        return {name: slices.of(report) for name, report in self.reports.items()}

    @cached_property
    def shows(self) -> dict[str, str]:
        """What the reports asked for so far show."""
        return {}

    def after(self, edit: Edit, data: Dataset) -> Outcome:
        """Return what would be made and left after an edit, and which of those tried differ."""
        slices = Slices(data)
        made = [name for name, report in self.reports.items() if slices.of(report) != self.hashes[name]]
        left = [name for name in self.reports if name not in set(made)]
        owners = owners_of(data.tables).get(edit.table)
        near = [name for name in left if owners and self._names(name, owners[edit.row])]
        others = [name for name in left if name not in set(near)]
        tried, kept = self._some(made, self.compare), self._some(near, self.compare) + self._some(others, 1)
        differing = {name for name in (*tried, *kept) if self._differs(name, data)}
        return Outcome(
            made, tried, [n for n in tried if n in differing], kept, [n for n in kept if n in differing]
        )

    def _names(self, name: str, programme: str) -> bool:
        """Return whether a report names the place that was edited, or compares all."""
        report = self.reports[name]
        return not isinstance(report, ReportParameters) or programme in (
            report.programme,
            *(report.peers or ()),
        )

    def _some(self, names: list[str], most: int) -> list[str]:
        return self.chance.sample(names, min(most, len(names)))

    def _differs(self, name: str, data: Dataset) -> bool:
        report = self.reports[name]
        if name not in self.shows:
            self.shows[name] = shown(self.data, report)
        return shown(data, report) != self.shows[name]


def outcomes(given: argparse.Namespace, folder: Path) -> Iterator[tuple[Edit, Outcome]]:
    """Yield each edit of a country with what becomes of its reports."""
    root, chance = folder / "country", random.Random(given.seed)
    write_country(root, given.programmes, given.seed)
    data = processed.checked(root)
    reports = read_folder(root / "params", data.programme_ids).checked()
    country = Country(data, reports, chance, given.compare)
    for edit, edited in islice(valid_edits(root, folder / "edited", chance), given.edits):
        yield edit, country.after(edit, edited)


def main() -> None:
    """Print the reports made for each edit, and the ratio over all of them."""
    parser = argparse.ArgumentParser(description="Measure what is made again for nothing.")
    parser.add_argument("--programmes", type=int, default=200)
    parser.add_argument("--edits", type=int, default=1000)
    parser.add_argument("--compare", type=int, default=3, help="reports put together for an edit (3)")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    found: list[Outcome] = []
    with tempfile.TemporaryDirectory() as name:
        for edit, each in outcomes(given, Path(name)):
            found.append(each)
            share = f"{len(each.differing)} of {len(each.tried)} differ"
            print(f"{len(each.made):5} made, {share}; {len(each.wrong)} of {len(each.kept)} left wrongly "
                  f"{' '.join(each.wrong)}; {edit}", flush=True)  # fmt: skip
    made, needed = sum(len(each.made) for each in found), sum(each.needed for each in found)
    kept, wrong = sum(len(each.kept) for each in found), sum(len(each.wrong) for each in found)
    print(f"{len(found)} edits of {given.programmes} places: {made} made, about {needed:.0f} needed, ratio "
          f"{made / max(needed, 1):.2f}; of {kept} left and tried {wrong} left wrongly")  # fmt: skip
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
