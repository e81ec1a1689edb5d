"""What each command of ``analysis`` does: the project folder and the options in, the exit status out.

A command imports what it needs when it runs: ``analysis --help`` waits for no library.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sized
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.evidence.errors import InputError
from analysis.evidence.folders import PARAMS, notebooks_of, notebooks_run_in
from analysis.files import write_file

if TYPE_CHECKING:
    from analysis.evidence.raw import RawTable
    from analysis.evidence.uncoded import Uncoded
    from analysis.operate.runs import RunSummary
    from analysis.operate.runs.notice import Notice

REPORTS = Path("reports")
CHARTS, TABLES, MEMOS = Path("charts"), Path("tables"), Path("memos")
FEW, ALL = 12, "all"  # programmes
OK, FAILED, WRONG_INPUT = 0, 1, 2
# Options that are about Word files, or about a file that there is already.
NOT_WITH_SLIDES = ("template", "save_template", "audit", "mark", "update", "values")


def check(root: Path, _: Namespace) -> int:
    """List every fault of the raw data and the parameter files."""
    from analysis.evidence import checks
    from analysis.evidence.checks.problems import told
    from analysis.evidence.uncoded import uncoded_in
    from analysis.show.params import PRICE_YEARS, ParameterError, read_folder
    from analysis.words.themes import theme_faults

    tables, found = checks.examine(root)
    problems: list[object] = [*found, *theme_faults()]
    programmes = tables["programmes"].column("programme_id") if "programmes" in tables else []
    if programmes:
        try:
            # Without sound tables the price series cannot be asked which years it covers.
            years = PRICE_YEARS if problems else _price_years(tables["reference_series"])
            read_folder(root / PARAMS, programmes, price_years=years).checked()
        except ParameterError as error:
            problems += error.faults
    if problems:
        print("\n".join(told(problems)), file=sys.stderr)
        print(f"{len(problems)} fault{'s' if len(problems) > 1 else ''}", file=sys.stderr)
        return WRONG_INPUT
    notes = checks.notes_on(tables)
    if notes.contradictions or notes.doubts:
        print("\n".join(told([*notes.contradictions, *notes.doubts])), file=sys.stderr)
    _warn_of(uncoded_in(lambda table, name: tables[table].column(name)))
    counts = Counter({name: len(table.rows) for name, table in tables.items()})
    # Each contradiction is a choice, and each version of it a reading.
    counts.update(choices=len(notes.contradictory), readings=sum(map(len, notes.contradictory)))
    counted = _counted("; {} contradiction{} between documents", notes.contradictions)
    print(f"no faults: {_contents(counts)}{counted}{_counted('; {} doubt{}', notes.doubts)}")
    return OK


def _price_years(series: RawTable) -> range:
    """Return the years in whose prices money can be given."""
    from analysis.evidence.register import CPI, price_years_of

    changes = zip(series.column("series"), series.column("year"), strict=True)
    return price_years_of(int(year) for name, year in changes if name == CPI)


def build(root: Path, _: Namespace) -> int:
    """Write ``data/processed`` with its database, and the data dictionary."""
    from analysis.estimates import database, dictionary, processed
    from analysis.words.themes import formulas, theme_faults

    if faults := list(theme_faults()):
        print("\n".join(faults), file=sys.stderr)
        return WRONG_INPUT
    data = processed.build(root)
    database.write(data, formulas())
    dictionary.write(root, formulas())
    counts = {name: len(table) for name, table in data.tables.items()}
    print(f"built data/processed: {_contents(counts)}, {counts['estimates']} estimates")
    return OK


def _counted(words: str, found: Sized) -> str:
    return words.format(len(found), "s" if len(found) > 1 else "") if found else ""


def _warn_of(uncoded: Iterable[Uncoded], programme: str = "") -> None:
    """Say on standard error which figures no report speaks of yet, of all programmes or of one."""
    for each in uncoded:
        if programme in ("", each.programme_id):
            print(each, file=sys.stderr)


def _contents(counts: Mapping[str, int]) -> str:
    names = ("programmes", "sources", "figures", "exclusions", "codings", "choices", "readings", "identities")
    return ", ".join(f"{counts[name]} {name}" for name in names)


def run(root: Path, options: Namespace) -> int:
    """Make the reports that are not up to date."""
    from analysis.evidence.checks import DataError
    from analysis.evidence.uncoded import uncoded
    from analysis.operate import runs
    from analysis.operate.pool import usable_processors
    from analysis.operate.runs.notice import Notice

    asked = runs.Request(
        params_dir=root / PARAMS,
        notebooks=notebooks_of(root),
        out_dir=options.out or root / REPORTS,
        names=tuple(options.names),
        language=options.language,
        force=options.force,
        strict=options.strict,
        engine=options.engine,
        processes=options.jobs or usable_processors(),
        timeout=options.timeout or None,
        memory=options.memory,
        sample=options.sample,
        cluster=options.cluster,
        publish=options.publish,
        with_sentences=options.with_sentences,
    )
    runs.check_quotable(asked, root)
    notice = Notice.of(root)
    try:
        # The workers of a cluster have the data of the project, and no other.
        with runs.sound_data(root, strict=options.strict or options.cluster is not None) as (data, left_out):
            request = replace(asked, run_in=notebooks_run_in(data.root))
            if options.dry_run:
                planned = runs.dry_run(request, data, left_out)
                print(planned.to_json() if options.json else planned)
                return FAILED if planned.refused else OK
            _warn_of(uncoded(data))
            summary = runs.run(request, data, left_out, quiet=options.json)
    except DataError as error:
        if not options.dry_run:
            _notify(notice, runs.refuse(asked.out_dir, error.problems))
        raise
    _notify(notice, summary)
    if options.json:
        print(summary.to_json())
    else:
        print(summary, file=sys.stderr if summary.faults else sys.stdout)
    return summary.exit_status


def _notify(notice: Notice, summary: RunSummary) -> None:
    """Tell of a run that has failed whoever wants to hear of it."""
    if summary.exit_status and (problem := notice.send(summary.to_json())):
        print(problem, file=sys.stderr)


def runs(root: Path, options: Namespace) -> int:
    """List the runs, or the reports of one run."""
    from analysis.operate.runs.history import list_runs, show_run

    folder = options.out or root / REPORTS
    if options.run is None:
        print(list_runs(folder, options.last, as_json=options.json))
    else:
        print(show_run(folder, options.run, as_json=options.json))
    return OK


def schedule(root: Path, options: Namespace) -> int:
    """Print a template with which a scheduler calls ``analysis run``, once both are known to be right."""
    from analysis.operate.schedule import schedule

    options.check_run(options.arguments)
    words = (sys.executable, "-m", "analysis.cli", "--data", str(root), "run", *options.arguments)
    print(schedule(options.kind, options.cron, words, root), end="")
    return OK


def charts(root: Path, options: Namespace) -> int:
    """Write charts to take away, and name the files as they are written."""
    from analysis.estimates import processed
    from analysis.show.chartbook.chart_files import write_charts
    from analysis.show.export.request import Request

    data = processed.load(root)
    request = Request(*_asked(options))
    out = options.out or root / CHARTS
    # A few programmes are drawn without being named; with many, one asks for those one needs.
    everything = not options.programme and not options.theme and len(data.programme_ids) <= FEW
    requests = [request, replace(request, programmes=(ALL,))] if everything else [request]
    return _list_files(chain.from_iterable(write_charts(data, asked, out) for asked in requests), out)


def tables(root: Path, options: Namespace) -> int:
    """Write tables to take away, and name the files."""
    from analysis.estimates import processed
    from analysis.show.export.request import Request
    from analysis.show.tablekit import write_kit

    out = options.out or root / TABLES
    return _list_files(write_kit(processed.load(root), Request(*_asked(options)), out), out)


def _asked(options: Namespace) -> Iterator[Any]:
    names = ("theme", "programme", "language", "format", "width", "variant", "price_year")
    return (getattr(options, name) for name in names)


def _list_files(paths: Iterable[Path], out: Path) -> int:
    number = 0
    for path in paths:
        number += 1
        print(path.relative_to(out).as_posix(), flush=True)
    print(f"{number} files in {out}")
    return OK


def memo(root: Path, options: Namespace) -> int:
    """Write policy memos in Word or as slides, account for every numeral of one, or save the template."""
    from analysis.estimates import processed
    from analysis.operate.memos import write_asked
    from analysis.show import memo as made

    if options.slides and (other := next((each for each in NOT_WITH_SLIDES if getattr(options, each)), "")):
        raise InputError(f"--slides writes new slides; it does not go with --{other.replace('_', '-')}")
    if options.save_template:
        print(write_file(options.save_template, made.default_template(options.language[0])))
        return OK
    data = processed.load(root)
    if options.update:
        updated, path = made.update_file(data, options.update, options.out)
        print(path, file=sys.stderr)
        print(updated)
        return OK if updated.is_whole else FAILED
    if options.audit:
        found, marked = made.audit_file(data, options.audit, options.out, marked=options.mark)
        if marked:
            print(marked, file=sys.stderr)
        print(found.to_json() if options.json else found)
        return OK if found.passed else FAILED
    if options.values:
        asked = (options.values, options.language[0], options.price_year)
        print(made.catalogue(data, *asked, as_json=options.json))
        return OK
    programmes = tuple(data.programme_ids if list(options.programmes) == [ALL] else options.programmes)
    template = options.template.read_bytes() if options.template else None
    name = options.template.name if options.template else ""
    given = {"issuer": options.issuer, "addressee": options.addressee, "date": options.date}
    request = made.MemoRequest(
        programmes, options.compare, options.language, options.price_year, template, name, given,
        options.slides,
    )  # fmt: skip
    request, out = made.checked(data, request), options.out or root / MEMOS
    return write_asked(data, request, out, processes=options.jobs)


def questions(root: Path, options: Namespace) -> int:
    """Print what to ask counties, or write the sheet for a letter to one."""
    from analysis.estimates import processed
    from analysis.estimates.questions import questions as find
    from analysis.words.labels import Labels
    from analysis.words.language import Text
    from analysis.words.questions import question_lines

    data = processed.load(root)
    found = find(data, options.programmes)
    labels = Labels(data, Text.of(options.language))
    if not options.letter:
        print("\n".join(question_lines(labels, found)))
        return OK
    from analysis.show.memo.letter import letter

    if len(options.programmes) != 1:
        raise InputError("--letter is to one county: name one programme")
    print(write_file(options.letter, letter(labels, options.programmes[0], found)))
    return OK


def audit(root: Path, options: Namespace) -> int:
    """Account for every numeral of the source documents."""
    from analysis.estimates import processed
    from analysis.estimates.dictionary import changed_since_build
    from analysis.evidence.audit import audit, documents_in, format_audit, to_json
    from analysis.evidence.sources import existing_sources

    folder = existing_sources(options.sources, root)
    data = processed.load(root)
    results = audit(documents_in(folder, data.sources), data.sources, data.figures, data.tables["exclusions"])
    print(to_json(results) if options.json else format_audit(results))
    changed = changed_since_build(root)
    for path in changed:
        print(f"{path}: changed since `analysis build`; run it again if the change is meant", file=sys.stderr)
    # A document that is not at hand is named above, and is no fault of the tables.
    return OK if not changed and all(result.passed or not result.present for result in results) else FAILED


def figure(root: Path, options: Namespace) -> int:
    """Show a figure with all that belongs to it."""
    from analysis.project import load

    print(load(root).figure(options.figure_id, options.language, options.sources))
    return OK


def intake(root: Path, options: Namespace) -> int:
    """Draft the rows of a new document, accept a finished draft, or guess its years again."""
    from analysis.curation.acceptance import accept
    from analysis.curation.draft import IntakeError, intake
    from analysis.curation.redating import redate
    from analysis.evidence import checks
    from analysis.evidence.uncoded import uncoded

    if options.redate:
        print(redate(options.redate, root, options.sources))
        return OK
    if options.accept:
        moved = accept(options.accept, root, options.sources)
        print(moved)
        _warn_of(uncoded(checks.load(root)), moved.programme_id)
        return OK
    if not options.programme:
        raise IntakeError("--programme is missing; name the programme that the document reports")
    print(intake(options.file, options.programme, root, options.source, options.sources, options.coder))
    return OK


def desk(root: Path, options: Namespace) -> int:
    """Serve the desk of a draft until it is interrupted."""
    from analysis.curation.desk import Desk
    from analysis.show.desk.server import Served

    desk = Desk(root, options.draft, options.sources, options.beside)
    served = Served(desk, options.language, options.port)
    served.run("what you do is saved at once", browser=not options.no_browser)
    return OK


def document(root: Path, options: Namespace) -> int:
    """Serve a document with its marks until it is interrupted, or take the marks out or compare them."""
    from analysis.estimates import processed
    from analysis.show.document import annotations
    from analysis.show.document.marks import marked
    from analysis.show.document.server import Served

    found = marked(data := processed.load(root), options.source, options.sources)
    if options.export:
        print(write_file(options.export, annotations.to_json(found)))
        return OK
    if options.compare:
        given = annotations.from_json(options.compare.read_bytes(), found)
        print(difference := annotations.compare(found.marks, given))
        return OK if difference.is_none else FAILED
    served = Served(data, found, options.language, options.port)
    served.run("nothing can be changed here", browser=not options.no_browser)
    return OK


def agreement(root: Path, options: Namespace) -> int:
    """Say where two drafts of one document agree."""
    from analysis.curation.agreement import compare
    from analysis.curation.desk import Desk

    mine, theirs = (Desk(root, draft, options.sources).sheets for draft in options.drafts)
    print(compare(mine, theirs))
    return OK


def remove(root: Path, options: Namespace) -> int:
    """Remove a programme with all its rows and its report, when that is confirmed."""
    from analysis.curation.removal import confirmed, removal

    found = removal(options.programme, root, options.out or root / REPORTS)
    print(found)
    if not options.yes and not confirmed("remove all this? [y/N] "):
        print("nothing removed")
        return FAILED
    found.carry_out()
    print("removed; next: analysis build, then: analysis run")
    return OK


def changes(root: Path, options: Namespace) -> int:
    """Say which figures changed, and which estimates moved by how much."""
    from analysis.curation.changes import changes

    found = changes(options.old, options.new, root)
    print(found.to_json() if options.json else found)
    return OK
