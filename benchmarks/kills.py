"""Runs in which one process is killed: what is left of each, and whether the next run completes.

    python benchmarks/kills.py --kills 100

Each run makes four reports, two at once, on an invented county. In turn the run itself, the process that
reports are forked off, and the first or second process that makes one are killed by their pid (SIGKILL), as
soon as a phase is seen and a moment of chance has gone by: ``starting`` (the process that imports),
``making`` (the reports begin), ``writing`` (a report is being written), ``placed`` (the first report stands),
``ending`` (the last one does, and the site is written). Then it is checked that

    no process that was started is left after some seconds,
    each report that stands is one of a run without kills, byte for byte,
    summary and site are whole, the ledger can be read, and
    the run after it makes what is left, ends with status 0, and leaves nothing unfinished.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from analysis.files import hash_folder
from analysis.operate.reports import PAGE

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
import qingxi
from running import notebook

NAMES = ("first", "second", "third", "fourth")
CELL = "import time\ntime.sleep(0.3)\nprint('made')"
TARGETS = ("run", "server", "worker 1", "worker 2")
PHASES = ("starting", "making", "writing", "placed", "ending")
MARK = "ANALYSIS_KILLS"
PATIENCE, JITTER, LINGERING = 180.0, 0.4, 20.0
COMMAND = "import sys; from analysis.cli import main; sys.exit(main())"


@dataclass
class Victim:
    """A run that is to lose a process: its folder, and what has been seen of it."""

    root: Path
    mark: str
    run: subprocess.Popen[bytes] | None = None
    faults: list[str] = field(default_factory=list)

    @property
    def reports(self) -> Path:
        """The folder of the reports."""
        return self.root / "reports"

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a run that can be told from all other processes."""
        words = [sys.executable, "-c", COMMAND, "--data", str(self.root), "run", "--jobs", "2", *arguments]
        environment = {**os.environ, MARK: self.mark}
        self.run = subprocess.Popen(
            words, cwd=self.root, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        return self.run

    def processes(self) -> list[psutil.Process]:
        """Return the processes that belong to the run, and live."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.environ().get(MARK) == self.mark and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
            except (psutil.Error, OSError):
                continue
        return found

    def find(self, target: str) -> psutil.Process | None:
        """Return the process that is to be killed, if it lives."""
        assert self.run is not None
        try:
            own = psutil.Process(self.run.pid)
            if target == "run":
                return own
            server = next((each for each in own.children() if _is_server(each)), None)
            if server is None or target == "server":
                return server
            workers = sorted(server.children(), key=lambda each: each.pid)
            number = int(target.split()[1])
            return workers[number - 1] if len(workers) >= number else None
        except psutil.Error:
            return None

    def has_come_to(self, phase: str, since: float) -> bool:
        """Return whether a phase of the run has begun; ``since`` is when it was started."""
        standing = sum(_when(self.reports / name / PAGE) > since for name in NAMES)
        if phase == "starting":
            return self.find("server") is not None
        if phase == "making":
            return self.find("worker 1") is not None
        if phase == "writing":
            return any(self.reports.glob(".*.new/*"))
        return standing >= (1 if phase == "placed" else len(NAMES))


def _is_server(process: psutil.Process) -> bool:
    return any("forkserver" in word for word in process.cmdline())


def _when(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def awaited(condition: Callable[[], object], seconds: float) -> bool:
    """Return whether a condition has come true in so many seconds."""
    until = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < until:
        time.sleep(0.03)
    return bool(found)


def write_project(root: Path) -> None:
    """Write a project of one invented county, with four reports that take a moment each."""
    qingxi.write(root)
    (root / "notebooks").mkdir()
    (root / "notebooks/county_report.ipynb").write_text(json.dumps(notebook(CELL)), encoding="utf-8")
    (root / "params").mkdir()
    for name in NAMES:
        (root / "params" / f"{name}.yaml").write_text("programme: qingxi\n", encoding="utf-8")


def kill(victim: Victim, target: str, phase: str, chance: random.Random) -> str:
    """Start a run, kill one of its processes in a phase, and return its status; ``missed`` without a kill."""
    since = time.time()
    run = victim.start("--force")
    awaited(lambda: victim.has_come_to(phase, since) or run.poll() is not None, PATIENCE)
    time.sleep(chance.uniform(0, JITTER))
    chosen = victim.find(target)
    if chosen is not None:
        chosen.kill()
    try:
        run.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        victim.faults.append(f"the run went on for {PATIENCE:g} s")
        run.kill()
    return "missed" if chosen is None else str(run.returncode)


def check(victim: Victim, whole: dict[str, str], target: str) -> Iterator[str]:
    """Yield what is wrong with what is left of a run."""
    if not awaited(lambda: not victim.processes(), LINGERING):
        left = victim.processes()
        yield f"{len(left)} processes are left: {' '.join(' '.join(each.cmdline())[:60] for each in left)}"
        for each in left:
            each.kill()
    for name in NAMES:
        folder = victim.reports / name
        if folder.exists() and content(folder) != whole[name]:
            yield f"{name} is not whole"
    yield from check_summary(victim, "killed" if target == "run" else "")
    try:
        with sqlite3.connect(victim.reports / "runs.sqlite") as ledger:
            [found] = ledger.execute("PRAGMA integrity_check").fetchone()
        ledger.close()
        if found != "ok":
            yield f"the ledger: {found}"
    except sqlite3.Error as error:
        yield f"the ledger: {error}"


def check_summary(victim: Victim, state: str = "") -> Iterator[str]:
    """Yield what is wrong with summary and site; those of the run before stand where the run was killed."""
    try:
        summary = json.loads((victim.reports / "summary.json").read_text(encoding="utf-8"))
        if state != "killed" and summary["status"] not in ("done", "failed"):
            yield f"the summary says {summary['status']}"
    except (OSError, ValueError, KeyError) as error:
        yield f"summary: {type(error).__name__}: {error}"
    site = victim.reports / "index.html"
    if not site.is_file() or not site.read_text(encoding="utf-8").rstrip().endswith("</html>"):
        yield "the site is not whole"


def check_next(victim: Victim, whole: dict[str, str]) -> Iterator[str]:
    """Yield what is wrong with the run after it, which makes what is left."""
    run = victim.start()
    try:
        _, said = run.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        run.kill()
        yield "the next run did not end"
        return
    if run.returncode:
        yield f"the next run ended with {run.returncode}: {said.decode(errors='replace')[-300:]}"
    yield from (
        f"{name} is not made by the next run"
        for name in NAMES
        if content(victim.reports / name) != whole[name]
    )
    yield from check_summary(victim)
    if unfinished := [path.name for path in victim.reports.glob(".*.new")]:
        yield f"left unfinished: {' '.join(unfinished)}"


def content(folder: Path) -> str:
    """Return the hash over the files of a report; empty where there is none."""
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return hash_folder(folder, files) if files else ""


def main() -> None:
    """Print a line for each kill, then how many of which process in which phase."""
    parser = argparse.ArgumentParser(description="Kill processes of runs, and look at what is left.")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance, done, missed, faults = random.Random(given.seed), Counter[tuple[str, str]](), 0, 0
    with tempfile.TemporaryDirectory() as name:
        victim = Victim(Path(name).resolve(), f"{os.getpid()}")
        write_project(victim.root)
        if victim.start().wait(PATIENCE):
            sys.exit("the run without kills failed")
        whole = {report: content(victim.reports / report) for report in NAMES}
        while done.total() < given.kills and missed < given.kills:
            target, phase = chance.choice(TARGETS), chance.choice(PHASES)
            victim.faults.clear()
            status = kill(victim, target, phase, chance)
            if status == "missed":  # ended already
                missed += 1
                continue
            done[target, phase] += 1
            found = [*victim.faults, *check(victim, whole, target), *check_next(victim, whole)]
            faults += bool(found)
            print(
                f"{done.total():4} {target:8} {phase:8} status {status:>4}  {'; '.join(found) or 'whole'}",
                flush=True,
            )
    print(f"\n{'':10}" + "".join(f"{phase:>10}" for phase in PHASES))
    for target in TARGETS:
        print(f"{target:10}" + "".join(f"{done[target, phase]:10}" for phase in PHASES))
    print(f"{done.total()} kills, {missed} came too late; after {faults} of them something was wrong")
    sys.exit(faults > 0)


if __name__ == "__main__":
    main()
