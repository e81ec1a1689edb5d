"""Messages between a process and the zygote: JSON lines over a Unix socket, with open files if need be."""

from __future__ import annotations

import array
import json
import socket
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

Message = dict[str, Any]
BLOCK = 1 << 16
MOST_FILES = 8


class Link:
    """One end of a connection: ``send`` a message, ``receive`` those that have come."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self.sock = sock
        self.files: list[int] = []
        self.closed = False
        """Whether the other end is gone."""
        self._text = b""
        self._waiting: deque[Message] = deque()

    @classmethod
    def to(cls, address: Path) -> Link:
        """Return a link to the zygote that listens at ``address``; raises ``OSError`` where none does."""
        sock = socket.socket(socket.AF_UNIX)
        try:
            sock.connect(str(address))
        except OSError:
            sock.close()
            raise
        return cls(sock)

    def fileno(self) -> int:
        return self.sock.fileno()

    def send(self, message: Message, files: Sequence[int] = ()) -> None:
        """Send a message; raises ``OSError`` where the other end is gone."""
        line = json.dumps(message).encode() + b"\n"
        self.sock.setblocking(True)
        try:
            sent = socket.send_fds(self.sock, [line], files) if files else 0
            self.sock.sendall(line[sent:])
        finally:
            self.sock.setblocking(False)

    def receive(self) -> Message | None:
        """Return the next message that has come, or ``None``; never waits."""
        if not self._waiting:
            self._read()
        return self._waiting.popleft() if self._waiting else None

    def _read(self) -> None:
        while not self.closed:
            try:
                block, files = _receive(self.sock)
            except BlockingIOError:
                break
            except OSError:
                block, files = b"", []
            self.files += files
            self._text += block
            self.closed = not block
        *lines, self._text = self._text.split(b"\n")
        self._waiting.extend(json.loads(line) for line in lines)

    def close(self) -> None:
        with suppress(OSError):
            self.sock.close()
        self.closed = True


def _receive(sock: socket.socket) -> tuple[bytes, list[int]]:
    """Return what has come and the files with it; ``socket.recv_fds`` would leave them open after an exec."""
    fds = array.array("i")
    room = socket.CMSG_LEN(MOST_FILES * fds.itemsize)
    flags = getattr(socket, "MSG_CMSG_CLOEXEC", 0)
    block, ancillary, _, _ = sock.recvmsg(BLOCK, room, flags)
    for level, kind, data in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            fds.frombytes(data[: len(data) - len(data) % fds.itemsize])
    return block, list(fds)
