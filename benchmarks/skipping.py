"""How many reports a run makes after an edit of one cell, beside how many would differ.

    python benchmarks/skipping.py --programmes 200 --edits 1000

Each edit of a synthetic country leaves the data valid. Of the reports that would be made, and of those that
would be left, as many as ``--compare`` says are put together before and after it: how many of those made
differ gives the ratio, and one that was left and differs is a fault. Nothing is drawn for that.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from itertools import islice
from pathlib import Path

from invented import write_country

from analysis.estimates import processed
from analysis.evidence.dataset import Dataset
from analysis.operate.runs.slices import Slices
from analysis.show.params import Parameters, read_folder

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from edits import shown, valid_edits


def main() -> None:
    """Print the reports made for each edit, and the ratio over all of them."""
    parser = argparse.ArgumentParser(description="Measure what is made again for nothing.")
    parser.add_argument("--programmes", type=int, default=200)
    parser.add_argument("--edits", type=int, default=1000)
    parser.add_argument("--compare", type=int, default=2, help="reports put together for an edit")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    made = needed = wrong = 0.0
    with tempfile.TemporaryDirectory() as name:
        root, scratch = Path(name, "country"), Path(name, "edited")
        write_country(root, given.programmes, given.seed)
        before = processed.checked(root)
        reports = read_folder(root / "params", before.programme_ids).checked()
        slices = Slices(before)
        hashes = {each: slices.of(report) for each, report in reports.items()}
        for where, data in islice(valid_edits(root, scratch, chance), given.edits):
            after = Slices(data)
            again = [each for each, report in reports.items() if after.of(report) != hashes[each]]
            left = [each for each in reports if each not in set(again)]
            tried = chance.sample(again, min(given.compare, len(again)))
            differing = [each for each in tried if _differs(before, data, reports[each])]
            kept = chance.sample(left, min(given.compare, len(left)))
            faults = [each for each in kept if _differs(before, data, reports[each])]
            made, wrong = made + len(again), wrong + len(faults)
            needed += len(again) * len(differing) / max(len(tried), 1)
            share = f"{len(differing)} of {len(tried)} differ"
            print(f"{len(again):5} made, {share}, {len(faults)} left wrongly; {where}", flush=True)
    of_all = made / (len(reports) * given.edits)
    print(f"{given.edits} edits, {len(reports)} reports: {made:.0f} made ({of_all:.1%} of all), about "
          f"{needed:.0f} needed, ratio {made / max(needed, 1):.2f}; {wrong:.0f} left wrongly")  # fmt: skip


def _differs(before: Dataset, after: Dataset, report: Parameters) -> bool:
    return shown(before, report) != shown(after, report)


if __name__ == "__main__":
    main()
