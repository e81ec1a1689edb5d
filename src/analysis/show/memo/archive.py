"""Files in one zip that has the same bytes on every run."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

# The earliest moment that a zip can name: none of the present.
_MOMENT = (1980, 1, 1, 0, 0, 0)
MOST_BYTES = 200_000_000  # of all files in a zip together: an office's letterhead is far below
_FIRST = ("[Content_Types].xml", "_rels/.rels")


def pack(files: Mapping[str, bytes]) -> bytes:
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


def unpack(content: bytes) -> dict[str, bytes]:
    """Return the files of a zip by name; raises ``ValueError`` for one that is too large when unpacked."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
        if size > MOST_BYTES:
            raise ValueError(
                f"it is {size / 1e6:,.0f} MB large when unpacked, more than {MOST_BYTES / 1e6:,.0f} MB; "
                "make its pictures smaller"
            )
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
