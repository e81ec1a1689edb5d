"""The finished reports copied to where their readers are: a folder, or a store that fsspec knows (s3://, gs://).

The ledger and the lock stay on the machine of the run: they need a file system.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.operate.runs.inputs import PublishError
from analysis.operate.runs.ledger import Ledger

if TYPE_CHECKING:
    from analysis.operate.runs.files import Files

INDEX = "index.html"
PUBLISHED = "published.json"
"""What has been published: the hash over the files of each report, by name."""


def opened_store(url: str) -> tuple[Any, str]:
    """Return the store of a URL and the path in it; raises ``PublishError`` where there can be none."""
    try:
        from fsspec.core import url_to_fs

        store, path = url_to_fs(url)
    except (ImportError, ValueError, OSError) as error:
        raise PublishError(
            f"--publish {url}: {error}; give a URL such as s3://bucket/reports, and install what its store "
            "needs"
        ) from error
    if "file" in store.protocol:
        store.auto_mkdir = True
    return store, path.rstrip("/")


def publish(out_dir: Path, url: str, ledger: Ledger) -> int:
    """Copy the reports that are not published as they stand, then the page of all; return how many they were.

    Each file appears whole. The page comes after what it leads to, and the list of what is published last, so
    that a copy that was cut off is made again.
    """
    store, path = opened_store(url)
    published = _published(store, f"{path}/{PUBLISHED}")
    standing = {name: report.files for name, report in ledger.reports().items() if report.files is not None}
    new = {name: files for name, files in standing.items() if published.get(name) != files.content}
    copied = [name for name, files in new.items() if _copied(store, path, out_dir, name, files)]
    _put(store, f"{path}/{INDEX}", (out_dir / INDEX).read_bytes())
    published |= {name: new[name].content for name in copied}
    _put(store, f"{path}/{PUBLISHED}", json.dumps(published, indent=1, sort_keys=True).encode())
    return len(copied)


def _published(store: Any, path: str) -> dict[str, str]:
    try:
        published: dict[str, str] = json.loads(store.cat_file(path))
    except FileNotFoundError:
        return {}
    return published


def _copied(store: Any, path: str, out_dir: Path, name: str, files: Files) -> bool:
    """Copy a report that stands as the ledger has it; return whether it does."""
    if files.altered(out_dir / name):
        return False
    for file in files.stats:
        _put(store, f"{path}/{name}/{file}", (out_dir / name / file).read_bytes())
    return True


def _put(store: Any, path: str, content: bytes) -> None:
    with store.transaction, store.open(path, "wb") as file:
        file.write(content)
