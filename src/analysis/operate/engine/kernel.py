"""A forked child of the zygote becomes an ipykernel, as ``python -m ipykernel_launcher`` would be one."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import matplotlib
import numpy as np
from ipykernel.kernelapp import IPKernelApp

from analysis.operate.engine import fence
from analysis.operate.engine.link import Link

_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Task:
    """What a child has been forked for: the arguments, environment and folder of its kernel."""

    link: Link
    arguments: Sequence[str]
    environment: dict[str, str]
    cwd: str
    zygote: int
    closed: Sequence[str] = ()
    """Folders in which the kernel must not write, but for those ``within``."""
    within: Sequence[str] = ()

    def run(self) -> None:
        """Be the kernel until its notebook is done."""
        self._settle()
        app = ForkedKernelApp.instance()
        parent = f"--IPKernelApp.parent_handle={self.zygote}"
        app.initialize([*self.arguments, parent])  # type: ignore[no-untyped-call]
        # The sockets are bound: who connects now need not try again.
        with suppress(OSError):
            self.link.send({"ready": True})
        self.link.close()
        app.start()  # type: ignore[no-untyped-call]
        # It still prints, and would wait for the thread that prints, which ends first once we leave.
        if app.control_thread:
            app.control_thread.join(_FINISHING)

    def _settle(self) -> None:
        """Make of a copy of the zygote a process of its own, as if it had been started afresh."""
        os.setsid()
        _die_with_parent(self.zygote)
        for number in (signal.SIGTERM, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.set_wakeup_fd(-1)
        os.environ.clear()
        os.environ.update(self.environment)
        os.environ["JPY_PARENT_PID"] = str(self.zygote)
        os.chdir(self.cwd)
        time.tzset()
        _own_streams(self.link.files)
        tempfile.tempdir = None
        importlib.invalidate_caches()
        # The module random does this for itself after a fork; numpy does not.
        np.random.seed()
        launcher = importlib.util.find_spec("ipykernel_launcher")
        sys.argv = [str(launcher and launcher.origin), *self.arguments]
        if self.closed:
            # IPython makes its folder before it reads its options: in the home, maybe beyond the fence.
            os.environ["IPYTHONDIR"] = tempfile.gettempdir()
            fence.put_up(self.closed, self.within)


class ForkedKernelApp(IPKernelApp):
    """An ipykernel in a process that has imported matplotlib before the kernel was there."""

    name = IPKernelApp.name

    def init_gui_pylab(self) -> Any:
        """Give matplotlib the settings that it reads when it is imported: its file and its backend."""
        os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        if matplotlib.matplotlib_fname() != _MATPLOTLIBRC:
            matplotlib.rc_file(matplotlib.matplotlib_fname())
        matplotlib.rcParams["backend"] = os.environ["MPLBACKEND"]
        return super().init_gui_pylab()  # type: ignore[no-untyped-call]


_FINISHING = 2.0  # seconds
_MATPLOTLIBRC = matplotlib.matplotlib_fname()


def _own_streams(files: Sequence[int]) -> None:
    """Read from nowhere, and write to the output and the errors of the process that asked for the kernel."""
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    for target, file in zip((1, 2), files, strict=False):
        os.dup2(file, target)
    for file in files:
        os.close(file)


def _die_with_parent(parent: int) -> None:
    """End at once when the zygote does, by the kernel of Linux; elsewhere ipykernel looks every second."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it has ended before we could say so
        os._exit(1)
