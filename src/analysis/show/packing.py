"""What a notebook hands to its page alone, small enough to be kept in both."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

ANSWERS = "application/vnd.county-programmes.answers+json"
"""The kind of output that holds the variants of pieces under the answers of readers."""
GROUNDS = "application/vnd.county-programmes.grounds+json"
"""The kind of output that holds what the numbers of a page rest on."""


def packed(content: dict[str, Any]) -> str:
    """Return content as text, the same for the same content: JSON by gzip, as base64."""
    found = gzip.compress(json.dumps(content, ensure_ascii=False).encode(), mtime=0)
    return base64.b64encode(found).decode()


def unpacked(text: str) -> dict[str, Any]:
    """Return the content that has been packed."""
    found: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(text)))
    return found
