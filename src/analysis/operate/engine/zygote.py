"""The forking process: imports the libraries once, forks a kernel for each request, ends with its owner.

A connection is one kernel: its start, the signals for it, its exit status, and its end when the connection
breaks, because whoever asked for it is gone. The zygote itself ends when the last write end of its leash is
closed, and takes every kernel with it. It has one thread, always: a fork copies only the thread that forks.
"""

from __future__ import annotations

import json
import os
import selectors
import shutil
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from analysis.operate.engine.link import Link, Message
from analysis.operate.engine.preload import ONE_THREAD, changed, import_settings, preload, threads

if TYPE_CHECKING:
    from analysis.operate.engine.kernel import Task


class Zygote:
    """Serves requests until its leash ends; ``serve`` returns a task in a forked child."""

    def __init__(
        self, listener: socket.socket, leash: int, home: str, settings: dict[str, str], data: str | None
    ) -> None:
        self.listener, self.leash, self.home = listener, leash, home
        self.settings, self.data = settings, data
        self.pid = os.getpid()
        self.began_in = dict(os.environ)
        self.marks = preload(data)
        self.set = {key: value for key, value in os.environ.items() if self.began_in.get(key) != value}
        """What the libraries have set in the environment while they were imported."""
        self.kernels: dict[int, Link] = {}
        self.folders: dict[Link, str] = {}
        """The private folders of the kernels, to be removed where nobody else is left to do so."""
        self.retired = False
        self.selector = selectors.DefaultSelector()
        self.wakeup, wake = socket.socketpair()
        for end in (self.wakeup, wake):
            end.setblocking(False)
        self._wake = wake
        listener.setblocking(False)
        self._watch(listener, self._accept)
        self._watch(leash, self._end)
        self._watch(self.wakeup, self._reap)
        signal.set_wakeup_fd(wake.fileno())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: self._end())
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is for the owner, who then lets go of the leash

    def serve(self) -> Task:
        """Serve until the leash ends, which ends the process; return the task in a child."""
        while True:
            for key, _ in self.selector.select():
                if key.fd not in self.selector.get_map():  # closed by what came before it in this round
                    continue
                if task := key.data():
                    return task
            if self.retired and not self.kernels:
                os._exit(0)

    def _watch(self, file: Any, action: Callable[[], Task | None]) -> None:
        self.selector.register(file, selectors.EVENT_READ, action)

    def _accept(self) -> None:
        with suppress(OSError):
            link = Link(self.listener.accept()[0])
            self._watch(link, lambda: self._heed(link))

    def _heed(self, link: Link) -> Task | None:
        """Do what has come over a link."""
        while message := link.receive():
            if "signal" in message:
                self._signal(link, message["signal"])
            elif (task := self._launch(link, message)) is not None:
                return task
        if link.closed:
            self._signal(link, signal.SIGKILL)
            if link in self.kernels.values():
                shutil.rmtree(self.folders[link], ignore_errors=True)
            self._drop(link)
        return None

    def _launch(self, link: Link, request: Message) -> Task | None:
        """Fork a kernel; in the child return its task, otherwise answer with its process id or a reason."""
        environment = request["environment"]
        if self.retired or changed(self.marks) or import_settings(environment) != self.settings:
            if not self.retired:
                self._hand_over(request)
            self._answer(link, {"again": True})
        elif (number := threads()) > 1:
            self._answer(link, {"refused": f"the process to fork has {number} threads"})
        else:
            pid = os.fork()
            if pid == 0:
                return self._child(link, request)
            self.kernels[pid], self.folders[link] = link, request["folder"]
            self._answer(link, {"pid": pid})
        for file in link.files:
            os.close(file)
        link.files.clear()
        return None

    def _child(self, link: Link, request: Message) -> Task:
        """Let go of everything that is the zygote's, and return what this child is for."""
        from analysis.operate.engine.kernel import Task

        signal.set_wakeup_fd(-1)
        for key in list(self.selector.get_map().values()):
            if key.fileobj is not link and not isinstance(key.fileobj, int):
                key.fileobj.close()  # type: ignore[attr-defined]
        self._wake.close()
        os.close(self.leash)
        self.selector.close()
        environment = {**self.set, **request["environment"]}
        fence = request["closed"], request["within"]
        return Task(link, request["arguments"], environment, request["cwd"], self.pid, *fence)

    def _hand_over(self, request: Message) -> None:
        """Start a successor that imports everything anew and listens in our place; end with our kernels."""
        environment = self.began_in
        settings = import_settings(request["environment"])
        if settings != self.settings:
            environment = start_environment(request["environment"], request["cwd"])
        for file in (self.listener.fileno(), self.leash):
            os.set_inheritable(file, True)
        command = start_command(self.listener.fileno(), self.leash, self.home, settings, self.data)
        os.posix_spawn(sys.executable, command, environment)
        self.selector.unregister(self.listener)
        self.listener.close()
        self.retired = True

    def _reap(self) -> None:
        """Report the exit status of every child that has ended, and end what it left running."""
        with suppress(BlockingIOError):
            while self.wakeup.recv(4096):
                pass
        while (pid := _ended()) is not None:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)  # not waited for yet: the number is still its own
            _, status = os.waitpid(pid, 0)
            if link := self.kernels.pop(pid, None):
                self._answer(link, {"exit": os.waitstatus_to_exitcode(status)})
                self._drop(link)

    def _signal(self, link: Link, number: int) -> None:
        """Send a signal to the kernel of a link and to what it has started, if it still runs."""
        for pid, other in self.kernels.items():
            if other is link:
                try:
                    os.killpg(pid, number)
                except ProcessLookupError:  # forked, and not yet the leader of its group
                    os.kill(pid, number)

    def _answer(self, link: Link, message: Message) -> None:
        with suppress(OSError):
            link.send(message)

    def _drop(self, link: Link) -> None:
        with suppress(KeyError, ValueError):
            self.selector.unregister(link)
        self.folders.pop(link, None)
        link.close()

    def _end(self) -> None:
        """End every kernel, then this process."""
        if os.getpid() != self.pid:  # a child that was told to end before it was anything else
            os._exit(0)
        for link in list(self.kernels.values()):
            self._signal(link, signal.SIGKILL)
            shutil.rmtree(self.folders.get(link, ""), ignore_errors=True)
        if not self.retired:
            shutil.rmtree(self.home, ignore_errors=True)
        os._exit(0)


def start_command(
    listener: int, leash: int, home: str, settings: dict[str, str], data: str | None
) -> list[str]:
    """Return the command that starts a zygote with these open files, in this folder of its own."""
    given = {"listener": listener, "leash": leash, "home": home, "settings": settings, "data": data}
    # As in the command of an ipykernel: its debugger cannot do without.
    return [sys.executable, "-Xfrozen_modules=off", "-m", "analysis.operate.engine.zygote", json.dumps(given)]


def start_environment(environment: Mapping[str, str], cwd: str) -> dict[str, str]:
    """Return the environment that a zygote starts in: one thread a library, paths that are absolute."""
    started = {**environment, **ONE_THREAD}
    if paths := started.get("PYTHONPATH"):
        started["PYTHONPATH"] = os.pathsep.join(os.path.join(cwd, path) for path in paths.split(os.pathsep))
    return started


def _ended() -> int | None:
    """Return the id of a child that has ended and was not waited for yet, or ``None``."""
    with suppress(ChildProcessError):
        if found := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return found.si_pid
    return None


def main() -> None:
    """Be the zygote that the arguments describe; a child that it forks comes back here to be a kernel."""
    if sys.path[0] in ("", os.getcwd()):
        del sys.path[0]
    given = json.loads(sys.argv[1])
    listener = socket.socket(fileno=given["listener"])
    task = Zygote(listener, given["leash"], given["home"], given["settings"], given["data"]).serve()
    task.run()


if __name__ == "__main__":
    main()
