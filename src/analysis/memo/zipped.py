"""Files in one zip that has the same bytes on every run."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

# The earliest moment that a zip can name: none of the present.
_MOMENT = (1980, 1, 1, 0, 0, 0)
_FIRST = ("[Content_Types].xml", "_rels/.rels")


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return the files as a zip: the content types first, the others in order of name, no times of day."""
    buffer = io.BytesIO()
    order = sorted(files, key=lambda name: (name not in _FIRST, name))
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in order:
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            # The same on every system that writes it.
            entry.create_system = 0
            archive.writestr(entry, files[name])
    return buffer.getvalue()


def unzipped(content: bytes) -> dict[str, bytes]:
    """Return the files of a zip by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
