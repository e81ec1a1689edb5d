"""The engine ``warm``: what papermill's users run behaves as under the stock engine, and nothing is left."""

import datetime
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import papermill
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from analysis.operate import execution
from analysis.operate.engine import bounded

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only")

# What papermill's own examples and tests are about, each as the cells of a small notebook.
EXAMPLES: dict[str, tuple[str, ...]] = {
    "an error": ("print('before')", "1 / 0", "print('never')"),
    "an error far down": ("def f(n):\n    return f(n - 1) if n else {}['鲁甸']\nf(3)",),
    "unicode": ("名 = '鲁甸 🏔 é'\nprint(名)\n名",),
    "rich display": (
        "from IPython.display import HTML, JSON, SVG, display\ndisplay(HTML('<b>1</b>'), JSON({'a': [1]}))",
        "shown = display('old', display_id='x')\nshown.update('new')",
        "from IPython.display import clear_output\nprint('gone')\nclear_output()\nprint('there')",
    ),
    "a comm, as widgets open it": (
        "from comm import create_comm\ncomm = create_comm(target_name='t', comm_id='1', data={'a': 1})",
        "comm.send({'b': 2})\ncomm.close()",
    ),
    "long output": ("for number in range(20_000):\n    print(number, 'x' * 40)",),
    "standard input": ("input('name? ')",),
    "raising SystemExit": ("raise SystemExit", "print('papermill goes on')"),
    "exit with a status": ("import sys; sys.exit(3)",),
    "a chart in the default backend": ("import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nplt.show()",),
    "a chart after %matplotlib inline": (
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.figure(figsize=(2, 1)).gca().bar(1, 2);",
    ),
    "an async cell": (
        "import asyncio\nawait asyncio.sleep(0.01)\nprint(await asyncio.sleep(0.01, 'slept'))",
    ),
    "output of other processes": (
        "!echo from a shell",
        "import subprocess\nprint(subprocess.run(['echo', 'captured'], capture_output=True).stdout)",
    ),
    "threads in a cell": (
        "import threading\nthreads = [threading.Thread(target=print, args=('thread',)) for _ in range(3)]\n"
        "for thread in threads:\n    thread.start()\n    thread.join()",
    ),
    "processes in a cell": (
        "import multiprocessing\nwith multiprocessing.get_context('fork').Pool(2) as pool:\n"
        "    print(pool.map(abs, [-1, -2]))",
    ),
    "a wide frame": ("import pandas as pd\npd.DataFrame([range(40)] * 80)",),
    "a warning": ("import warnings\nwarnings.warn('careful')",),
    "magics": ("%pwd", "%%capture\nprint('caught')", "%env HOME", "%%timeit -n1 -r1 -q\npass"),
    "a traceback in a library": ("import json\njson.loads('{')",),
    "os._exit": ("print('still here')", "import os; os._exit(3)"),
}


def notebook(*cells: str) -> NotebookNode:
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=[new_code_cell(cell) for cell in cells], metadata={"kernelspec": kernel})


def execute(*cells: str, output: Path | None = None, **options: object) -> NotebookNode:
    """Run cells under the engine and return the notebook."""
    given = {"engine_name": "warm", "progress_bar": False, **options}
    return papermill.execute_notebook(notebook(*cells), output, **given)


def kept(path: Path) -> NotebookNode:
    return papermill.iorw.load_notebook_node(str(path))


def printed(result: NotebookNode) -> str:
    return "".join(output.get("text", "") for cell in result.cells for output in cell.get("outputs", []))


# The same as under the stock engine


@pytest.fixture(scope="module")
def both(tmp_path_factory) -> list[dict[str, list[str]]]:
    """What a reader sees of each example under either engine; one notebook holds all."""
    folder = tmp_path_factory.mktemp("both")
    sources = [source for cells in EXAMPLES.values() for source in cells]
    seen = []
    for engine in ("warm", None):
        how = {"allow_errors": True, "shutdown_kernel": "immediate", "engine_name": engine}
        with pytest.raises(DeadKernelError):
            execute(*sources, output=folder / f"{engine}.ipynb", **how)
        cells = iter(kept(folder / f"{engine}.ipynb").cells)
        seen.append({name: [shown(next(cells)) for _ in sources] for name, sources in EXAMPLES.items()})
    return seen


def shown(cell: NotebookNode) -> str:
    """Return the outputs of a cell without what differs by process, time or count."""
    parts = (
        part["text"] if part.output_type == "stream" else repr(sorted(part.items(), key=str))
        for part in cell.get("outputs", [])
    )
    return re.sub(r"ipykernel_\d+/\d+|0x[0-9a-f]{6,}", "…", "".join(parts))


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_notebook_tells_the_same_as_under_the_stock_engine(example, both):
    warm, stock = both
    assert warm[example] == stock[example]


def test_papermill_finds_the_engine_from_the_command_line(tmp_path):
    given, output = tmp_path / "in.ipynb", tmp_path / "out.ipynb"
    cells = notebook("import os; print(text, many, os.path.basename(os.getcwd()))", "1 / 0")
    cells.cells.insert(0, new_code_cell("text = many = None", metadata={"tags": ["parameters"]}))
    papermill.iorw.write_ipynb(cells, str(given))
    command = [sys.executable, "-m", "papermill", "--engine", "warm", given, output, "--cwd", tmp_path]
    ended = subprocess.run(
        [*command, "-y", "{text: 五抓五强, many: [1, {a: 0.5}]}"], capture_output=True, text=True
    )
    assert ended.returncode == 1 and "ZeroDivisionError: division by zero" in ended.stderr
    made = kept(output)
    assert printed(made) == f"五抓五强 [1, {{'a': 0.5}}] {tmp_path.name}\n"
    tags = [cell.metadata.get("tags") for cell in made.cells]
    assert tags == [["papermill-error-cell-tag"], ["parameters"], ["injected-parameters"], [],
                    ["papermill-error-cell-tag"], []]  # fmt: skip
    assert made.metadata.papermill.exception is True


def test_a_parameter_that_no_notebook_can_hold_is_refused_before_anything_runs(tmp_path):
    ran = tmp_path / "ran"
    with pytest.raises(TypeError, match="date is not JSON serializable"):
        execute(
            f"open({str(ran)!r}, 'w')",
            output=tmp_path / "o.ipynb",
            parameters={"when": datetime.date(2024, 5, 1)},
        )
    assert not ran.exists()


def test_two_notebooks_run_at_once_in_processes_of_their_own():
    source = "import os, random, math\nprint(os.getpid(), random.random(), hasattr(math, 'x'))\nmath.x = 1"
    with ThreadPoolExecutor(2) as threads:
        first, second = (printed(made).split() for made in threads.map(execute, [source] * 2))
    assert first[2] == second[2] == "False"
    assert all(one != other for one, other in zip(first[:2], second[:2], strict=True))


# How a run ends


def test_a_death_says_what_it_was_and_the_notebook_is_kept_as_far_as_it_came(tmp_path):
    with pytest.raises(DeadKernelError, match=r"^Kernel died \(it ended itself, with exit status 3\)$"):
        execute("print('one')\nprint('two')\nimport os; os._exit(3)", output=tmp_path / "o.ipynb")
    assert printed(kept(tmp_path / "o.ipynb")) == "one\ntwo\n"
    with pytest.raises(
        DeadKernelError, match=r"^Kernel died \(ended by SIGKILL; was there too little memory\?\)$"
    ):
        execute("import os; os.kill(os.getpid(), 9)")


def test_a_cell_that_takes_too_long_is_ended_with_all_that_it_started(tmp_path):
    stubborn = (
        "import os, signal, subprocess\n"
        "sleep = ['setsid', 'sleep', '600']\n"
        "print(os.getpid(), subprocess.Popen(sleep).pid, flush=True)\n"
        "for number in (signal.SIGINT, signal.SIGTERM):\n    signal.signal(number, signal.SIG_IGN)\n"
        "while True:\n    print('x' * 1000)"
    )
    started = time.monotonic()
    with pytest.raises(TimeoutError, match="timed out"):
        execute(stubborn, output=tmp_path / "o.ipynb", execution_timeout=1)
    assert time.monotonic() - started < 20
    numbers, *rest = printed(kept(tmp_path / "o.ipynb")).splitlines()
    assert len(rest) > 100
    assert all(gone(int(pid)) for pid in numbers.split())


def test_endless_output_is_cut(monkeypatch):
    monkeypatch.setattr(bounded, "MOST_OUTPUT", 100)
    made = execute("import sys\nfor _ in range(50): print('12345')", "print('next')")
    # A busy machine sends what is printed in several pieces.
    *texts, note = made.cells[0].outputs
    printed = "".join(each.text for each in texts)
    assert (printed, note.name, note.text) == ("12345\n" * 16 + "1234", "stderr", bounded.CUT)
    assert made.cells[1].outputs[0].text == "next\n"


@pytest.mark.parametrize("engine", ["warm", "stock"])
@pytest.mark.parametrize("endless", ["print('x' * 99)", "display(1)", "display(HTML('x' * 100_000))"])
def test_a_cell_without_an_end_is_ended_in_time_and_cut(tmp_path, engine, endless):
    source = f"from IPython.display import HTML, display\nwhile True: {endless}"
    begun, path = time.monotonic(), tmp_path / "endless.ipynb"
    with pytest.raises(CellTimeoutError):
        execute(source, output=path, timeout_func=lambda _: 4.0, engine_name=execution.ENGINES[engine])
    assert time.monotonic() - begun < 40
    assert path.stat().st_size < 40_000_000


@pytest.mark.parametrize("engine", ["warm", "stock"])
@pytest.mark.parametrize("name", ["stdout", "stderr"])
def test_what_is_printed_beyond_the_bound_fills_no_memory(engine, name):
    kilobytes = "import resource, sys\nmost = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss"
    print_300_mb = f"for _ in range(3000): sys.{name}.write('x' * 100_000)"
    made = execute(
        f"{kilobytes}\nbefore = most()", print_300_mb, "most() - before", "print('on it goes')",
        engine_name=execution.ENGINES[engine],
    )  # fmt: skip
    texts, grown, after = (each.outputs for each in made.cells[1:])
    assert texts[-1].text.endswith(bounded.CUT) and sum(len(each.text) for each in texts) < 10_001_000
    assert int(grown[0].data["text/plain"]) < 100_000
    assert after[0].text == "on it goes\n", "the next cell may print as much again"


def test_what_is_printed_is_not_kept_in_the_process_that_prints_it():
    print_much = "import sys\nfor _ in range(3):\n    print('x' * 1000)\n    sys.stderr.write('y')"
    made = execute(print_much, "dict(get_ipython().history_manager.outputs)")
    assert made.cells[1].outputs[0].data["text/plain"] == "{}"


def test_what_a_kernel_prints_beside_its_messages_does_not_reach_the_terminal(capfd):
    execute("import os\nos.write(1, b'two\\n');", engine_name=execution.ENGINES["stock"],
            kernel_manager_class=execution.OwnInterpreter)  # fmt: skip
    assert capfd.readouterr() == ("", "")


def test_what_a_file_descriptor_takes_is_output(tmp_path):
    source = "import os\nprint('one')\nos.write(1, b'two\\n')\nos.write(2, b'three\\n');"
    outputs = execute(source).cells[0].outputs
    texts = {name: [each.text for each in outputs if each.name == name] for name in ("stdout", "stderr")}
    assert sorted("".join(texts["stdout"]).split()) == ["one", "two"] and texts["stderr"] == ["three\n"]


def test_what_a_dead_notebook_had_started_ends_too(tmp_path):
    start = "import os, subprocess\nsleep = subprocess.Popen(['setsid', 'sleep', '600'])\n"
    with pytest.raises(DeadKernelError):
        execute(f"{start}print(sleep.pid)", "import os; os._exit(1)", output=tmp_path / "o.ipynb")
    assert gone(int(printed(kept(tmp_path / "o.ipynb"))))


def test_what_is_printed_and_what_is_shown_stay_in_order():
    made = execute(
        "from IPython.display import display\nimport os\n"
        "for number in range(3):\n    print(number)\n    os.system('echo also')\n    display(number)"
    )
    shown = [output.get("text") or output.data["text/plain"] for output in made.cells[0].outputs]
    assert shown == ["0\nalso\n", "0", "1\nalso\n", "1", "2\nalso\n", "2"]


def test_a_notebook_that_is_done_may_finish_what_it_began(tmp_path):
    written = tmp_path / "written"
    execute(
        f"import atexit\nfile = open({str(written)!r}, 'w')\nfile.write('unflushed')",
        "atexit.register(file.write, ', at the end');",
    )
    assert written.read_text() == "unflushed, at the end"


def test_when_papermill_is_killed_its_cells_end(tmp_path):
    pid = tmp_path / "pid"
    cell = (
        f"import os, pathlib, time\npathlib.Path({str(pid)!r}).write_text(str(os.getpid()))\ntime.sleep(600)"
    )
    papermill.iorw.write_ipynb(notebook(cell), str(tmp_path / "in.ipynb"))
    command = [
        sys.executable,
        "-m",
        "papermill",
        "--engine",
        "warm",
        tmp_path / "in.ipynb",
        tmp_path / "o.ipynb",
    ]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    found = awaited(lambda: pid.exists() and pid.read_text())
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert gone(int(found))


def awaited(condition, seconds: float = 60.0):
    """Return the first true value of a condition; false when the time is over."""
    until = time.monotonic() + seconds
    while not (value := condition()) and time.monotonic() < until:
        time.sleep(0.02)
    return value


def gone(pid: int) -> bool:
    """Wait until a process has ended."""

    def ended() -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
        except OSError:
            return True

    return awaited(ended, 20)
