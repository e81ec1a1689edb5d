"""A synthetic country at growing sizes: every stage of the suite, its growth, and a plain way beside it.

Countries of 5, 50, 500 and 2,844 invented programmes are written to a temporary folder. Each stage runs in a
process of its own, so that its memory is its own, and so does the plain way to do about the same:

    write       the raw tables and parameter files            (no plain way)
    check       `analysis check`                              read_csv, unique keys, known ids
    build       `analysis build`                              read_csv, to_parquet, to_csv
    load        `analysis.load()` once it is built            read_parquet
    measures    all estimates under all readings              one merge and one division, no readings
    spans       the estimates over their readings             groupby, min and max
    pairwise    every comparison of a theme, ranked           a cross join of all readings (up to 500)
    comparison  the comparison notebook of a theme            papermill and nbconvert, new kernel
    charts      the three charts of a programme, PNG and SVG  three scatter plots by matplotlib
    report      one county report, its cells in one process   papermill and nbconvert, new kernel
    all-beside  the same report beside all programmes         (no plain way)
    reports     a sample of county reports, one process       (extrapolated, and said so)

Seconds are those of the processor, user and system, of the work alone: imports and what a stage starts from
are left out, other load on the machine counts little. Growth is how many times longer a stage takes than at
the size before; `n^` is the power of the size that this makes, and 1 is linear.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from country_stages import STAGES, Work, sample

SIZES = (5, 50, 500, 2844)
SUPERLINEAR = 1.15  # a power of the size above this is more than linear and some noise
LIMIT = 2048  # MiB
TIME_LIMIT = 900  # seconds for one stage, so that a benchmark ends


OTHERS = ("write", "reports")


def spent() -> float:
    """Return the seconds of processor that this process and those it waited for have used."""
    own, below = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + below.ru_utime + below.ru_stime


def measured(work: Work, number: int = 1) -> dict[str, float]:
    """Run the work, and return its seconds, its number, and the most memory the process has held."""
    gc.collect()
    before, started = spent(), time.perf_counter()
    work()
    usage = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    peak = max(found.ru_maxrss for found in usage) / 1024
    return {"seconds": spent() - before, "wall": time.perf_counter() - started, "peak": peak, "of": number}


def run_stage(name: str, root: Path, given: argparse.Namespace) -> dict[str, float] | None:
    """Measure one stage, or the plain way of one, in this process; ``None`` where there is none."""
    if name == "write":
        from invented import write_country

        return measured(lambda: write_country(root, given.programmes, given.seed))
    if name == "reports":
        return measured(*sample(root, given.reports))
    stage, _, plain = name.partition(":")
    prepare = STAGES[stage][bool(plain)]
    work = prepare(root) if prepare else None
    return measured(work) if work else None


def in_process(name: str, root: Path, size: int, given: argparse.Namespace) -> dict[str, float] | None:
    """Measure a stage in a process of its own."""
    command = [
        sys.executable, __file__, "--stage", name, "--root", root, "--programmes", size, "--seed", given.seed,
        "--reports", given.reports,
    ]  # fmt: skip
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, timeout=TIME_LIMIT, check=False
    )
    if done.returncode:
        sys.exit(f"{name} at {size} programmes failed:\n{done.stderr[-2000:]}")
    result: dict[str, float] | None = json.loads(done.stdout.splitlines()[-1])
    return result


def lines(given: argparse.Namespace) -> Iterator[str]:
    """Yield a line for each stage and size as it is measured, then what to say of them."""
    before: dict[str, tuple[int, float]] = {}
    powers: dict[str, list[float]] = {}
    peaks: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in given.sizes:
            root = Path(folder).resolve() / f"of-{size}"
            for name in ("write", *STAGES, "reports"):
                wanted = name in given.stages or name in ("write", "build")
                if not wanted:
                    continue
                ours = in_process(name, root, size, given)
                assert ours is not None
                has_plain = name in STAGES and STAGES[name][1] and not given.alone
                other = in_process(f"{name}:plain", root, size, given) if has_plain else None
                growth = power = ""
                if name in before and name != "reports":
                    times = ours["seconds"] / max(before[name][1], 1e-3)
                    exponent = math.log(max(times, 1e-3)) / math.log(size / before[name][0])
                    growth, power = f"{times:.1f}", f"{exponent:.2f}"
                    powers.setdefault(name, []).append(exponent)
                before[name] = size, ours["seconds"]
                peaks[name] = max(peaks.get(name, 0), ours["peak"])
                ratio = f"{ours['seconds'] / max(other['seconds'], 1e-3):.2f}" if other else ""
                yield (
                    f"{size:10d}  {name:10}  {ours['seconds']:8.2f}  {growth:>6}  {power:>5}  "
                    f"{ours['peak']:8.0f}  {ratio:>14}"
                )
                if name == "reports":
                    yield extrapolated(size, ours)
        yield from verdict(powers, peaks)


def extrapolated(size: int, ours: dict[str, float]) -> str:
    """Return what all reports would take, and from how many that is concluded."""
    each = ours["seconds"] / ours["of"]
    minutes = each * size / 60
    return (
        f"            {ours['of']:.0f} of {size} reports measured in one process: {each:.2f} s each;\n"
        f"            all {size}, extrapolated and not measured: {minutes:.1f} min of one processor"
    )


def verdict(powers: dict[str, list[float]], peaks: dict[str, float]) -> Iterator[str]:
    """Yield which stages grow faster than linearly at the last step, and the most memory of any."""
    fast = [f"{name} (n^{found[-1]:.2f})" for name, found in powers.items() if found[-1] > SUPERLINEAR]
    if powers:
        yield f"faster than linear at the last step: {', '.join(fast) or 'no stage'}"
    if peaks:
        most = max(peaks, key=lambda name: peaks[name])
        within = "within" if peaks[most] <= LIMIT else "beyond"
        yield f"most memory of any stage: {peaks[most]:.0f} MiB ({most}), {within} the {LIMIT} MiB allowed"


def arguments() -> argparse.Namespace:
    """Return what the command line asks for."""
    names = (*STAGES, *OTHERS)
    parser = argparse.ArgumentParser(description="Measure every stage on synthetic countries.")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="programmes (5 50 500 2844)")
    parser.add_argument("--stages", nargs="+", choices=names, default=names, help="some stages only")
    parser.add_argument("--reports", type=int, default=60, help="county reports in the sample (60)")
    parser.add_argument("--seed", type=int, default=1, help="another country (1)")
    parser.add_argument("--alone", action="store_true", help="leave the plain ways out")
    for inner in ("--stage", "--root", "--programmes"):
        parser.add_argument(inner, type=int if inner == "--programmes" else str, help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    """Print the table, a line as soon as it is measured."""
    given = arguments()
    if given.stage:
        print(json.dumps(run_stage(given.stage, Path(given.root), given)))
        return
    print("programmes  stage        seconds  growth     n^  peak MiB  times as long as plain", flush=True)
    for line in lines(given):
        print(line, flush=True)


if __name__ == "__main__":
    main()
