"""The command ``analysis``: what can be asked of it; ``commands`` holds what each command does."""

from __future__ import annotations

import argparse
import gc
import io
import os
import signal
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from pathlib import Path

from analysis import commands
from analysis.evidence.data_package import versions
from analysis.evidence.errors import InputError
from analysis.evidence.folders import find_root
from analysis.evidence.system import describe
from analysis.words.languages import LANGUAGES, Language

Command = Callable[[Path, argparse.Namespace], int]
Add = Callable[[str, Command, str], ArgumentParser]

SIGNALLED = 128
INTERRUPTED = 130
ENGINES = ("warm", "stock")
SCHEDULERS = ("systemd", "cron", "windows")
OUT_HELP = "folder of the reports (reports/)"
SOURCES_HELP = "folder of the documents (ANALYSIS_SOURCES, or sources/)"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0 done, 1 some programme failed, 2 the input is wrong."""
    speak_any_encoding()
    # What a start imports stays: to look for garbage among it every 700 objects is a seventh of its time.
    gc.set_threshold(50_000)
    options = parser().parse_args(arguments)
    try:
        status = int(options.function(find_root(options.data), options))
    except BrokenPipeError:
        # The reader of a pipe (head) has seen enough; what is still buffered must not fail at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return commands.OK
    except KeyboardInterrupt:
        status = INTERRUPTED
    except InputError as error:
        print(error, file=sys.stderr)
        return commands.WRONG_INPUT
    except OSError as error:
        # One without a number is a sentence of our own.
        print(describe(error, out="out" in options) if error.errno else error, file=sys.stderr)
        return commands.WRONG_INPUT
    if status > SIGNALLED:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # what is left to do is to leave
    return status


def speak_any_encoding() -> None:
    """Have what a terminal or a pipe cannot show, in GBK or ASCII, printed as an escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


class _Version(argparse.Action):
    """Prints the versions of the suite and of the data, those that ``--data`` named before it."""

    def __call__(self, parser: ArgumentParser, namespace: argparse.Namespace, *_: object) -> None:
        print(versions(namespace.data))
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
    add("build", commands.build, "check the raw data and write data/processed, with a database")
    _add_runs(add)
    _add_exports(add)
    _add_evidence(add)
    return made


def _add_runs(add: Add) -> None:
    """Add the commands that make reports and tell of them."""
    run = add("run", commands.run, "make the reports that are not up to date")
    option = run.add_argument
    option("names", nargs="*", metavar="REPORT", help="parameter files without .yaml; all if none")
    instead = "language, instead of that in the parameter files"
    option("--language", type=Language.code_of, choices=LANGUAGES, help=instead)
    _folder(run, "--out", OUT_HELP)
    option("--force", action="store_true", help="make reports that are up to date as well")
    faults = "run nothing where the rows or the parameters of one programme have faults"
    option("--strict", action="store_true", help=faults)
    option("--dry-run", action="store_true", help="say what would be made and why, and make nothing")
    option("--engine", choices=ENGINES, default=ENGINES[0], help="what runs the notebooks (%(default)s)")
    option("--jobs", type=_count, metavar="N", help="reports made at once (as many as there are processors)")
    limit = "time that a report may take (%(default)g); 0 for no limit"
    option("--timeout", type=_seconds, default=600.0, metavar="SECONDS", help=limit)
    memory = "memory that a report may hold, in megabytes (no limit)"
    option("--memory", type=_count, metavar="MB", help=memory)
    again = "of the reports left although the data has changed, make N to see that they are the same"
    option("--sample", type=_number, metavar="N", help=f"{again} (1 where they are many)")
    workers = "dask scheduler whose workers make the reports: tcp://host:8786"
    option("--cluster", metavar="ADDRESS", help=workers)
    option("--publish", metavar="URL", help="copy the reports to a folder or a store: s3://bucket/reports")
    quoted = "let pages quote the sentence of each figure from the documents; such pages are not published"
    option("--with-sentences", action="store_true", help=quoted)
    _json(run, "print the summary as JSON, and no progress")

    listed = add("runs", commands.runs, "list the runs so far, or what became of each report in one run")
    listed.add_argument("run", nargs="?", type=int, metavar="RUN", help="number of a run")
    listed.add_argument("--last", type=_count, default=10, metavar="N", help="how many runs (%(default)s)")
    _json(listed)
    _folder(listed, "--out", OUT_HELP)

    timed = add("schedule", commands.schedule, "print a template with which a scheduler calls analysis run")
    timed.add_argument("--cron", required=True, metavar="CRON", help='when: "0 6 * * 1" is Mondays at 6')
    timed.add_argument("--kind", choices=SCHEDULERS, default=SCHEDULERS[0], help="scheduler (%(default)s)")
    timed.set_defaults(check_run=lambda arguments: parser().parse_args(["run", *arguments]))
    timed.add_argument("arguments", nargs="*", metavar="ARGUMENT", help="arguments of analysis run, after --")


def _add_exports(add: Add) -> None:
    """Add the commands that write charts, tables and memos to take away."""
    charts = add("charts", commands.charts, "write charts for memos, each with data, evidence and words")
    _add_request(charts, "svg, png, pdf", "the comparisons and a few programmes")
    tables = add("tables", commands.tables, "write tables for memos: HTML, CSV, workbook with codebook")
    _add_request(tables, "html, csv, xlsx", "the comparisons")

    memo = add(
        "memo", commands.memo, "write policy memos in Word or as slides, or account for their numerals"
    )
    option = memo.add_argument
    option("programmes", nargs="*", metavar="PROGRAMME", help="programmes, or all: a memo on each")
    option("--compare", type=_names, default=(), metavar="THEME", help="a memo on all programmes")
    _language(memo)
    option("--slides", action="store_true", help="write slides (.pptx): headline, charts, table, questions")
    option("--template", type=Path, metavar="FILE", help="a template of your own, edited in Word")
    for name, what in (("issuer", "the unit that issues the memo"), ("addressee", "whom it is for")):
        option(f"--{name}", default="", metavar="NAME", help=f"{what} (a field to fill in)")
    option("--date", default="", help="its date, in words (a field to fill in)")
    _price_year(memo)
    option("--audit", type=Path, metavar="FILE", help="list each numeral and what it rests on, faults first")
    option(
        "--update",
        type=Path,
        metavar="FILE",
        help="bring an edited memo to the data of today, changes tracked",
    )
    option("--mark", action="store_true", help="with --audit: write a copy with a comment at each fault")
    values = "list what a template may place of a programme: calls, values, labels"
    option("--values", metavar="PROGRAMME", default="", help=values)
    _json(memo, "print the audit or the values as JSON")
    option("--save-template", type=Path, metavar="FILE", help="save the template, to edit it")
    option("--jobs", type=_count, metavar="N", help="memos written at once (as many as processors)")
    _folder(memo, "--out", "folder to write into (memos/)")


def _add_request(kit: ArgumentParser, formats: str, unnamed: str) -> None:
    """Add what charts and tables can be asked for; ``unnamed`` is what they are of without a programme."""
    option = kit.add_argument
    option("--theme", type=_names, default=(), help="comma-separated themes (all)")
    programmes = f"comma-separated programmes, or all; without any, {unnamed}"
    option("--programme", type=_names, default=(), help=programmes)
    _language(kit)
    option("--format", type=_names, default=(), help=f"comma-separated: {formats} (all)")
    option("--width", type=_names, default=("memo",), help="memo (156 mm) or slide (254 mm)")
    variants = "standalone, or memo: without its words, which are in a text file beside it"
    option("--variant", type=_names, default=("standalone",), help=variants)
    _price_year(kit)
    _folder(kit, "--out", f"folder to write into ({kit.prog.split()[-1]}/)")


def _add_evidence(add: Add) -> None:
    """Add the commands that look at figures and documents, and take new ones in."""
    numerals = add("audit", commands.audit, "account for every numeral of the source documents")
    _folder(numerals, "--sources", SOURCES_HELP)
    _json(numerals)

    asked = add("questions", commands.questions, "print what to ask a county, and what each answer settles")
    asked.add_argument("programmes", nargs="*", metavar="PROGRAMME", help="programmes; all if none")
    asked.add_argument(
        "--language", type=Language.code_of, choices=LANGUAGES, default="en", help="language (%(default)s)"
    )
    asked.add_argument(
        "--letter", type=Path, metavar="FILE", help="write a sheet for a letter to one county (.docx)"
    )

    figure = add("figure", commands.figure, "show a figure: its sentence, its place, and what rests on it")
    figure.add_argument("figure_id", metavar="ID", help="id of the figure")
    figure.add_argument(
        "--language", type=Language.code_of, choices=LANGUAGES, default="en", help="language of the card"
    )
    _folder(figure, "--sources", SOURCES_HELP)

    read = add("document", commands.document, "show a document with its figures marked, on this machine")
    read.add_argument("source", metavar="SOURCE", help="id of the source")
    instead = read.add_mutually_exclusive_group()
    taken = "write its marks as W3C Web Annotations: places and numerals, no other word of the text"
    instead.add_argument("--export", type=Path, metavar="FILE", help=taken)
    told = "compare the marks of such a file with the tables, and change nothing"
    instead.add_argument("--import", dest="compare", type=Path, metavar="FILE", help=told)
    _page(read)

    new = add("intake", commands.intake, "draft the rows of a new document, or accept a finished draft")
    what = new.add_mutually_exclusive_group(required=True)
    what.add_argument("file", nargs="?", type=Path, metavar="FILE", help="document: text, HTML, PDF or Word")
    what.add_argument("--accept", metavar="SOURCE", help="move the finished draft of this source to data/raw")
    again = "guess again the years of this source that hang on its date, once published is corrected"
    what.add_argument("--redate", metavar="SOURCE", help=again)
    new.add_argument("--programme", metavar="ID", help="programme that the document reports")
    new.add_argument("--source", metavar="ID", help="id of the source, if it is not that of the programme")
    coder = "who codes the document a second time: the draft is SOURCE.CODER"
    new.add_argument("--coder", default="", metavar="CODER", help=coder)
    _folder(new, "--sources", SOURCES_HELP)

    desk = add("desk", commands.desk, "finish a draft on a page of this machine, with keys")
    desk.add_argument("draft", metavar="DRAFT", help="id of the source, or SOURCE.CODER")
    desk.add_argument("--beside", default="", metavar="DRAFT", help="show where another draft of it differs")
    _page(desk)

    two = add("agreement", commands.agreement, "say where two drafts of one document agree, and where not")
    two.add_argument("drafts", nargs=2, metavar="DRAFT", help="id of the source, or SOURCE.CODER")
    _folder(two, "--sources", SOURCES_HELP)

    gone = add("remove", commands.remove, "remove a programme: all its rows, its parameters, its report")
    gone.add_argument("programme", metavar="PROGRAMME", help="id of the programme")
    gone.add_argument("--yes", action="store_true", help="do not ask first")
    _folder(gone, "--out", OUT_HELP)

    moved = add("changes", commands.changes, "say which figures changed, and by how much estimates moved")
    moved.add_argument("old", metavar="OLD", help="folder with data/raw, or git revision")
    moved.add_argument("new", metavar="NEW", nargs="?", help="the same; without it, the project as it is")
    _json(moved)


def _page(command: ArgumentParser) -> None:
    """Add what a page of this machine can be asked for."""
    option = command.add_argument
    option(
        "--language", type=Language.code_of, choices=LANGUAGES, default="en", help="language (%(default)s)"
    )
    option("--port", type=_number, default=0, metavar="N", help="port of the page (any free one)")
    option("--no-browser", action="store_true", help="print the address, and open no browser")
    _folder(command, "--sources", SOURCES_HELP)


def _folder(command: ArgumentParser, name: str, text: str) -> None:
    command.add_argument(name, type=Path, metavar="DIR", help=text)


def _json(command: ArgumentParser, text: str = "print JSON") -> None:
    command.add_argument("--json", action="store_true", help=text)


def _language(command: ArgumentParser) -> None:
    text = f"comma-separated: {', '.join(LANGUAGES)} (en)"
    command.add_argument("--language", type=_languages, default=("en",), help=text)


def _price_year(command: ArgumentParser) -> None:
    text = "give money in the prices of that year, or compare it as printed (prices of the latest year)"
    command.add_argument("--price-year", type=_prices, metavar="YEAR|printed", help=text)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _languages(text: str) -> tuple[str, ...]:
    return tuple(map(Language.code_of, _names(text)))


def _prices(text: str) -> int | str:
    if text == "printed":
        return text
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be a year or 'printed', not {text!r}") from None


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a positive integer, not {text!r}")
    return int(text)


def _number(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"must be a number, 0 or more, not {text!r}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"must be a number of seconds, 0 or more, not {text!r}")
    return seconds


if __name__ == "__main__":
    sys.exit(main())
