"""The process that runs the cells of a notebook: the kernel of IPython, whose messages go through a pipe."""

from __future__ import annotations

import asyncio
import atexit
import gc
import io
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from multiprocessing.connection import Connection
from types import SimpleNamespace
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from jupyter_client.session import Session
from traitlets.config import Config

from analysis.operate.engine.processes import adopt_orphans, end_with_parent

INLINE = "module://matplotlib_inline.backend_inline"


class PipeSession(Session):
    """Sends the messages of a kernel through a pipe; none from a process that a cell has forked."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self.connection, self.lock = connection, threading.RLock()

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, parent: Any = None, ident: Any = None,
             buffers: Any = None, track: bool = False, header: Any = None, metadata: Any = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Send a message, whatever the socket, and return it."""
        message = msg_or_type
        if not isinstance(message, dict):
            message = self.msg(msg_or_type, content, parent, header, metadata)
        message["buffers"] = [bytes(buffer) for buffer in buffers or ()]
        if os.getpid() == self.pid:
            with self.lock:
                self.connection.send(message)
        return message


class Stream(io.TextIOBase):
    """Standard output or standard error of the cells, sent line by line."""

    encoding = "UTF-8"

    def __init__(self, name: str, number: int, session: PipeSession) -> None:
        self.name, self.number, self.session = name, number, session
        self.line: list[str] = []

    def fileno(self) -> int:
        return self.number

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if os.getpid() != self.session.pid:  # forked by a cell
            os.write(self.number, text.encode(errors="replace"))
        else:
            with self.session.lock:
                self.line.append(text)
                if "\n" in text:
                    self.flush()
        return len(text)

    def flush(self) -> None:
        with self.session.lock:
            text, self.line = "".join(self.line), []
            if text:
                self.session.send(None, "stream", {"name": self.name, "text": text})


def run_cells(connection: Connection, outputs: Sequence[Connection], folder: str) -> None:
    """Run each cell that comes through the connection, and send its messages and a reply, until ``None``.

    ``outputs`` take what programs write to standard output and standard error; ``folder`` is for IPython.
    """
    _become_kernel(outputs)
    session = PipeSession(connection)
    sys.stdout, sys.stderr = Stream("stdout", 1, session), Stream("stderr", 2, session)
    # The user's IPython profile may hold start-up files that would change a report.
    config = Config({"InteractiveShell": {"ipython_dir": folder}, "HistoryManager": {"enabled": False}})
    kernel: Any = IPythonKernel.instance(
        session=session, config=config, user_ns={}, log=logging.getLogger("ipykernel")
    )
    kernel.shell.enable_gui = lambda gui=None: None
    kernel.shell_channel_thread = SimpleNamespace(parent_thread=None)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    connection.send(kernel.language_info)
    while (source := connection.recv()) is not None:
        reply = loop.run_until_complete(kernel.do_execute(source, False, allow_stdin=False))
        sys.stdout.flush()
        sys.stderr.flush()
        connection.send({"reply": {key: reply.get(key) for key in ("status", "execution_count", *_ERROR)}})
    atexit._run_exitfuncs()
    kernel.user_ns.clear()
    gc.collect()  # closes the files that cells left open


_ERROR = ("ename", "evalue", "traceback")


def _become_kernel(outputs: Sequence[Connection]) -> None:
    """Make of a copy of the process that runs papermill one of its own, as if it had been started afresh."""
    atexit._clear()
    end_with_parent(getattr(signal, "SIGKILL", signal.SIGTERM))
    adopt_orphans()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(os, "setsid"):
        os.setsid()
        for number, output in enumerate(outputs, start=1):
            os.dup2(output.fileno(), number)
    for output in outputs:
        output.close()
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = (
        "1"  # or the debugger, which nobody will call, writes a warning
    )
    sys.argv = ["ipykernel_launcher.py"]
    if "" not in sys.path:
        sys.path.insert(0, "")
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()  # the module random does this for itself after a fork
    os.environ.setdefault("MPLBACKEND", INLINE)
    if matplotlib := sys.modules.get("matplotlib"):  # it has read its settings when it was imported
        matplotlib.rcParams["backend"] = os.environ["MPLBACKEND"]
