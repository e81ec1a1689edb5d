"""The papermill engine ``warm``: kernels forked off one process that has already imported the libraries.

``papermill --engine warm in.ipynb out.ipynb`` finds it by its entry point. The pieces, in the order of the
imports: ``link`` (messages), ``zygote`` and ``kernel`` (the forking process and what it forks), ``owner``
(starts and ends the zygote), ``provisioner`` and ``manager`` (what jupyter_client asks for), ``warm`` (what
papermill asks for). Where kernels cannot be forked safely stock kernels run, and a warning says so once.
"""
