"""The finished reports copied to where their readers are: a folder, or a store that fsspec knows (s3://, gs://).

The ledger and the lock stay on the machine of the run: they need a file system.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit
from urllib.request import url2pathname

from analysis.evidence.errors import InputError
from analysis.files import write_file
from analysis.operate.reports import CHARTS, NOTEBOOK, PAGE
from analysis.operate.runs.ledger import Ledger
from analysis.show.export import BESIDE_CHARTS, CHART_FORMATS
from analysis.show.navigation import INDEX, OUTSIDE, QUOTES

PUBLISHED = "published.json"
"""What has been published: the hash over the files of each report, by name."""


class PublishError(InputError):
    """A place to publish to that cannot be used; the message says why."""


class Store(Protocol):
    """A place that files can be published to, by name."""

    def read(self, name: str) -> bytes:
        """Return a file; raises ``FileNotFoundError``."""

    def write(self, name: str, content: bytes) -> None:
        """Write a file, whole."""


class FolderStore:
    """A folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, name: str) -> bytes:
        """Return a file; raises ``FileNotFoundError``."""
        return (self.folder / name).read_bytes()

    def write(self, name: str, content: bytes) -> None:
        """Write a file, whole."""
        write_file(self.folder / name, content)


class RemoteStore:
    """A place that fsspec knows."""

    def __init__(self, files: Any, path: str) -> None:
        self.files, self.path = files, path.rstrip("/")

    def read(self, name: str) -> bytes:
        """Return a file; raises ``FileNotFoundError``."""
        content: bytes = self.files.cat_file(f"{self.path}/{name}")
        return content

    def write(self, name: str, content: bytes) -> None:
        """Write a file, whole."""
        with self.files.transaction, self.files.open(f"{self.path}/{name}", "wb") as file:
            file.write(content)


def open_store(url: str) -> Store:
    """Return the store of a URL or of a path; raises ``PublishError`` where there can be none."""
    if url.startswith("file://"):
        return FolderStore(Path(url2pathname(urlsplit(url).path)))
    if "://" not in url and "::" not in url:
        return FolderStore(Path(url))
    try:
        from fsspec.core import url_to_fs  # of the extra cluster

        return RemoteStore(*url_to_fs(url))
    except (ImportError, ValueError, OSError) as error:
        raise PublishError(
            f"--publish {url}: {error}; give a URL such as s3://bucket/reports, and install what its store "
            "needs"
        ) from error


NOT_PUBLISHED = {
    OUTSIDE: "its page leads to a memo, and memos are not published",
    QUOTES: "its page quotes sentences of the documents, and these are not published",
}
"""Why a page is not published, by what stands in it."""


def publish(out_dir: Path, url: str, ledger: Ledger) -> dict[str, str]:
    """Copy the reports that are not published as they stand, then the page of all.

    Returns the reports that were left, made by a run that was not to be published, each with the reason.

    Only what a report consists of is copied: page, notebook, charts. Each file appears whole. The page comes
    after what it leads to, and the list of what is published last, so that a copy that was cut off is made
    again.
    """
    store, left = open_store(url), dict[str, str]()
    try:
        published: dict[str, str] = json.loads(store.read(PUBLISHED))
    except FileNotFoundError:
        published = {}
    for name, report in ledger.reports().items():
        files = report.files
        if files is None or published.get(name) == files.content or files.find_alteration(out_dir / name):
            continue
        page = (out_dir / name / PAGE).read_bytes()
        if why := next((why for sign, why in NOT_PUBLISHED.items() if sign.encode() in page), ""):
            left[name] = why
            continue
        for file in filter(_belongs, files.stats):
            store.write(f"{name}/{file}", (out_dir / name / file).read_bytes())
        published[name] = files.content
    store.write(INDEX, (out_dir / INDEX).read_bytes())
    store.write(PUBLISHED, json.dumps(published, indent=1, sort_keys=True).encode())
    return left


def _belongs(file: str) -> bool:
    folder, _, name = file.rpartition("/")
    is_of_chart = folder == CHARTS and Path(name).suffix[1:] in (*CHART_FORMATS, *BESIDE_CHARTS)
    return file in (PAGE, NOTEBOOK) or is_of_chart
