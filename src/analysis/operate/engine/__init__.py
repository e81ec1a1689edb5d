"""The papermill engine ``warm``: cells run in a forked process, without sockets and the start of a kernel.

``papermill --engine warm in.ipynb out.ipynb`` finds it by its entry point. The process that runs papermill
(``warm``) keeps the notebook and the time; the one that it forks (``kernel``) runs the cells; ``processes``
ends what is left.
"""
