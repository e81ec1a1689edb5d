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
    comparison  the comparison report of a theme, as HTML     a pivot table, to_html
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
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

SIZES = (5, 50, 500, 2844)
CROSS_JOIN_UP_TO = 500  # all pairs of readings of a country do not fit in memory
SUPERLINEAR = 1.15  # a power of the size above this is more than linear and some noise
LIMIT = 2048  # MiB
TIME_LIMIT = 900  # seconds for one stage, so that a benchmark ends
Work = Callable[[], object]
Stage = Callable[[Path], Work]


def check(root: Path) -> Work:
    """All faults of the raw data."""
    from analysis import checks

    return lambda: checks.problems_of(root)


def build(root: Path) -> Work:
    """`data/processed` from `data/raw`."""
    from analysis import processed

    return lambda: processed.build(root)


def load(root: Path) -> Work:
    """The dataset as built."""
    from analysis import processed

    return lambda: processed.load(root)


def measures(root: Path) -> Work:
    """All estimates."""
    from analysis.themes import all_estimates

    data = _data(root)
    return lambda: all_estimates(data)


def spans(root: Path) -> Work:
    """The span of every estimate over its readings."""
    from analysis import readings

    data = _data(root)
    return lambda: readings.spans(data, data.tables["estimates"])


def pairwise(root: Path) -> Work:
    """Every comparison of the investment theme with its ranking."""
    from analysis.comparison import comparisons

    data = _data(root)
    return lambda: [each.ranking() for each in comparisons(data, "investment")]


def comparison(root: Path) -> Work:
    """The sections of the comparison report of one theme as HTML."""
    from analysis import ComparisonReport

    data = _data(root)
    sections = (
        "opening", "coverage", "chart", "rankings", "flips", "side_by_side", "not_compared", "sensitivity",
        "inference", "sources", "method",
    )  # fmt: skip

    def work() -> None:
        report = ComparisonReport(data, "investment")
        for section in sections:
            getattr(report, section)()._repr_html_()

    return work


def charts(root: Path) -> Work:
    """The charts of one programme beside its peers."""
    from analysis import CountyReport

    data = _data(root)
    folder = root / "charts"

    def work() -> None:
        report = CountyReport(data, _middle(data), peers=_peers(root, _middle(data)), charts_dir=folder)
        for theme in ("investment", "stipends", "branches"):
            report.chart(theme)

    return work


def report(root: Path) -> Work:
    """One county report beside its peers."""
    data = _data(root)
    return lambda: _report(root, _middle(data), _peers(root, _middle(data)))


def all_beside(root: Path) -> Work:
    """One county report beside all programmes."""
    data = _data(root)
    return lambda: _report(root, _middle(data), None)


def sample(root: Path, number: int) -> tuple[Work, int]:
    """So many county reports, evenly spread over the country, and how many they are."""
    ids = _data(root).programme_ids
    chosen = ids[:: max(1, len(ids) // number)][:number]
    return lambda: [_report(root, programme, _peers(root, programme)) for programme in chosen], len(chosen)


def _data(root: Path) -> Any:
    from analysis import processed

    return processed.load(root)


def _middle(data: Any) -> str:
    return str(data.programme_ids[len(data.programme_ids) // 2])


def _peers(root: Path, programme: str) -> list[str] | None:
    import yaml

    peers: list[str] = yaml.safe_load((root / "params" / f"{programme}.yaml").read_text())["peers"]
    return peers


def _report(root: Path, programme: str, peers: list[str] | None) -> None:
    """Run the cells of a county report in this process, as a notebook would, and write its page."""
    from analysis.params import ReportParameters
    from analysis.pool import Job
    from reports import run_cells

    os.environ["ANALYSIS_DATA"] = str(root)
    os.chdir(root)
    parameters = ReportParameters(programme=programme, price_year=2024, peers=peers)
    folder = tempfile.mkdtemp(dir=root)
    run_cells(Job("report", parameters, _notebook(), Path(folder)))


def _notebook() -> Path:
    return Path(__file__).resolve().parents[1] / "notebooks" / "county_report.ipynb"


def plain_check(root: Path) -> Work:
    """Unique keys and known ids, by pandas."""
    import pandas as pd

    from analysis.schema import TABLES

    def work() -> None:
        frames = {
            name: pd.read_csv(root / "data/raw" / table.path, dtype="str") for name, table in TABLES.items()
        }
        for name, table in TABLES.items():
            assert not frames[name].duplicated(list(table.key)).any()
            for field in table.fields:
                assert not (field.required and frames[name][field.name].isna().any())
                if field.refers_to:
                    other, column = field.refers_to.split(".")
                    assert frames[name][field.name].dropna().isin(frames[other][column]).all()

    return work


def plain_build(root: Path) -> Work:
    """Every table read, and written twice."""
    import pandas as pd

    from analysis.schema import TABLES

    folder = root / "plain"
    folder.mkdir(exist_ok=True)

    def work() -> None:
        for name, table in TABLES.items():
            frame = pd.read_csv(root / "data/raw" / table.path, low_memory=False)
            frame.to_parquet(folder / f"{name}.parquet")
            frame.to_csv(folder / f"{name}.csv", index=False)

    return work


def plain_load(root: Path) -> Work:
    """The built tables read."""
    import pandas as pd

    return lambda: [pd.read_parquet(path) for path in (root / "data/processed").glob("*.parquet")]


def plain_measures(root: Path) -> Work:
    """Numerator over denominator, for the codings of single figures."""
    data = _data(root)

    def work() -> object:
        values = data.figures[["figure_id", "value"]]
        coded = data.codings.merge(values, left_on="numerator", right_on="figure_id", how="left")
        coded = coded.merge(values, left_on="denominator", right_on="figure_id", how="left")
        return (coded["value_x"] / coded["value_y"].fillna(1)).sum()

    return work


def plain_spans(root: Path) -> Work:
    """The least and the most of each cell."""
    from analysis.readings import CELL

    estimates = _data(root).tables["estimates"]
    return lambda: estimates.groupby(list(CELL), sort=False)["value"].agg(["first", "min", "max", "count"])


def plain_pairwise(root: Path) -> Work | None:
    """Every reading of the most reported cost joined with every other."""
    data = _data(root)
    if len(data.programme_ids) > CROSS_JOIN_UP_TO:
        return None
    estimates = data.tables["estimates"]
    rows = estimates[(estimates["theme"] == "investment") & (estimates["absence"] == "")]

    def work() -> None:
        for _, group in rows.groupby(["measure", "object", "works", "funder"], sort=False):
            left, right = group[["programme_id", "lower"]], group[["programme_id", "upper"]]
            joined = left.merge(right, how="cross")
            joined["above"] = joined["lower"] > joined["upper"]
            joined.groupby(["programme_id_x", "programme_id_y"], sort=False)["above"].sum()

    return work


def plain_comparison(root: Path) -> Work:
    """What is measured by programmes, as a page."""
    estimates = _data(root).tables["estimates"]
    rows = estimates[(estimates["theme"] == "investment") & (estimates["absence"] == "")]
    cells = ["measure", "object", "works", "funder", "place"]
    return lambda: rows.pivot_table(index=cells, columns="programme_id", values="value").to_html()


def plain_charts(root: Path) -> Work:
    """Dots and labels."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    data = _data(root)
    chosen = [*(_peers(root, _middle(data)) or []), _middle(data)]
    estimates = data.tables["estimates"]
    rows = estimates[estimates["programme_id"].isin(chosen) & (estimates["absence"] == "")]

    def work() -> None:
        for theme in ("investment", "stipends", "branches"):
            found = rows[rows["theme"] == theme]
            figure, axes = plt.subplots()
            axes.scatter(found["value"], found["programme_id"])
            axes.set_title(theme)
            for ending in ("png", "svg"):
                figure.savefig(root / f"plain.{ending}", dpi=300)
            plt.close(figure)

    return work


def plain_report(root: Path) -> Work:
    """Papermill and nbconvert on the same notebook, with a kernel of their own."""
    import yaml

    data = _data(root)
    given = yaml.safe_load((root / "params" / f"{_middle(data)}.yaml").read_text())
    text = yaml.safe_dump({key: value for key, value in given.items() if value is not None})
    out = root / "plain.ipynb"
    command = [sys.executable, "-m", "papermill", _notebook(), out, "-y", text, "--cwd", root]
    os.environ["ANALYSIS_DATA"] = str(root)

    def work() -> None:
        for step in (command, [sys.executable, "-m", "nbconvert", "--to", "html", out]):
            subprocess.run([str(part) for part in step], check=True, capture_output=True)

    return work


STAGES: dict[str, tuple[Stage, Callable[[Path], Work | None] | None]] = {
    "check": (check, plain_check),
    "build": (build, plain_build),
    "load": (load, plain_load),
    "measures": (measures, plain_measures),
    "spans": (spans, plain_spans),
    "pairwise": (pairwise, plain_pairwise),
    "comparison": (comparison, plain_comparison),
    "charts": (charts, plain_charts),
    "report": (report, plain_report),
    "all-beside": (all_beside, None),
}
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
        from analysis.country import write_country

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
