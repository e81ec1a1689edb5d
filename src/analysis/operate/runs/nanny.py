"""One zygote for all worker processes of a machine.

``dask worker --preload-nanny analysis.operate.runs.nanny`` starts it.

A plain ``dask worker`` does without it: each of its processes then has a zygote of its own.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.evidence.folders import find_root
from analysis.operate.engine import owner
from analysis.operate.engine.owner import Refusal

if TYPE_CHECKING:
    from distributed import Nanny

ZYGOTE = "ANALYSIS_ZYGOTE"
"""The variable that names the zygote of this machine to its workers."""


def dask_setup(nanny: Nanny) -> None:
    """Start the zygote and name it to the worker that this nanny starts; dask calls this for each nanny.

    It ends with the process of the nannies.
    """
    # As the nanny does before it starts a worker: the zygote imports under the same settings as kernels ask.
    os.environ.update(nanny.pre_spawn_env)
    try:
        nanny.env[ZYGOTE] = str(owner.start(_data()))
    except Refusal as refusal:
        owner.warn(refusal)


def _data() -> Path | None:
    """Return the project folder of this machine, if there is one."""
    with suppress(FileNotFoundError):
        return find_root()
    return None
