"""Kernel manager and client of the engine: kernels come from its provisioner, used once they answer."""

from __future__ import annotations

import time
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from traitlets import Instance, Type, default

from analysis.operate.engine.owner import Fence
from analysis.operate.engine.provisioner import WarmProvisioner

PROVISIONER = "analysis-warm"


class WarmSpecManager(KernelSpecManager):
    """Finds the kernels that are installed, and has those without a provisioner of their own forked."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return a kernel specification that names our provisioner, which starts other Pythons as usual."""
        spec = super().get_kernel_spec(kernel_name)
        spec.metadata = {"kernel_provisioner": {"provisioner_name": PROVISIONER}, **spec.metadata}
        return spec


class WarmClient(AsyncKernelClient):
    """A client that is ready as soon as the kernel has answered, on every channel."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait for the kernel; raises ``RuntimeError`` where it dies, or takes over ``timeout`` seconds.

        The stock client waits for 200 ms in which the output channel is silent. We wait for the message on
        it that ends our own request: what comes later is the output of a cell.
        """
        until = None if timeout is None else time.monotonic() + timeout
        while until is None or time.monotonic() < until:
            request = self.kernel_info()
            try:
                await self._async_recv_reply(request, timeout=1)
                while not _ends(await self.get_iopub_msg(timeout=0.2), request):
                    pass
                return
            except (Empty, TimeoutError):
                if not await self.is_alive():
                    raise RuntimeError("Kernel died before replying to kernel_info") from None
        raise RuntimeError(f"Kernel didn't respond in {timeout:g} seconds")


class WarmKernelManager(AsyncKernelManager):
    """Manages a kernel that is forked off the zygote where that can be done."""

    client_factory = Type(klass=AsyncKernelClient, default_value=WarmClient)
    fence = Instance(Fence, allow_none=True)
    """Where the kernel must not write, if there is such a place and it can be forked."""

    async def shutdown_kernel(  # type: ignore[override]  # as AsyncKernelManager has it
        self, now: bool = False, restart: bool = False
    ) -> None:
        """End the kernel; ``now`` without the interrupt that it would complain about on standard error."""
        if now and isinstance(self.provisioner, WarmProvisioner):
            self.provisioner.doomed = True
        await super().shutdown_kernel(now=now, restart=restart)

    @default("kernel_spec_manager")
    def _warm_specs(self) -> KernelSpecManager:
        return WarmSpecManager(data_dir=self.data_dir)


def _ends(message: dict[str, Any], request: str) -> bool:
    """Return whether a message says that the kernel is done with a request."""
    return (
        message["parent_header"].get("msg_id") == request
        and message["content"].get("execution_state") == "idle"
    )
