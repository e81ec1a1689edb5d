"""How many reports a run makes after an edit of one cell, beside how many would differ.

    python benchmarks/skipping.py --edits 1000 --jobs 2 --minutes 60

Each edit of a synthetic country of 200 leaves the data valid. For all reports it is found which would be made
after it. Of these ``--compare`` are put together before and after: how many of them differ gives the least
that could be made; where many would be made, which decides the result, eight are tried after each edit. Of
those that would be left one is tried in the same way, mostly of those on the edited place, beside it, or
comparing all: one that differs is left wrongly, and the benchmark fails. ``--every 3`` puts reports together
after every third edit alone where few are made, which takes less time; ``--tables terms`` edits that table
alone. Nothing is drawn. Edits are the same for the same seed and number of jobs, as many as time allows.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from invented import write_country

from analysis.estimates import processed
from analysis.evidence.dataset import Dataset
from analysis.operate.runs.slices import Slices
from analysis.show.given import Telling, owners_of
from analysis.show.params import Parameters, ReportParameters, read_folder

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from edits import Edit, shown, valid_edits

NEAR = 0.8
"""How often what is left and tried has to do with the edited place."""
MANY, OF_MANY = 20, 8
"""More reports than these are many: so many of them are tried after every edit."""


class Outcome(NamedTuple):
    """What became of the reports after one edit, where all of them were asked and some put together."""

    edit: Edit
    made: list[str]
    tried: list[str]
    differing: list[str]
    kept: list[str]
    wrong: list[str]

    def __str__(self) -> str:
        same = " ".join(name for name in self.tried if name not in self.differing)
        share = f"{len(self.differing)} of {len(self.tried)} tried differ{same and f', not {same}'}"
        left = f"{len(self.wrong)} of {len(self.kept)} left wrongly {' '.join(self.wrong)}"
        return f"{len(self.made):5} made, {share}; {left}; {self.edit}"


class _Remembering(Slices):
    """Slices that hash the rows of a frame once for all the datasets that have it."""

    def _rows(self, telling: Telling, table: str, *, own: bool, but: Collection[str] = ()) -> list[str]:
        frame = self.data.tables[table]
        key = (telling, table, own, *but)
        if key not in _known or _known[key][0] is not frame:
            _known[key] = frame, super()._rows(telling, table, own=own, but=but)
        return _known[key][1]


_known: dict[tuple[object, ...], tuple[pd.DataFrame, list[str]]] = {}


@dataclass(frozen=True)
class Country:
    """The reports of a country as they are before any edit."""

    data: Dataset
    reports: dict[str, Parameters]
    chance: random.Random
    compare: int
    every: int

    @cached_property
    def hashes(self) -> dict[str, dict[str, str]]:
        """The hashes of what each report is given."""
        slices = _Remembering(self.data)
        return {name: slices.of(report) for name, report in self.reports.items()}

    @cached_property
    def shows(self) -> dict[str, str]:
        """What the reports asked for so far show."""
        return {}

    def after(self, number: int, edit: Edit, data: Dataset) -> Outcome:
        """Return what would be made and left after an edit, and which of those tried differ."""
        slices = _Remembering(data)
        made = [name for name, report in self.reports.items() if slices.of(report) != self.hashes[name]]
        tried, kept = list[str](), list[str]()
        in_turn = number % self.every == 0
        if in_turn or len(made) > MANY:
            tried = self._some(made)
        if in_turn:
            kept = self._left(edit, data, {*made})
        differing = {name for name in (*tried, *kept) if self._differs(name, data)}
        return Outcome(
            edit, made, tried, [n for n in tried if n in differing], kept, [n for n in kept if n in differing]
        )

    def _some(self, made: list[str]) -> list[str]:
        wanted = max(self.compare, OF_MANY if len(made) > MANY else 0)
        return self.chance.sample(made, min(wanted, len(made)))

    def _left(self, edit: Edit, data: Dataset, made: set[str]) -> list[str]:
        left = [name for name in self.reports if name not in made]
        owners = owners_of(data.tables).get(edit.table)
        near = [name for name in left if owners and self._names(name, owners[edit.row])]
        choice = near if near and self.chance.random() < NEAR else left
        return [self.chance.choice(choice)] if choice else []

    def _names(self, name: str, programme: str) -> bool:
        """Return whether a report names the place that was edited, or compares all."""
        report = self.reports[name]
        if not isinstance(report, ReportParameters):
            return True
        return programme in (report.programme, *(report.peers or ()))

    def _differs(self, name: str, data: Dataset) -> bool:
        report = self.reports[name]
        if name not in self.shows:
            self.shows[name] = shown(self.data, report)
        return shown(data, report) != self.shows[name]


def outcomes(given: argparse.Namespace, root: Path, seed: int) -> Iterator[Outcome]:
    """Yield what becomes of the reports of a country after each of many edits."""
    chance, until = random.Random(seed), time.monotonic() + 60 * given.minutes
    data = processed.checked(root)
    reports = read_folder(root / "params", data.programme_ids).checked()
    country = Country(data, reports, chance, given.compare, given.every)
    edits = islice(valid_edits(root, chance, given.tables), -(-given.edits // given.jobs))
    for number, (edit, edited) in enumerate(edits):
        yield country.after(number, edit, edited)
        if time.monotonic() > until:
            return


def put(given: argparse.Namespace, root: Path, seed: int, queue: multiprocessing.SimpleQueue) -> None:
    """Put every outcome, then nothing, into a queue."""
    try:
        for outcome in outcomes(given, root, seed):
            queue.put(outcome)
    finally:
        queue.put(None)


def together(given: argparse.Namespace, root: Path) -> Iterator[Outcome]:
    """Yield the outcomes of all processes as they come."""
    queue: multiprocessing.SimpleQueue = multiprocessing.SimpleQueue()
    at_work = [
        multiprocessing.Process(target=put, args=(given, root, given.seed + number, queue))
        for number in range(given.jobs)
    ]
    for process in at_work:
        process.start()
    ended = 0
    while ended < len(at_work):
        if (outcome := queue.get()) is None:
            ended += 1
        else:
            yield outcome
    for process in at_work:
        process.join()
    if any(process.exitcode for process in at_work):
        sys.exit("a process failed")


def summed_up(found: Iterable[Outcome], programmes: int) -> Iterator[str]:
    """Yield what was measured: by table, then over all edits."""
    tables: dict[str, list[Outcome]] = defaultdict(list)
    for each in found:
        tables[each.edit.table].append(each)
    tables["all"] = [each for same in tables.values() for each in same]
    for name, same in tables.items():
        made, least = sum(len(each.made) for each in same), _least(same)
        compared = sum(len(each.tried) for each in same)
        differing = sum(len(each.differing) for each in same)
        ratio = f"{made / least:.2f}" if least else "-"
        yield (
            f"{name:16} {len(same):5} edits, {made:6} made, about {least:.0f} needed "
            f"({differing} of {compared} tried differ), ratio {ratio}"
        )
    kept, wrong = (sum(len(each[place]) for each in tables["all"]) for place in (4, 5))
    yield f"{programmes} places; of {kept} left and tried {wrong} left wrongly"


def _least(found: list[Outcome]) -> float:
    """Return about how many of those made differ: edits after which some were tried stand for all alike."""
    least = 0.0
    for many in (False, True):
        alike = [each for each in found if each.made and (len(each.made) > MANY) is many]
        tried = [each for each in alike if each.tried]
        needed = sum(len(each.made) * len(each.differing) / len(each.tried) for each in tried)
        of_tried = sum(len(each.made) for each in tried)
        least += needed * sum(len(each.made) for each in alike) / of_tried if of_tried else 0
    return least


def main() -> None:
    """Print the reports made for each edit, and the ratio over all of them."""
    parser = argparse.ArgumentParser(description="Measure what is made again for nothing.")
    parser.add_argument("--programmes", type=int, default=200)
    parser.add_argument("--edits", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=60, help="stop after so many (60)")
    parser.add_argument("--jobs", type=int, default=1, help="processes at once (1)")
    parser.add_argument("--compare", type=int, default=1, help="reports made and compared for an edit (1)")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="compare after every Nth edit (1)")
    parser.add_argument("--tables", nargs="+", metavar="NAME", help="edit these tables alone")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    found: list[Outcome] = []
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "country"
        write_country(root, given.programmes, given.seed)
        for each in together(given, root):
            found.append(each)
            print(each, flush=True)
    print("\n".join(summed_up(found, given.programmes)))
    sys.exit(any(each.wrong for each in found))


if __name__ == "__main__":
    main()
