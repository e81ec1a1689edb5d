"""The papermill engine ``warm``: papermill as it is, on kernels that are forked off one warm process."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

from jupyter_client.manager import KernelManager
from nbclient.exceptions import DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager
from papermill.log import logger
from papermill.utils import remove_args

from analysis.operate.engine.manager import WarmKernelManager

_BETWEEN_SAVES = 2.0  # seconds


class SavingAtTheEnd(NotebookExecutionManager):  # type: ignore[misc]
    """Saves the notebook at its begin and its end, whatever that is, and on the way only if it takes long.

    papermill saves before and after each cell: sixty times for a report that takes a second.
    """

    saved = False

    def save(self, **kwargs: Any) -> None:
        """Save the notebook if it was never saved, if it is done, or if the last time is a while ago."""
        since = (self.now() - self.last_save_time).total_seconds()
        if not self.saved or self.end_time is not None or since >= _BETWEEN_SAVES:
            super().save(**kwargs)
            self.saved = True


class WarmEngine(NBClientEngine):  # type: ignore[misc]
    """Runs a notebook in a kernel of its own that is forked off the warm process."""

    @classmethod
    def execute_notebook(
        cls,
        nb: Any,
        kernel_name: str,
        output_path: str | None = None,
        progress_bar: bool | dict[str, Any] = True,
        log_output: bool = False,
        autosave_cell_every: int = 30,
        **kwargs: Any,
    ) -> Any:
        """Return the executed notebook; the arguments are those of papermill's own engine."""
        manager = SavingAtTheEnd(nb, output_path, log_output, progress_bar, autosave_cell_every)
        manager.notebook_start()
        try:
            cls.execute_managed_notebook(manager, kernel_name, log_output=log_output, **kwargs)
        finally:
            manager.cleanup_pbar()
            manager.notebook_complete()
        return manager.nb

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        start_timeout: int = 60,
        execution_timeout: int | None = None,
        kernel_manager_class: Callable[..., KernelManager] = WarmKernelManager,
        **kwargs: Any,
    ) -> None:
        """Run the cells; the arguments are those of papermill's own engine.

        Raises ``DeadKernelError`` saying what ended the kernel.
        """
        options = remove_args(["input_path", "timeout", "startup_timeout"], **kwargs)
        manager = kernel_manager_class(kernel_name=kernel_name)
        client = PapermillNotebookClient(
            nb_man,
            km=manager,
            kernel_name=kernel_name,
            timeout=execution_timeout or kwargs.get("timeout"),
            startup_timeout=start_timeout,
            log=logger,
            **options,
        )
        try:
            client.execute(cleanup_kc=True)
        except DeadKernelError as error:
            raise DeadKernelError(f"{error}{_cause(manager)}") from error


def _cause(manager: KernelManager) -> str:
    """Return what ended a kernel, if that is known: its exit status, or a signal."""
    status = getattr(manager.provisioner, "exit_status", None)
    if status is None:
        return ""
    if status >= 0:
        return f" (it ended itself, with exit status {status})"
    hint = "; was there too little memory?" if status == -signal.SIGKILL else ""
    return f" (ended by {signal.Signals(-status).name}{hint})"
