"""The finished reports copied to where their readers are: a folder, or a store that fsspec knows (s3://, gs://).

The ledger and the lock stay on the machine of the run: they need a file system.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from analysis.evidence.errors import InputError
from analysis.operate.runs.ledger import Ledger
from analysis.show.navigation import INDEX

PUBLISHED = "published.json"
"""What has been published: the hash over the files of each report, by name."""


class PublishError(InputError):
    """A place to publish to that cannot be used; the message says why."""


def open_store(url: str) -> tuple[Any, str]:
    """Return the store of a URL and the path in it; raises ``PublishError`` where there can be none."""
    try:
        from fsspec.core import url_to_fs  # of the extra cluster

        store, path = url_to_fs(url)
    except (ImportError, ValueError, OSError) as error:
        raise PublishError(
            f"--publish {url}: {error}; give a URL such as s3://bucket/reports, and install what its store "
            "needs"
        ) from error
    if "file" in store.protocol:
        store.auto_mkdir = True
    return store, path.rstrip("/")


def publish(out_dir: Path, url: str, ledger: Ledger) -> None:
    """Copy the reports that are not published as they stand, then the page of all.

    Each file appears whole. The page comes after what it leads to, and the list of what is published last, so
    that a copy that was cut off is made again.
    """
    store, path = open_store(url)
    try:
        published: dict[str, str] = json.loads(store.cat_file(f"{path}/{PUBLISHED}"))
    except FileNotFoundError:
        published = {}
    for name, report in ledger.reports().items():
        files = report.files
        if files is None or published.get(name) == files.content or files.find_alteration(out_dir / name):
            continue
        for file in files.stats:
            _put(store, f"{path}/{name}/{file}", (out_dir / name / file).read_bytes())
        published[name] = files.content
    _put(store, f"{path}/{INDEX}", (out_dir / INDEX).read_bytes())
    _put(store, f"{path}/{PUBLISHED}", json.dumps(published, indent=1, sort_keys=True).encode())


def _put(store: Any, path: str, content: bytes) -> None:
    with store.transaction, store.open(path, "wb") as file:
        file.write(content)
