"""How the project is cited, and which data an export was made from."""

from __future__ import annotations

from pathlib import Path

import yaml

from analysis.evidence.dataset import Dataset
from analysis.version import __version__

CITATION = Path("CITATION.cff")


def citation(data: Dataset) -> dict[str, str]:
    """Return title, version, licence, authors and the request to cite, from the project's ``CITATION.cff``.

    Without that file the title is that of the package, and what is not known is empty.
    """
    try:
        found = yaml.safe_load((data.root / CITATION).read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError):
        found = None
    known = found if isinstance(found, dict) else {}
    authors = [str(author.get("name", "")) for author in known.get("authors", [])]
    return {
        "title": str(known.get("title", "county-programme-analysis")),
        "version": str(known.get("version", __version__)),
        "license": str(known.get("license", "")),
        "message": str(known.get("message", "")),
        "authors": "; ".join(filter(None, authors)),
    }


def data_version(data: Dataset) -> dict[str, str]:
    """Return the hash of the data, and title and version of the project, as the messages name them."""
    cited = citation(data)
    return {"hash": data.data_hash[:12], "title": cited["title"], "version": cited["version"]}
