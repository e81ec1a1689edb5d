"""What a stock kernel prints with: so much for a cell and no more, before any of it is sent."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from ipykernel.iostream import OutStream
from ipykernel.zmqshell import ZMQInteractiveShell

# A little more than is kept, so that who keeps it sees that there was more, and says so.
MOST_PRINTED = 10_100_000
"""Characters that a cell may print, to each of its two streams."""


class BoundedStream(OutStream):
    """A stream that takes no more of a cell than would be kept of it: the rest fills the memory of two."""

    cell, printed = "", 0

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)  # type: ignore[no-untyped-call]
        # IPython keeps all that is printed for a history that nobody will ask for, however much it is.
        ZMQInteractiveShell._tee = lambda _, channel: nullcontext()  # type: ignore[method-assign,assignment,return-value]

    def write(self, string: str) -> int | None:  # type: ignore[override]  # as its parent
        """Take a text as far as it fits, and return how long it is, as if all of it were printed."""
        cell = str(self.parent_header.get("msg_id", ""))
        if cell != self.cell:
            self.cell, self.printed = cell, 0
        left = MOST_PRINTED - self.printed
        if isinstance(string, str) and len(string) > left:
            if left > 0:
                self.printed = MOST_PRINTED
                super().write(string[:left])
            return len(string)
        written = super().write(string)
        self.printed += len(string)
        return written
