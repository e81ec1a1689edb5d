"""The command ``analysis``: check, build, run, audit, figure, intake, changes."""

from __future__ import annotations

import argparse
import os
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from pathlib import Path

from analysis import __version__, audit, checks, processed, reports, sources
from analysis.acceptance import accept
from analysis.cards import UnknownIdError
from analysis.changes import changes
from analysis.dataset import Dataset, find_root, records
from analysis.dictionary import changed_since_build
from analysis.dictionary import write as write_dictionary
from analysis.intake import IntakeError, intake
from analysis.language import LANGUAGES
from analysis.params import PRICE_YEARS, ParameterError, load_folder
from analysis.prices import price_years

NOTEBOOKS = Path("notebooks")
PARAMS = Path("params")
REPORTS = Path("reports")
OK, FAILED, WRONG_INPUT = 0, 1, 2
SOURCES_HELP = "folder of the documents (ANALYSIS_SOURCES, or sources/)"
INPUT_ERRORS = (
    checks.DataError,
    ParameterError,
    IntakeError,
    UnknownIdError,
    sources.SourceError,
    FileNotFoundError,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0 done, 1 some programme failed, 2 the input is wrong."""
    options = _parser().parse_args(arguments)
    try:
        root = find_root(options.data)
        return int(options.function(root, options))
    except INPUT_ERRORS as error:
        print(error, file=sys.stderr)
        return WRONG_INPUT
    except BrokenPipeError:
        # The reader of a pipe (head) has seen enough; what is still buffered must not fail at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="analysis", description="County Party-building programmes compared."
    )
    parser.add_argument("--version", action="version", version=f"analysis {__version__}")
    _folder(parser, "--data", "project folder, if it is not this one or above")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(name: str, function: Callable[[Path, argparse.Namespace], int], text: str) -> ArgumentParser:
        added = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        added.set_defaults(function=function)
        return added

    command("check", _check, "check the raw data and the parameter files, and list every fault")
    command("build", _build, "check the raw data and write data/processed")

    run = command("run", _run, "make the reports")
    run.add_argument("names", nargs="*", metavar="REPORT", help="parameter files without .yaml; all if none")
    run.add_argument("--language", choices=LANGUAGES, help="language, instead of that in the parameter files")
    _folder(run, "--out", "folder of the reports (reports/)")

    numerals = command("audit", _audit, "account for every numeral of the source documents")
    _folder(numerals, "--sources", SOURCES_HELP)
    numerals.add_argument("--json", action="store_true", help="print JSON")

    figure = command("figure", _figure, "show a figure: its sentence, its place, and what rests on it")
    figure.add_argument("figure_id", metavar="ID", help="id of the figure")
    figure.add_argument("--language", choices=LANGUAGES, default="en", help="language of the card")
    _folder(figure, "--sources", SOURCES_HELP)

    new = command("intake", _intake, "draft the rows of a new document, or accept a finished draft")
    what = new.add_mutually_exclusive_group(required=True)
    what.add_argument("file", nargs="?", type=Path, metavar="FILE", help="text or saved HTML of the document")
    what.add_argument("--accept", metavar="SOURCE", help="move the finished draft of this source to data/raw")
    new.add_argument("--programme", metavar="ID", help="programme that the document reports")
    new.add_argument("--source", metavar="ID", help="id of the source, if it is not that of the programme")
    _folder(new, "--sources", SOURCES_HELP)

    moved = command("changes", _changes, "say which figures changed, and which estimates moved by how much")
    moved.add_argument("old", metavar="OLD", help="folder with data/raw, or git revision")
    moved.add_argument("new", metavar="NEW", nargs="?", help="the same; without it, the project as it is")
    moved.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _folder(parser: argparse.ArgumentParser, name: str, text: str) -> None:
    parser.add_argument(name, type=Path, metavar="DIR", help=text)


def _check(root: Path, _: argparse.Namespace) -> int:
    problems = [str(problem) for problem in checks.problems_of(root)]
    programmes = _known_programmes(root)
    if programmes:
        try:
            # Without sound tables the price series cannot be asked which years it covers.
            years = PRICE_YEARS if problems else price_years(checks.load(root))
            load_folder(root / PARAMS, programmes, price_years=years)
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
        price_years=price_years(data),
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
    if not documents:
        raise sources.SourceError(f"{folder} holds none of the registered documents; name their folder")
    results = audit.audit(documents, data.sources, data.figures, data.tables["exclusions"])
    print(audit.to_json(results) if options.json else audit.format_audit(results))
    changed = changed_since_build(root)
    for path in changed:
        print(f"{path}: changed since `analysis build`; run it again if the change is meant", file=sys.stderr)
    # A document that is not at hand is named above, and is no fault of the tables.
    return OK if not changed and all(result.passed or not result.present for result in results) else FAILED


def _figure(root: Path, options: argparse.Namespace) -> int:
    print(processed.load(root).figure(options.figure_id, options.language, options.sources))
    return OK


def _intake(root: Path, options: argparse.Namespace) -> int:
    if options.accept:
        print(accept(options.accept, root, options.sources))
        return OK
    if not options.programme:
        raise IntakeError("--programme is missing; name the programme that the document reports")
    print(intake(options.file, options.programme, root, options.source, options.sources))
    return OK


def _changes(root: Path, options: argparse.Namespace) -> int:
    found = changes(options.old, options.new, root)
    print(found.to_json() if options.json else found)
    return OK


if __name__ == "__main__":
    sys.exit(main())
