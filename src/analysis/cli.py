"""The command ``analysis``: what can be asked of it; ``commands`` holds what each command does."""

from __future__ import annotations

import argparse
import os
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from pathlib import Path

from analysis import commands
from analysis.words.languages import LANGUAGES, Language

Command = Callable[[Path, argparse.Namespace], int]
Add = Callable[[str, Command, str], ArgumentParser]

INTERRUPTED = 130
ENGINES = ("warm", "stock")
SCHEDULERS = ("systemd", "cron", "windows")
OUT_HELP = "folder of the reports (reports/)"
SOURCES_HELP = "folder of the documents (ANALYSIS_SOURCES, or sources/)"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0 done, 1 some programme failed, 2 the input is wrong."""
    options = parser().parse_args(arguments)
    try:
        from analysis.evidence.folders import find_root

        return int(options.function(find_root(options.data), options))
    except BrokenPipeError:
        # The reader of a pipe (head) has seen enough; what is still buffered must not fail at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return commands.OK
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        if not isinstance(error, commands.input_errors()):
            raise
        print(error, file=sys.stderr)
        return commands.WRONG_INPUT


class _Version(argparse.Action):
    """Prints the versions of the suite and of the data, those that ``--data`` named before it."""

    def __call__(self, parser: ArgumentParser, namespace: argparse.Namespace, *_: object) -> None:
        print(commands.version(namespace.data))
        parser.exit()


def parser() -> ArgumentParser:
    """Return what reads the command line."""
    made = ArgumentParser(prog="analysis", description="County Party-building programmes compared.")
    made.add_argument("--version", action=_Version, nargs=0, help="print the versions of suite and data")
    _folder(made, "--data", "project folder, if it is not this one or above")
    subparsers = made.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def add(name: str, function: Command, text: str) -> ArgumentParser:
        added = subparsers.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        added.set_defaults(function=function)
        return added

    add("check", commands.check, "check the raw data and the parameter files, and list every fault")
    add("build", commands.build, "check the raw data and write data/processed")
    _add_runs(add)
    _add_kits(add)
    _add_evidence(add)
    return made


def _add_runs(add: Add) -> None:
    """Add the commands that make reports and other output."""
    run = add("run", commands.run, "make the reports that are not up to date")
    run.add_argument("names", nargs="*", metavar="REPORT", help="parameter files without .yaml; all if none")
    run.add_argument(
        "--language",
        type=Language.code_of,
        choices=LANGUAGES,
        help="language, instead of that in the parameter files",
    )
    _folder(run, "--out", OUT_HELP)
    run.add_argument("--force", action="store_true", help="make reports that are up to date as well")
    run.add_argument(
        "--dry-run", action="store_true", help="say what would be made and why, and make nothing"
    )
    run.add_argument(
        "--engine", choices=ENGINES, default=ENGINES[0], help="what runs the notebooks (%(default)s)"
    )
    run.add_argument(
        "--jobs", type=_count, default=_cores(), metavar="N", help="reports made at once (%(default)s)"
    )
    run.add_argument(
        "--timeout", type=_seconds, default=600.0, metavar="SECONDS",
        help="time that a report may take (%(default)g), 0 for any time",
    )  # fmt: skip
    run.add_argument(
        "--memory", type=_count, metavar="MB", help="memory that a report may hold in megabytes (no limit)"
    )
    run.add_argument(
        "--cluster", metavar="ADDRESS", help="dask scheduler whose workers make the reports: tcp://host:8786"
    )
    run.add_argument(
        "--publish", metavar="URL", help="copy the reports to a folder or a store: s3://bucket/reports"
    )
    run.add_argument("--json", action="store_true", help="print the summary as JSON, and no progress")

    listed = add("runs", commands.runs, "list the runs so far, or what became of each report in one run")
    listed.add_argument("run", nargs="?", type=int, metavar="RUN", help="number of a run")
    listed.add_argument("--last", type=_count, default=10, metavar="N", help="how many runs (%(default)s)")
    listed.add_argument("--json", action="store_true", help="print JSON")
    _folder(listed, "--out", OUT_HELP)

    timed = add(
        "schedule", commands.schedule, "write what makes a scheduler of this machine call analysis run"
    )
    timed.add_argument("--cron", required=True, metavar="CRON", help='when: "0 6 * * 1" is Mondays at 6')
    timed.add_argument("--timezone", default="Asia/Shanghai", metavar="ZONE", help="%(default)s, or local")
    timed.add_argument("--kind", choices=SCHEDULERS, default=SCHEDULERS[0], help="scheduler (%(default)s)")
    timed.set_defaults(check_run=lambda arguments: parser().parse_args(["run", *arguments]))
    timed.add_argument("arguments", nargs="*", metavar="ARGUMENT", help="arguments of analysis run, after --")
    _folder(timed, "--out", "folder to write the files into, instead of printing them")


def _add_kits(add: Add) -> None:
    """Add the commands that write charts and tables to take away."""
    charts = add("charts", commands.charts, "write charts for memos, each with data, evidence and words")
    _add_request(
        charts, "svg, png, pdf", "programmes, or all; without any, the comparisons and a few programmes"
    )
    tables = add("tables", commands.tables, "write tables for memos: HTML, CSV, workbook with codebook")
    _add_request(tables, "html, csv, xlsx", "programmes, or all; without any, the comparisons")
    _add_memo(add)


def _add_memo(add: Add) -> None:
    """Add the command that writes memos and accounts for their numerals."""
    memo = add("memo", commands.memo, "write policy memos in Word, or account for every numeral of one")
    memo.add_argument("programmes", nargs="*", metavar="PROGRAMME", help="programmes, or all: a memo on each")
    memo.add_argument("--compare", type=_names, default=(), metavar="THEME", help="a memo on all programmes")
    memo.add_argument("--language", type=_languages, default=("en",), help="languages, joined by commas (en)")
    memo.add_argument("--template", type=Path, metavar="FILE", help="a template of your own, edited in Word")
    memo.add_argument(
        "--charts", choices=("picture", "native"), default="picture",
        help="charts as pictures, or drawn by Word and editable where nothing is lost (picture)",
    )  # fmt: skip
    memo.add_argument("--price-year", type=int, metavar="YEAR", help="give money in the prices of that year")
    memo.add_argument("--audit", type=Path, metavar="FILE", help="list each numeral and what it rests on")
    memo.add_argument("--json", action="store_true", help="print the audit as JSON")
    memo.add_argument("--save-template", type=Path, metavar="FILE", help="save the template, to edit it")
    _folder(memo, "--out", "folder to write into (memos/)")


def _add_request(kit: ArgumentParser, formats: str, programmes: str) -> None:
    """Add what both kits can be asked for."""
    kit.add_argument("--theme", type=_names, default=(), help="themes, joined by commas (all)")
    kit.add_argument("--programme", type=_names, default=(), help=programmes)
    kit.add_argument(
        "--language",
        type=_languages,
        default=("en",),
        help="of en, zh-Hans and zh-Hant, joined by commas (en)",
    )
    kit.add_argument("--format", type=_names, default=(), help=f"{formats} (all)")
    kit.add_argument("--width", type=_names, default=("memo",), help="memo (156 mm) or slide (254 mm)")
    kit.add_argument(
        "--variant", type=_names, default=("standalone",),
        help="standalone, or memo: without its words, which are in a text file beside it",
    )  # fmt: skip
    kit.add_argument("--price-year", type=int, metavar="YEAR", help="give money in the prices of that year")
    _folder(kit, "--out", f"folder to write into ({kit.prog.split()[-1]}/)")


def _add_evidence(add: Add) -> None:
    """Add the commands that look at figures and documents, and take new ones in."""
    numerals = add("audit", commands.audit, "account for every numeral of the source documents")
    _folder(numerals, "--sources", SOURCES_HELP)
    numerals.add_argument("--json", action="store_true", help="print JSON")

    figure = add("figure", commands.figure, "show a figure: its sentence, its place, and what rests on it")
    figure.add_argument("figure_id", metavar="ID", help="id of the figure")
    figure.add_argument(
        "--language", type=Language.code_of, choices=LANGUAGES, default="en", help="language of the card"
    )
    _folder(figure, "--sources", SOURCES_HELP)

    new = add("intake", commands.intake, "draft the rows of a new document, or accept a finished draft")
    what = new.add_mutually_exclusive_group(required=True)
    what.add_argument("file", nargs="?", type=Path, metavar="FILE", help="text or saved HTML of the document")
    what.add_argument("--accept", metavar="SOURCE", help="move the finished draft of this source to data/raw")
    new.add_argument("--programme", metavar="ID", help="programme that the document reports")
    new.add_argument("--source", metavar="ID", help="id of the source, if it is not that of the programme")
    _folder(new, "--sources", SOURCES_HELP)

    moved = add(
        "changes", commands.changes, "say which figures changed, and which estimates moved by how much"
    )
    moved.add_argument("old", metavar="OLD", help="folder with data/raw, or git revision")
    moved.add_argument("new", metavar="NEW", nargs="?", help="the same; without it, the project as it is")
    moved.add_argument("--json", action="store_true", help="print JSON")


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _languages(text: str) -> tuple[str, ...]:
    return tuple(map(Language.code_of, _names(text)))


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds from 0")
    return seconds


def _cores() -> int:
    """Return how many cores this process may use."""
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable else os.cpu_count() or 1


def _folder(parser: ArgumentParser, name: str, text: str) -> None:
    parser.add_argument(name, type=Path, metavar="DIR", help=text)


if __name__ == "__main__":
    sys.exit(main())
