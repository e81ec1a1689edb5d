"""The kernel provisioner ``analysis-warm``: like the local one, but its kernels are forked off the zygote."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from analysis.operate.engine import owner
from analysis.operate.engine.owner import Fence, ForkedKernel, Refusal

LAUNCHER = ("-m", "ipykernel_launcher")
_OPTIONS = ("-Xfrozen_modules=off",)
_SOON = 0.1  # seconds


class WarmProvisioner(LocalProvisioner):
    """Forks the kernels of this Python; starts any other, and all where a fork is not safe, as usual."""

    folder: Path | None = None
    """The private folder of the connection file and the sockets."""
    exit_status: int | None = None
    """The exit status of the last kernel that has ended, negative for the signal that ended it."""
    doomed = False
    """Whether the kernel is about to be killed, and need not be interrupted before."""
    _ending = False

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Choose private sockets for a kernel that can be forked."""
        manager: Any = self.parent
        if self.folder is None and kernel_arguments(self.kernel_spec.argv) is not None:
            try:
                owner.start()
            except Refusal as refusal:
                owner.warn(refusal)
            else:
                self.folder = private_sockets(manager)
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork the kernel and return its connection, when it can be connected to."""
        arguments = kernel_arguments(cmd)
        if self.folder is None or arguments is None:
            return await super().launch_kernel(cmd, **kwargs)
        cwd = str(kwargs.get("cwd") or os.getcwd())
        fence: Fence | None = getattr(self.parent, "fence", None)
        # The folder for temporary files may lie beyond the fence.
        environment = {**kwargs["env"], "TMPDIR": str(self.folder)} if fence else kwargs["env"]
        try:
            kernel = await owner.launch(arguments, environment, cwd, self.folder, _streams(), fence)
        except Refusal as refusal:
            owner.warn(refusal)
            return await super().launch_kernel(cmd, **kwargs)
        self.process, self.pid, self.cwd = kernel, kernel.pid, Path(cwd)  # type: ignore[assignment]
        self._ending = self.doomed = False
        return self.connection_info

    async def poll(self) -> int | None:
        """Return the exit status, or ``None``. Of a kernel that was told to end, wait for it for a moment."""
        if isinstance(self.process, ForkedKernel) and self._ending:
            await self.process.ended(_SOON)
        status = await super().poll()
        if isinstance(self.process, ForkedKernel):
            self.exit_status = status
        return status

    async def wait(self) -> int | None:
        """Wait until the kernel has ended and return its exit status."""
        if isinstance(self.process, ForkedKernel):
            while not await self.process.ended(1):
                pass
        return await super().wait()

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel and to what it has started."""
        if signum == signal.SIGINT and self.doomed:
            return
        self._ending |= signum in (signal.SIGTERM, signal.SIGKILL)
        await super().send_signal(signum)

    async def shutdown_requested(self, restart: bool = False) -> None:
        """Note that the kernel was asked to end."""
        self._ending = True

    async def cleanup(self, restart: bool = False) -> None:
        """Remove the private folder, and let go of the kernel."""
        await super().cleanup(restart=restart)
        if isinstance(self.process, ForkedKernel):
            self.process.link.close()
            self.process = None
        if self.folder is not None and not restart:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = None


def private_sockets(manager: Any) -> Path:
    """Have a kernel manager use sockets in a new folder that only this user can enter; return the folder.

    They need no encryption, and unlike ports cannot be taken by another process before the kernel has them.
    """
    folder = Path(tempfile.mkdtemp(prefix="kernel-"))
    manager.transport = "ipc"
    manager.transport_encryption = "disabled"
    manager.connection_file = str(folder / "kernel.json")
    manager.ip = str(folder / "s")
    return folder


def kernel_arguments(command: Sequence[str]) -> list[str] | None:
    """Return the arguments of a command that starts an ipykernel of this Python, ``None`` for any other."""
    python, *rest = command
    while rest and rest[0] in _OPTIONS:
        del rest[0]
    if tuple(rest[:2]) != LAUNCHER or not _is_this_python(python):
        return None
    return rest[2:]


def _is_this_python(python: str) -> bool:
    version = sys.version_info
    # jupyter_client puts this Python in the place of a bare name.
    names = {"python", f"python{version.major}", f"python{version.major}.{version.minor}"}
    return python in names or os.path.abspath(python) == os.path.abspath(sys.executable)


def _streams() -> list[int]:
    """Return the files of our output and our errors, if they are open."""
    files = []
    for number in (1, 2):
        try:
            os.fstat(number)
        except OSError:
            break
        files.append(number)
    return files
