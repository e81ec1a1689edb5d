"""The command ``analysis``: check, build, run, audit."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from analysis import __version__, audit, checks, processed, reports, sources
from analysis.dataset import Dataset, find_root, records
from analysis.dictionary import write as write_dictionary
from analysis.language import LANGUAGES
from analysis.params import ParameterError, load_folder

NOTEBOOKS = Path("notebooks")
PARAMS = Path("params")
REPORTS = Path("reports")
OK, FAILED, WRONG_INPUT = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0 done, 1 some programme failed, 2 the input is wrong."""
    options = _parser().parse_args(arguments)
    try:
        root = find_root(options.data)
        return int(options.function(root, options))
    except (checks.DataError, ParameterError, sources.SourceError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return WRONG_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="analysis", description="County Party-building programmes compared."
    )
    parser.add_argument("--version", action="version", version=f"analysis {__version__}")
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="project folder, if it is not this one or above"
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    check = commands.add_parser(
        "check", help="check the raw data and the parameter files, and list every fault"
    )
    check.set_defaults(function=_check)

    build = commands.add_parser("build", help="check the raw data and write data/processed")
    build.set_defaults(function=_build)

    run = commands.add_parser("run", help="make the reports")
    run.add_argument(
        "names", nargs="*", metavar="PROGRAMME", help="reports to make, by parameter file; all if none"
    )
    run.add_argument("--language", choices=LANGUAGES, help="language, instead of that in the parameter files")
    run.add_argument("--out", type=Path, metavar="DIR", help="folder of the reports (reports/)")
    run.set_defaults(function=_run)

    check_sources = commands.add_parser("audit", help="account for every numeral of the source documents")
    check_sources.add_argument("--sources", type=Path, metavar="DIR", help="folder of the documents")
    check_sources.add_argument("--json", action="store_true", help="print JSON")
    check_sources.set_defaults(function=_audit)
    return parser


def _check(root: Path, _: argparse.Namespace) -> int:
    problems = [str(problem) for problem in checks.problems_of(root)]
    programmes = _known_programmes(root)
    if programmes:
        try:
            load_folder(root / PARAMS, programmes)
        except ParameterError as error:
            problems += [str(fault) for fault in error.faults]
    if problems:
        print("\n".join(problems), file=sys.stderr)
        print(f"{len(problems)} fault{'s' if len(problems) > 1 else ''}", file=sys.stderr)
        return WRONG_INPUT
    data = checks.load(root)
    print(f"no faults: {_contents(data)}")
    return OK


def _known_programmes(root: Path) -> list[str]:
    """Return the programme ids of the table as it stands, or none where it cannot be read."""
    tables, _ = checks.read_tables(root)
    return tables["programmes"].column("programme_id") if "programmes" in tables else []


def _build(root: Path, _: argparse.Namespace) -> int:
    data = processed.build(root)
    write_dictionary(root)
    print(f"built data/processed: {_contents(data)}, {len(data.tables['estimates'])} estimates")
    return OK


def _contents(data: Dataset) -> str:
    names = ("programmes", "sources", "figures", "exclusions", "codings", "choices", "readings", "identities")
    return ", ".join(f"{len(data.tables[name])} {name}" for name in names)


def _run(root: Path, options: argparse.Namespace) -> int:
    data = processed.load(root)
    summary = reports.run(
        options.names,
        params_dir=root / PARAMS,
        notebooks=root / NOTEBOOKS,
        out_dir=options.out or root / REPORTS,
        programmes=data.programme_ids,
        language=options.language,
    )
    return summary.status


def _audit(root: Path, options: argparse.Namespace) -> int:
    folder = sources.find_sources(options.sources)
    if folder is None:
        raise sources.SourceError(
            "no source documents: put them in sources/, or name their folder with --sources "
            "or ANALYSIS_SOURCES"
        )
    data = processed.load(root)
    documents = {
        row["source_id"]: sources.Document.load(folder / row["file"], row["source_id"], row["encoding"])
        for row in records(data.sources)
        if (folder / row["file"]).is_file()
    }
    results = audit.audit(documents, data.sources, data.figures, data.tables["exclusions"])
    print(audit.to_json(results) if options.json else audit.format_audit(results))
    return OK if all(result.passed for result in results) else FAILED


if __name__ == "__main__":
    sys.exit(main())
