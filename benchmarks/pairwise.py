"""Pairwise robustness over many programmes, against a plain pandas cross join in the same run.

Prints a line for each number of programmes: seconds, ratio to the baseline, growth, peak memory.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.estimates.robustness import Robustness

SIZES = (5, 50, 500, 2844)
BASELINE_UP_TO = 500  # a cross join of all readings of a country does not fit in memory


def programmes(size: int, seed: int = 1) -> pd.DataFrame:
    """Return readings of synthetic programmes: one to six each, as the real ones have."""
    random = np.random.default_rng(seed)
    readings = random.integers(1, 7, size)
    item = np.repeat([f"synthetic-{number:04d}" for number in range(size)], readings)
    value = random.lognormal(13, 1, readings.sum())
    place = np.concatenate([np.arange(count) for count in readings])
    reading = [f"{owner}.scope=r{number}" for owner, number in zip(item, place, strict=True)]
    return pd.DataFrame(
        {
            "item": item,
            "reading": reading,
            "value": value,
            "lower": value,
            "upper": value,
            "is_default": place == 0,
        }
    )


def ours(frame: pd.DataFrame) -> int:
    """Count by sorted look-ups; return the number of pairs of readings in which the first is above."""
    return int(Robustness.of(frame).counts[0].sum())


def baseline(frame: pd.DataFrame) -> int:
    """Count by joining every reading with every other."""
    joined = frame[["item", "lower"]].merge(frame[["item", "upper"]], how="cross")
    joined = joined[joined["item_x"] != joined["item_y"]]
    above = joined.assign(above=joined["lower"] > joined["upper"])
    return int(above.groupby(["item_x", "item_y"], sort=False)["above"].sum().sum())


def timed(function: Callable[[pd.DataFrame], int], frame: pd.DataFrame) -> tuple[float, int]:
    """Return the shortest of three runs in seconds, and the result."""
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        result = function(frame)
        seconds.append(time.perf_counter() - started)
    return min(seconds), result


def main() -> None:
    """Print the table; ours first at every size, so that its peak memory is its own."""
    runs = []
    for size in SIZES:
        frame = programmes(size)
        seconds, result = timed(ours, frame)
        runs.append((size, frame, seconds, result, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))
    print("programmes  readings  seconds  growth  peak MiB  times faster than a cross join")
    before = None
    for size, frame, seconds, result, peak in runs:
        ratio = ""
        if size <= BASELINE_UP_TO:
            slow, expected = timed(baseline, frame)
            assert result == expected, f"{result} pairs, but the cross join counts {expected}"
            ratio = f"{slow / seconds:.1f}"
        growth = "" if before is None else f"{seconds / before:.1f}"
        print(f"{size:10d}  {len(frame):8d}  {seconds:7.3f}  {growth:>6}  {peak:8.0f}  {ratio:>30}")
        before = seconds


if __name__ == "__main__":
    main()
