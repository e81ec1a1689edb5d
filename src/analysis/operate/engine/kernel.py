"""The process that runs the cells of a notebook: the kernel of IPython, whose messages go through a pipe."""

from __future__ import annotations

import asyncio
import atexit
import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import nullcontext
from multiprocessing.connection import Connection
from types import SimpleNamespace
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from jupyter_client.session import Session
from traitlets.config import Config

from analysis.operate.engine.processes import adopt_orphans, end_with_parent

INLINE = "module://matplotlib_inline.backend_inline"
_REPLY = ("status", "execution_count", "ename", "evalue", "traceback")


class PipeSession(Session):
    """Sends the messages of a kernel through a pipe; none from a process that a cell has forked.

    What is printed goes another way: each message waits until it is ``taken``, so that all stays in order.
    """

    def __init__(self, connection: Connection, taken: Connection) -> None:
        super().__init__()
        self.connection, self.lock = connection, threading.RLock()
        self.taken: Connection | None = taken

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, parent: Any = None, ident: Any = None,
             buffers: Any = None, track: bool = False, header: Any = None, metadata: Any = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Send a message, whatever the socket, after what was printed before it; return it."""
        message = msg_or_type
        if not isinstance(message, dict):
            message = self.msg(msg_or_type, content, parent, header, metadata)
        message["buffers"] = [bytes(buffer) for buffer in buffers or ()]
        if os.getpid() == self.pid:
            flush()
            with self.lock:
                self.connection.send(message)
                if self.taken is not None:
                    self.taken.recv_bytes()
        return message


def run_cells(connection: Connection, taken: Connection, outputs: Sequence[Connection], folder: str) -> None:
    """Run each cell that comes through the connection, and send its messages and a reply, until ``None``.

    ``taken`` says of each message that it has come; ``outputs`` take standard output and standard error;
    ``folder`` is for IPython.
    """
    _become_kernel(outputs)
    # The user's IPython profile may hold start-up files that would change a report.
    config = Config({"InteractiveShell": {"ipython_dir": folder}, "HistoryManager": {"enabled": False}})
    session, log = PipeSession(connection, taken), logging.getLogger("ipykernel")
    kernel: Any = IPythonKernel.instance(session=session, config=config, user_ns={}, log=log)
    kernel.shell.enable_gui = lambda gui=None: None
    # IPython keeps all that is printed for a history that nobody will ask for, however much it is.
    kernel.shell._tee = lambda channel: nullcontext()
    kernel.shell_channel_thread = SimpleNamespace(parent_thread=None)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    connection.send(kernel.language_info)
    while (source := connection.recv()) is not None:
        reply = loop.run_until_complete(kernel.do_execute(source, False, allow_stdin=False))
        flush()
        connection.send({"reply": {key: reply.get(key) for key in _REPLY}})
    session.taken = None
    atexit._run_exitfuncs()
    kernel.user_ns.clear()
    gc.collect()  # closes the files that cells left open


def flush() -> None:
    """Hand over what was printed."""
    sys.stdout.flush()
    sys.stderr.flush()


def _become_kernel(outputs: Sequence[Connection]) -> None:
    """Make of a copy of the process that runs papermill one of its own, as if it had been started afresh."""
    atexit._clear()
    os.setsid()
    end_with_parent(signal.SIGKILL)
    adopt_orphans()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number, output in enumerate(outputs, start=1):
        os.dup2(output.fileno(), number)
        output.close()
    sys.stdout, sys.stderr = (
        os.fdopen(number, "w", 1, "utf-8", "replace", closefd=False) for number in (1, 2)
    )
    # Or the debugger, which nobody will call, writes a warning.
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
    sys.argv = ["ipykernel_launcher.py"]
    if "" not in sys.path:
        sys.path.insert(0, "")
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()  # the module random does this for itself after a fork
    os.environ.setdefault("MPLBACKEND", INLINE)
    if matplotlib := sys.modules.get("matplotlib"):  # it has read its settings when it was imported
        matplotlib.rcParams["backend"] = os.environ["MPLBACKEND"]
