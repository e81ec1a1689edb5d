"""The run ledger: every run, every report it made or failed to make, and how each report stands today.

One SQLite file beside the reports. Each result is a transaction of its own, so that a killed run loses none
that was finished. The journal is SQLite's default one, which works on network folders where WAL does not.
"""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from analysis.evidence.errors import InputError
from analysis.operate.runs.files import Files
from analysis.operate.runs.fingerprints import Fingerprint

LEDGER = "runs.sqlite"
VERSION = 1
WAIT = 30.0
"""Seconds to wait for another process that reads or writes the ledger."""

SCHEMA = Path(__file__).with_name("ledger.sql")


class LedgerError(InputError):
    """A ledger that cannot be used; the message says what to do."""


class Run(NamedTuple):
    """One run as it was entered, with the number of reports that it made and that failed."""

    id: int
    started: str
    finished: str | None
    status: str
    data_hash: str
    version: str
    engine: str
    processes: int
    planned: int
    up_to_date: int
    pid: int
    host: str
    made: int
    failed: int


class Result(NamedTuple):
    """What became of one report in one run, why it was made, and from what."""

    name: str
    cause: str
    status: str
    seconds: float
    error: str | None
    fingerprint: Fingerprint


class Report(NamedTuple):
    """How one report stands: when it was made and from what, and the error if the last attempt failed."""

    name: str
    parameters: Mapping[str, Any]
    made: str | None
    made_run: int | None
    fingerprint: Fingerprint | None
    files: Files | None
    failed_run: int | None
    error: str | None


class Snapshot(NamedTuple):
    """The data of a run as it was first seen: its tables, if still kept, and what had changed (JSON)."""

    run: int
    data_hash: str
    tables: bytes | None
    changes: str | None


class Ledger:
    """The ledger of one folder of reports."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def start(
        self, *, data_hash: str, version: str, engine: str, processes: int, planned: int, up_to_date: int,
        libraries: tuple[str, Mapping[str, str]],
    ) -> int:  # fmt: skip
        """Enter a run and return its number; runs that never ended are marked as killed.

        Only the holder of the lock may call this: it is how it knows that no other run goes on.
        ``libraries`` are the hash and the versions, by name.
        """
        hashed, versions = libraries
        with self._connection as write:
            write.execute("UPDATE run SET status = 'killed' WHERE status = 'running'")
            write.execute("INSERT OR IGNORE INTO libraries VALUES (?, ?)", (hashed, json.dumps(versions)))
            entered = write.execute(
                "INSERT INTO run VALUES (NULL, ?, NULL, 'running', ?, ?, ?, ?, ?, ?, ?, ?)",
                (now(), data_hash, version, engine, processes, planned, up_to_date, os.getpid(),
                 platform.node()),
            )  # fmt: skip
        assert entered.lastrowid is not None
        return entered.lastrowid

    def enter(
        self, run: int, result: Result, parameters: Mapping[str, Any] | None, files: Files | None
    ) -> None:
        """Enter what became of a report; one that failed has no ``files``, and stands as it did before.

        One whose parameters cannot be read has none.
        """
        name, shape, asked = result.name, json.dumps(result.fingerprint), json.dumps(parameters or {})
        with self._connection as write:
            write.execute("INSERT INTO result VALUES (?, ?, ?, ?, ?, ?, ?)", (run, *result[:-1], shape))
            if files is not None:
                write.execute(
                    "INSERT OR REPLACE INTO report VALUES (?, ?, ?, ?, ?, ?, NULL, NULL)",
                    (name, asked, now(), run, shape, files.to_json()),
                )
                return
            write.execute(
                "INSERT INTO report (name, parameters, failed_run, error) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (name) DO UPDATE SET "
                "parameters = iif(excluded.parameters = '{}', parameters, excluded.parameters), "
                "failed_run = excluded.failed_run, error = excluded.error",
                (name, asked, run, result.error),
            )

    def finish(self, run: int, status: str) -> None:
        """Enter the end of a run: done, failed or interrupted."""
        with self._connection as write:
            write.execute("UPDATE run SET finished = ?, status = ? WHERE id = ?", (now(), status, run))

    def add_snapshot(self, snapshot: Snapshot) -> None:
        """Enter data that differs from that of the run before; the tables of older data are dropped."""
        with self._connection as write:
            write.execute("UPDATE state SET tables = NULL")
            write.execute("INSERT INTO state VALUES (NULL, ?, ?, ?, ?)", snapshot)

    def latest_snapshot(self) -> Snapshot | None:
        """Return the data that the runs have seen last, if any."""
        rows = self._connection.execute(
            "SELECT run, data_hash, tables, changes FROM state ORDER BY id DESC LIMIT 1"
        )
        return next((Snapshot(*row) for row in rows), None)

    def reports(self) -> dict[str, Report]:
        """Return how each report stands, by name."""
        rows = self._connection.execute("SELECT * FROM report ORDER BY name")
        return {report.name: report for report in map(_report, rows)}

    def runs(self, last: int | None = None) -> list[Run]:
        """Return the runs, the latest first."""
        rows = self._connection.execute(
            "SELECT run.*, coalesce(sum(result.status = 'made'), 0), "
            "coalesce(sum(result.status = 'failed'), 0) "
            "FROM run LEFT JOIN result ON result.run = run.id GROUP BY run.id ORDER BY run.id DESC LIMIT ?",
            (-1 if last is None else last,),
        )
        return [Run(*row) for row in rows]

    def results(self, run: int) -> list[Result]:
        """Return what became of each report of a run, those that failed first."""
        rows = self._connection.execute(
            "SELECT name, cause, status, seconds, error, fingerprint FROM result WHERE run = ? "
            "ORDER BY status, name",
            (run,),
        )
        return [Result(*row)._replace(fingerprint=json.loads(row[-1])) for row in rows]

    def libraries(self, hashed: str) -> Mapping[str, str]:
        """Return the library versions of that hash, by name; none where no run has used them."""
        rows = self._connection.execute("SELECT versions FROM libraries WHERE hash = ?", (hashed,))
        return next((json.loads(versions) for (versions,) in rows), {})


@contextmanager
def open_ledger(folder: Path, *, write: bool = False) -> Iterator[Ledger]:
    """Open the ledger of a folder of reports; an empty one, which is nowhere, where there is none to read.

    Raises ``LedgerError`` for a file that is no ledger of this version, and where it cannot be written.
    """
    path = folder / LEDGER
    place = path if write or path.exists() else ":memory:"
    if write and not path.exists():
        path.touch()  # SQLite would make it with fewer rights than the umask leaves
    try:
        with closing(sqlite3.connect(place, timeout=WAIT)) as connection:
            _prepare(connection)
            yield Ledger(connection)
    except sqlite3.OperationalError as error:
        if (error.sqlite_errorcode & 0xFF) not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise _unusable(path, error) from error
        raise LedgerError(
            f"{path.as_posix()}: another program has held the ledger for {WAIT:g} s; wait for its end, or "
            "end it, and start again"
        ) from error
    except sqlite3.Error as error:
        raise _unusable(path, error) from error


def _unusable(path: Path, error: sqlite3.Error) -> LedgerError:
    return LedgerError(
        f"{path.as_posix()}: {error}; look at the folder, or move the file away: without it all reports are "
        "made again"
    )


def _prepare(connection: sqlite3.Connection) -> None:
    """Create the tables in an empty file; anything else must be a ledger of this version."""
    connection.execute("PRAGMA foreign_keys = ON")
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found == 0 and not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        schema = SCHEMA.read_text(encoding="utf-8")
        connection.executescript(f"BEGIN;{schema}PRAGMA user_version = {VERSION};COMMIT;")
    elif found != VERSION:
        raise sqlite3.DatabaseError(f"a ledger of version {found}; this suite writes version {VERSION}")


def _report(row: Sequence[Any]) -> Report:
    fingerprint = json.loads(row[4]) if row[4] else None
    files = Files.from_json(row[5]) if row[5] else None
    return Report(*row)._replace(parameters=json.loads(row[1]), fingerprint=fingerprint, files=files)


def now() -> str:
    """Return the time in UTC, to the second: ``2026-03-02T22:00:00+00:00``."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def local_time(time: str) -> datetime:
    """Return a time of the ledger in the zone of this machine."""
    return datetime.fromisoformat(time).astimezone()
