"""The stages of `benchmarks/country.py`, and beside each a plain way to do about the same."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.show.params import Parameters

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
CROSS_JOIN_UP_TO = 500  # all pairs of readings of a country do not fit in memory
Work = Callable[[], object]
Stage = Callable[[Path], Work]


def check(root: Path) -> Work:
    """All faults of the raw data."""
    from analysis.evidence import checks

    return lambda: checks.problems_of(root)


def build(root: Path) -> Work:
    """`data/processed` from `data/raw`."""
    from analysis.estimates import processed

    return lambda: processed.build(root)


def load(root: Path) -> Work:
    """The dataset as built."""
    from analysis.estimates import processed

    return lambda: processed.load(root)


def measures(root: Path) -> Work:
    """All estimates."""
    from analysis.estimates.themes import all_estimates

    data = _data(root)
    return lambda: all_estimates(data)


def spans(root: Path) -> Work:
    """The span of every estimate over its readings."""
    from analysis.estimates import spans as readings

    data = _data(root)
    return lambda: readings.spans(data, data.tables["estimates"])


def pairwise(root: Path) -> Work:
    """Every comparison of the investment theme with its ranking."""
    from analysis.estimates.comparable import comparisons

    data = _data(root)
    return lambda: [each.ranking() for each in comparisons(data, "investment")]


def comparison(root: Path) -> Work:
    """The comparison notebook of one theme."""
    from analysis.show.params import ComparisonParameters

    return lambda: _run(root, ComparisonParameters(theme="investment"))


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
    from analysis.estimates import processed

    return processed.load(root)


def _middle(data: Any) -> str:
    return str(data.programme_ids[len(data.programme_ids) // 2])


def _peers(root: Path, programme: str) -> list[str] | None:
    import yaml

    peers: list[str] = yaml.safe_load((root / "params" / f"{programme}.yaml").read_text())["peers"]
    return peers


def _report(root: Path, programme: str, peers: list[str] | None) -> None:
    """Run a county report."""
    from analysis.show.params import ReportParameters

    _run(root, ReportParameters(programme=programme, price_year=2024, peers=peers))


def _run(root: Path, parameters: Parameters) -> None:
    """Run the cells of a report in this process, as a notebook would, and write its page."""
    from reports import run_cells

    from analysis.operate.reports import Job

    os.environ["ANALYSIS_DATA"] = str(root)
    os.chdir(root)
    folder = tempfile.mkdtemp(dir=root)
    run_cells(Job("report", parameters, NOTEBOOKS / parameters.NOTEBOOK, Path(folder)))


def plain_check(root: Path) -> Work:
    """Unique keys and known ids, by pandas."""
    import pandas as pd

    from analysis.evidence.schema import TABLES

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

    from analysis.evidence.schema import TABLES

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
    from analysis.estimates.spans import CELL

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
    """The same county report by papermill."""
    return _by_papermill(root, "county_report.ipynb", _middle(_data(root)))


def plain_comparison(root: Path) -> Work:
    """The same comparison by papermill."""
    return _by_papermill(root, "comparison_report.ipynb", "comparison-investment")


def _by_papermill(root: Path, notebook: str, name: str) -> Work:
    """Papermill and nbconvert on a notebook with the parameters of that name, in a kernel of their own."""
    import yaml

    given = yaml.safe_load((root / "params" / f"{name}.yaml").read_text())
    text = yaml.safe_dump({key: value for key, value in given.items() if value is not None})
    out = root / "plain.ipynb"
    command = [sys.executable, "-m", "papermill", NOTEBOOKS / notebook, out, "-y", text, "--cwd", root]
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
