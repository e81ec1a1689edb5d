"""The run ledger: every run, every report it made or failed to make, and how each report stands today.

One SQLite file beside the reports. Each result is a transaction of its own, so that a killed run loses none
that was finished. The journal is SQLite's default one, which works on network folders where WAL does not.
"""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analysis.operate.runs.files import Files
from analysis.operate.runs.fingerprints import Fingerprint

LEDGER = "runs.sqlite"
VERSION = 1
WAIT = 30.0
"""Seconds to wait for another process that reads or writes the ledger."""

SCHEMA = """
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    started TEXT NOT NULL,
    finished TEXT,
    status TEXT NOT NULL CHECK (status IN ('running', 'done', 'failed', 'interrupted', 'killed')),
    data_hash TEXT NOT NULL,
    version TEXT NOT NULL,
    engine TEXT NOT NULL,
    processes INTEGER NOT NULL,
    planned INTEGER NOT NULL,
    up_to_date INTEGER NOT NULL,
    pid INTEGER NOT NULL,
    host TEXT NOT NULL
);
CREATE TABLE libraries (
    hash TEXT PRIMARY KEY,
    versions TEXT NOT NULL
);
CREATE TABLE result (
    run INTEGER NOT NULL REFERENCES run,
    name TEXT NOT NULL,
    cause TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('made', 'failed')),
    seconds REAL NOT NULL,
    error TEXT,
    fingerprint TEXT NOT NULL,
    PRIMARY KEY (run, name)
) WITHOUT ROWID;
CREATE TABLE report (
    name TEXT PRIMARY KEY,
    parameters TEXT NOT NULL,
    made TEXT,
    made_run INTEGER REFERENCES run,
    fingerprint TEXT,
    files TEXT,
    failed_run INTEGER REFERENCES run,
    error TEXT
);
CREATE TABLE state (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run,
    data_hash TEXT NOT NULL,
    tables BLOB,
    changes TEXT
);
"""


class LedgerError(Exception):
    """A ledger that cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Report:
    """How one report stands: when it was made and from what, and the error if the last attempt failed."""

    name: str
    parameters: Mapping[str, Any]
    made: str | None
    made_run: int | None
    fingerprint: Fingerprint | None
    files: Files | None
    failed_run: int | None
    error: str | None


@dataclass(frozen=True)
class State:
    """The data of a run as it was first seen, what had changed in it (JSON), and its tables if still kept."""

    run: int
    data_hash: str
    changes: str | None
    tables: bytes | None


class Ledger:
    """The ledger of one folder of reports."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.row_factory = sqlite3.Row

    # Runs

    def start(
        self, *, data_hash: str, version: str, engine: str, processes: int, planned: int, up_to_date: int,
        libraries: tuple[str, Mapping[str, str]],
    ) -> int:  # fmt: skip
        """Enter a run and return its number; runs that never ended are marked as killed.

        Only the holder of the lock may call this: it is how it knows that no other run goes on.
        ``libraries`` are the hash and the versions, by name.
        """
        with self._connection as write:
            write.execute("UPDATE run SET status = 'killed' WHERE status = 'running'")
            entered = write.execute(
                "INSERT INTO run (started, status, data_hash, version, engine, processes, planned, "
                "up_to_date, pid, host) VALUES (?, 'running', ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    now(),
                    data_hash,
                    version,
                    engine,
                    processes,
                    planned,
                    up_to_date,
                    os.getpid(),
                    platform.node(),
                ),
            )
            write.execute(
                "INSERT OR IGNORE INTO libraries VALUES (?, ?)", (libraries[0], json.dumps(libraries[1]))
            )
        assert entered.lastrowid is not None
        return entered.lastrowid

    def made(
        self, run: int, name: str, cause: str, seconds: float, fingerprint: Fingerprint,
        parameters: Mapping[str, Any], files: Files,
    ) -> None:  # fmt: skip
        """Enter a report that was made."""
        shape = json.dumps(fingerprint)
        with self._connection as write:
            write.execute(
                "INSERT INTO result VALUES (?, ?, ?, 'made', ?, NULL, ?)", (run, name, cause, seconds, shape)
            )
            write.execute(
                "INSERT OR REPLACE INTO report VALUES (?, ?, ?, ?, ?, ?, NULL, NULL)",
                (name, json.dumps(parameters), now(), run, shape, files.to_json()),
            )

    def failed(
        self, run: int, name: str, cause: str, seconds: float, fingerprint: Fingerprint,
        parameters: Mapping[str, Any], error: str,
    ) -> None:  # fmt: skip
        """Enter a report that failed; one that was made earlier stays entered."""
        with self._connection as write:
            write.execute(
                "INSERT INTO result VALUES (?, ?, ?, 'failed', ?, ?, ?)",
                (run, name, cause, seconds, error, json.dumps(fingerprint)),
            )
            write.execute(
                "INSERT INTO report (name, parameters, failed_run, error) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (name) DO UPDATE SET parameters = excluded.parameters, "
                "failed_run = excluded.failed_run, error = excluded.error",
                (name, json.dumps(parameters), run, error),
            )

    def finish(self, run: int, status: str) -> None:
        """Enter the end of a run: done, failed or interrupted."""
        with self._connection as write:
            write.execute("UPDATE run SET finished = ?, status = ? WHERE id = ?", (now(), status, run))

    # The data of runs

    def add_state(self, run: int, data_hash: str, tables: bytes, changes: str | None) -> None:
        """Enter data that differs from that of the run before; the tables of older data are dropped."""
        with self._connection as write:
            write.execute("UPDATE state SET tables = NULL")
            write.execute(
                "INSERT INTO state (run, data_hash, tables, changes) VALUES (?, ?, ?, ?)",
                (run, data_hash, tables, changes),
            )

    def states(self) -> list[State]:
        """Return the data that runs have seen, the latest first."""
        rows = self._connection.execute("SELECT * FROM state ORDER BY id DESC")
        return [State(row["run"], row["data_hash"], row["changes"], row["tables"]) for row in rows]

    # Questions

    def reports(self) -> dict[str, Report]:
        """Return how each report stands, by name."""
        return {row["name"]: _report(row) for row in self._connection.execute("SELECT * FROM report")}

    def runs(self, last: int | None = None) -> list[dict[str, Any]]:
        """Return the runs, the latest first, with the number of reports ``made`` and ``failed``."""
        rows = self._connection.execute(
            "SELECT run.*, coalesce(sum(result.status = 'made'), 0) AS made, "
            "coalesce(sum(result.status = 'failed'), 0) AS failed "
            "FROM run LEFT JOIN result ON result.run = run.id GROUP BY run.id ORDER BY run.id DESC LIMIT ?",
            (-1 if last is None else last,),
        )
        return [dict(row) for row in rows]

    def results(self, run: int) -> list[dict[str, Any]]:
        """Return what became of each report of a run, those that failed first."""
        rows = self._connection.execute(
            "SELECT name, cause, status, seconds, error, fingerprint FROM result WHERE run = ? "
            "ORDER BY status, name",
            (run,),
        )
        return [{**row, "fingerprint": json.loads(row["fingerprint"])} for row in map(dict, rows)]

    def libraries(self, hashed: str) -> Mapping[str, str]:
        """Return the library versions of that hash, by name; none where no run has used them."""
        rows = self._connection.execute("SELECT versions FROM libraries WHERE hash = ?", (hashed,))
        return next((json.loads(row["versions"]) for row in rows), {})


@contextmanager
def opened(folder: Path, *, write: bool = False) -> Iterator[Ledger]:
    """Open the ledger of a folder of reports; an empty one, which is nowhere, where there is none to read.

    Raises ``LedgerError`` for a file that is no ledger of this version, and where it cannot be written.
    """
    path = folder / LEDGER
    place = path if write or path.exists() else ":memory:"
    try:
        with closing(sqlite3.connect(place, timeout=WAIT)) as connection:
            _prepare(connection)
            yield Ledger(connection)
    except sqlite3.Error as error:
        raise LedgerError(
            f"{path.as_posix()}: {error}; look at the folder, or move the file away: without it all reports "
            "are made again"
        ) from error


def _prepare(connection: sqlite3.Connection) -> None:
    """Create the tables in an empty file; anything else must be a ledger of this version."""
    connection.execute("PRAGMA foreign_keys = ON")
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found == 0 and not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        connection.executescript(f"BEGIN;{SCHEMA}PRAGMA user_version = {VERSION};COMMIT;")
    elif found != VERSION:
        raise sqlite3.DatabaseError(f"a ledger of version {found}; this suite writes version {VERSION}")


def _report(row: sqlite3.Row) -> Report:
    return Report(
        name=row["name"],
        parameters=json.loads(row["parameters"]),
        made=row["made"],
        made_run=row["made_run"],
        fingerprint=json.loads(row["fingerprint"]) if row["fingerprint"] else None,
        files=Files.from_json(row["files"]) if row["files"] else None,
        failed_run=row["failed_run"],
        error=row["error"],
    )


def now() -> str:
    """Return the time in UTC, to the second: ``2026-03-02T22:00:00+00:00``."""
    return datetime.now(UTC).isoformat(timespec="seconds")
