"""The process that owns a zygote: starts it when a kernel is first wanted, and asks it for kernels."""

from __future__ import annotations

import asyncio
import atexit
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from analysis.operate.engine.link import Link, Message
from analysis.operate.engine.preload import import_settings
from analysis.operate.engine.zygote import start_command, start_environment

STARTING = 120.0  # seconds that the imports may take
_ENDING = 10.0  # seconds that the zygote may take to end
_MOST_STARTS = 3
_ENDED = "the process to fork them from ends before it is ready"
LONGEST = 80  # characters of the folder: a socket of a kernel has a path of at most 107


class ColdKernelWarning(UserWarning):
    """Said once: stock kernels run, because kernels cannot be forked, and why."""


class Refusal(Exception):
    """Why a kernel cannot be forked."""


@dataclass(frozen=True)
class Fence:
    """What a kernel is kept from: it writes nothing in the folders ``closed`` but for those ``within``."""

    closed: tuple[Path, ...]
    within: tuple[Path, ...]


class Zygote:
    """A zygote of this process. It listens from the start; its imports take seconds in the background."""

    def __init__(self, data: Path | None = None) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="analysis-warm-"))
        """A folder that only this user can enter, removed by the zygote at its end."""
        self.address = self.home / "zygote"
        if len(str(self.home)) > LONGEST:
            self.home.rmdir()
            raise Refusal(f"the path of {self.home} is too long for sockets; set TMPDIR to a shorter folder")
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(self.address))
        listener.listen(64)
        leash, self._leash = os.pipe()
        settings = import_settings(os.environ)
        # Only the zygote may have the listener: with its end, whoever waits for an answer must see the end.
        with listener, os.fdopen(leash, "rb"):
            self._process = subprocess.Popen(
                start_command(
                    listener.fileno(), leash, str(self.home), settings, str(data) if data else None
                ),
                pass_fds=(listener.fileno(), leash),
                env=start_environment(os.environ, os.getcwd()),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                cwd=self.home,
                start_new_session=True,
            )

    def listens(self) -> bool:
        """Return whether the zygote, or its successor, still takes requests."""
        with suppress(OSError):
            Link.to(self.address).close()
            return True
        return False

    def close(self) -> None:
        """Let go: the zygote ends, and every kernel with it; returns when it has."""
        self.forget()
        until = time.monotonic() + _ENDING
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_ENDING)
        while self.listens() and time.monotonic() < until:  # a successor that still imports
            time.sleep(0.01)
        shutil.rmtree(self.home, ignore_errors=True)

    def forget(self) -> None:
        """Close our end of the leash; in a forked copy of this process too, or it would hold the zygote."""
        with suppress(OSError):
            os.close(self._leash)
        self._leash = -1


class ForkedKernel:
    """A running kernel of a zygote, with what ``LocalProvisioner`` asks of a ``subprocess.Popen``."""

    stdin = stdout = stderr = None

    def __init__(self, link: Link, pid: int) -> None:
        self.link, self.pid = link, pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return the exit status, negative for the signal that ended it, or ``None`` while it runs."""
        while self.returncode is None and (message := self.link.receive()):
            self.returncode = message.get("exit")
        if self.returncode is None and self.link.closed:  # the zygote is gone, and took its kernels along
            self.returncode = -signal.SIGKILL
        return self.returncode

    def wait(self) -> int:
        """Return the exit status of a kernel that has ended; closes its link."""
        code = self.poll()
        assert code is not None, "WarmProvisioner waits until poll has a status"
        self.link.close()
        return code

    async def ended(self, seconds: float) -> bool:
        """Wait until the kernel ends, ``seconds`` at most; return whether it has."""
        until = time.monotonic() + seconds
        while self.poll() is None and (left := until - time.monotonic()) > 0:
            await _readable(self.link, left)
        return self.poll() is not None

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel and what it has started. The zygote knows whether it still runs."""
        if self.poll() is None:
            with suppress(OSError):
                self.link.send({"signal": number})

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class _Warmth:
    """The zygote that this process uses: its own, or that of the process it works for."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.own: Zygote | None = None
        self.data: Path | None = None
        self.lent: Path | None = None
        self.starts = 0
        self.said: set[str] = set()

    def address(self) -> Path:
        with self.lock:
            if self.lent is not None:
                return self.lent
            if self.own is None or not self.own.listens():
                self._start()
            assert self.own is not None
            return self.own.address

    def _start(self) -> None:
        if reason := unsafe():
            raise Refusal(reason)
        if self.starts == _MOST_STARTS:
            raise Refusal(_ENDED)
        self.close()
        self.own = Zygote(self.data)
        self.starts += 1

    def close(self) -> None:
        if self.own is not None:
            self.own.close()
            self.own = None

    def forget(self) -> None:
        """Be without a zygote in a forked copy of this process."""
        if self.own is not None:
            self.own.forget()
        self.__init__()  # type: ignore[misc]


def unsafe() -> str | None:
    """Return why kernels cannot be forked on this system, or ``None``."""
    if sys.platform != "linux":
        return f"a fork is not safe on {sys.platform}"
    return None


def start(data: Path | None = None) -> Path:
    """Return the address of the zygote of this process, started now if need be; raises ``Refusal``.

    A zygote that is started from now on reads the dataset of the project folder ``data`` beforehand.
    """
    if data is not None:
        _warmth.data = data
    return _warmth.address()


def runs() -> bool:
    """Return whether this process has a zygote."""
    return _warmth.own is not None and _warmth.own.listens()


def lend(address: Path) -> None:
    """Use the zygote of the process that this one works for, and never start one."""
    _warmth.lent = address


def close() -> None:
    """End the zygote of this process and all its kernels; the next kernel starts another."""
    with _warmth.lock:
        _warmth.close()
        _warmth.starts = 0


def warn(refusal: Refusal) -> None:
    """Say that stock kernels run, once for each reason."""
    reason = str(refusal)
    if reason not in _warmth.said:
        _warmth.said.add(reason)
        warnings.warn(f"stock kernels run: {reason}", ColdKernelWarning, stacklevel=2)


async def launch(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    cwd: str,
    folder: Path,
    files: Sequence[int],
    fence: Fence | None = None,
) -> ForkedKernel:
    """Return a kernel that is ready to be connected to; ``files`` become its output and its errors.

    ``folder`` is private to the kernel; should this process vanish, the zygote removes it. Where the system
    can see to it, the kernel writes nothing beyond ``fence``.
    Raises ``Refusal`` where none can be forked, and ``RuntimeError`` where it ends before it is ready.
    """
    request = {
        "arguments": list(arguments),
        "environment": dict(environment),
        "cwd": cwd,
        "folder": str(folder),
        "closed": [str(path) for path in fence.closed] if fence else [],
        "within": [str(path) for path in (*fence.within, folder)] if fence else [],
    }
    for _ in range(_MOST_STARTS):
        try:
            link = Link.to(_warmth.address())
            link.send(request, files)
        except OSError:
            continue
        answer = await _next(link)
        if answer and "pid" in answer:
            _warmth.starts = 0
            kernel = ForkedKernel(link, answer["pid"])
            if await _next(link) != {"ready": True}:
                raise RuntimeError(f"the kernel ended before it was ready, with status {kernel.poll()}")
            return kernel
        silent = answer is None and not link.closed
        link.close()
        if silent:
            raise Refusal(f"the process to fork them from has been silent for {STARTING:g} s")
        if answer and "refused" in answer:
            raise Refusal(answer["refused"])
    raise Refusal(_ENDED)


async def _next(link: Link) -> Message | None:
    """Return the next message, or ``None`` where the other end is gone or is silent for too long."""
    while (message := link.receive()) is None and not link.closed:
        if not await _readable(link, STARTING):
            return None
    return message


async def _readable(link: Link, seconds: float) -> bool:
    """Wait until there is something to receive, ``seconds`` at most; return whether there is."""
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(link, ready.set)
    try:
        await asyncio.wait_for(ready.wait(), seconds)
    except TimeoutError:
        return False
    finally:
        loop.remove_reader(link)
    return True


_warmth = _Warmth()
atexit.register(close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_warmth.forget)
