"""The engine ``warm``: what papermill's users run behaves as under the stock engine, and nothing is left."""

import asyncio
import datetime
import gc
import os
import re
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import papermill
import pytest
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from papermill.engines import papermill_engines

from analysis.operate.engine import owner, preload
from analysis.operate.engine.manager import WarmKernelManager
from analysis.operate.engine.provisioner import WarmProvisioner, kernel_arguments
from analysis.operate.engine.warm import WarmEngine
from analysis.operate.execution import OwnStockInterpreter

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")

SURROUNDINGS = """
import locale, logging, os, signal, sys, threading, warnings
import matplotlib, numpy, pandas
print(__name__, os.path.basename(sys.argv[0]), sys.path, sys.flags, sys.executable, sys.getrecursionlimit())
print(locale.getlocale(), sys.stdout.encoding, sys.getfilesystemencoding(), os.umask(0o22), os.getcwd())
print(sorted(thread.name for thread in threading.enumerate() if "Thread-" not in thread.name))
print([signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)])
print(signal.pthread_sigmask(signal.SIG_BLOCK, []), os.read(0, 10), os.getpgid(0) == os.getpid())
print(sorted(set(os.environ) - {"JPY_SESSION_NAME"}), os.environ.get("MPLBACKEND"))
print(logging.getLogger().handlers, warnings.filters[-4:])
print(dict(matplotlib.rcParams), matplotlib.get_backend())
print(pandas.describe_option(_print_desc=False).lower())
"""

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
    "os._exit": ("print('still here', flush=True)", "import os; os._exit(3)"),
    "killed": ("import os; os.kill(os.getpid(), 9)",),
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
        "import os\nos.write(1, b'from the file\\n');",
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
    "where it runs": (SURROUNDINGS,),
}


def notebook(*cells: str) -> NotebookNode:
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=[new_code_cell(cell) for cell in cells], metadata={"kernelspec": kernel})


def execute(engine: str | None, *cells: str, **options: object) -> NotebookNode:
    """Run cells under an engine and return the notebook."""
    parameters = options.pop("parameters", None)
    return papermill.execute_notebook(
        notebook(*cells), None, parameters, engine_name=engine, progress_bar=False, **options
    )


def printed(result: NotebookNode) -> str:
    return "".join(output.get("text", "") for cell in result.cells for output in cell.get("outputs", []))


def told(engine: str | None, cells: tuple[str, ...], folder: Path) -> list[object]:
    """Return what a reader sees of a run: the exception, and every output without numbers of processes."""
    output = folder / f"{engine}.ipynb"
    try:
        papermill.execute_notebook(
            notebook(*cells), output, engine_name=engine, progress_bar=False, shutdown_kernel="immediate"
        )
        seen: list[object] = []
    except Exception as error:
        seen = [type(error).__name__]
    for cell in papermill.iorw.load_notebook_node(str(output)).cells:
        shown = ""
        for part in cell.get("outputs", []):
            # How a stream falls into pieces is a matter of time.
            shown += part["text"] if part.output_type == "stream" else repr(sorted(part.items(), key=str))
        seen.append(re.sub(r"ipykernel_\d+|0x[0-9a-f]{6,}", "…", shown))
    return seen


@pytest.fixture(scope="module")
def stock(tmp_path_factory) -> dict[str, list[object]]:
    """What the stock engine tells of each example; they take seconds, so some run at once."""
    KernelProvisionerFactory.instance()
    folders = [tmp_path_factory.mktemp("stock") for _ in EXAMPLES]
    with ThreadPoolExecutor(3) as threads:
        seen = threads.map(told, [None] * len(folders), EXAMPLES.values(), folders)
        return dict(zip(EXAMPLES, seen, strict=True))


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_notebook_tells_the_same_as_under_the_stock_engine(example, stock, tmp_path):
    assert told("warm", EXAMPLES[example], tmp_path) == stock[example]


def test_no_other_process_can_take_the_sockets_of_a_stock_kernel_that_makes_a_report():
    manager = OwnStockInterpreter()
    folder = Path(manager.ip).parent
    assert (manager.transport, folder.stat().st_mode & 0o777) == ("ipc", 0o700)
    del manager
    gc.collect()
    assert not folder.exists()


def test_a_stock_kernel_takes_ports_where_the_path_of_sockets_would_be_too_long(tmp_path, monkeypatch):
    deep = tmp_path / ("x" * 100)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    assert OwnStockInterpreter().transport == "tcp"


def test_both_are_found_by_their_entry_points():
    assert papermill_engines.get_engine("warm") is WarmEngine
    entries = KernelProvisionerFactory.instance().get_provisioner_entries()
    assert entries["analysis-warm"] == "analysis.operate.engine.provisioner:WarmProvisioner"


def test_parameters_arrive_and_the_cell_knows_its_folder(tmp_path):
    given = {"text": "“五抓五强”\n", "none": None, "many": [1, {"a": 0.5}]}
    source = "import os; print(repr(text), none, many, os.getcwd())"
    result = execute("warm", source, parameters=given, cwd=tmp_path)
    assert printed(result) == f"'“五抓五强”\\n' None [1, {{'a': 0.5}}] {tmp_path}\n"


@pytest.mark.parametrize("engine", ["warm", None])
def test_a_parameter_that_no_notebook_can_hold_is_refused_before_anything_runs(engine, tmp_path):
    given = {"parameters": {"when": datetime.date(2024, 5, 1)}, "engine_name": engine, "progress_bar": False}
    with pytest.raises(TypeError, match="date is not JSON serializable"):
        papermill.execute_notebook(
            notebook(f"open({str(tmp_path / 'ran')!r}, 'w')"), tmp_path / "o.ipynb", **given
        )
    assert not (tmp_path / "ran").exists()


def test_each_run_is_a_fresh_process_with_random_numbers_of_its_own():
    source = "import os, random, numpy, math\nprint(os.getpid(), random.random(), numpy.random.random())"
    leak = "\nprint(hasattr(math, 'leaked'))\nmath.leaked = True"
    first, second = (printed(execute("warm", source + leak)).split() for _ in range(2))
    assert [first[3], second[3]] == ["False", "False"]
    assert all(one != other for one, other in zip(first[:3], second[:3], strict=True))


def test_a_cell_that_takes_too_long_is_ended_even_if_it_will_not(tmp_path):
    stubborn = (
        "import os, signal, time\nprint(os.getpid(), flush=True)\n"
        "for number in (signal.SIGINT, signal.SIGTERM):\n    signal.signal(number, signal.SIG_IGN)\n"
        "while True:\n    time.sleep(1)"
    )
    with pytest.raises(TimeoutError, match="timed out"):
        papermill.execute_notebook(
            notebook(stubborn),
            tmp_path / "out.ipynb",
            engine_name="warm",
            progress_bar=False,
            execution_timeout=1,
            shutdown_kernel="immediate",
        )
    kept = papermill.iorw.load_notebook_node(str(tmp_path / "out.ipynb"))
    assert gone(int(printed(kept)))


def test_what_a_kernel_has_started_ends_with_it(tmp_path):
    result = execute(
        "warm",
        "import subprocess\nprint(subprocess.Popen(['sleep', '600']).pid)\nimport os\nos._exit",
        shutdown_kernel="immediate",
    )
    assert gone(int(printed(result)))


def test_a_kernel_that_is_done_may_finish_what_it_began(tmp_path):
    written = tmp_path / "written"
    execute(
        "warm",
        f"import atexit\nfile = open({str(written)!r}, 'w')\nfile.write('unflushed')",
        "atexit.register(file.write, ', at the end')",
    )
    assert written.read_text() == "unflushed, at the end"


def test_a_death_says_what_it_was():
    with pytest.raises(RuntimeError, match=r"^Kernel died \(it ended itself, with exit status 3\)$"):
        execute("warm", "import os; os._exit(3)")
    with pytest.raises(
        RuntimeError, match=r"^Kernel died \(ended by SIGKILL; was there too little memory\?\)$"
    ):
        execute("warm", "import os; os.kill(os.getpid(), 9)")


def test_a_notebook_is_kept_as_far_as_it_came(tmp_path):
    with pytest.raises(papermill.PapermillExecutionError):
        papermill.execute_notebook(
            notebook("print('done')", "1 / 0"), tmp_path / "out.ipynb", engine_name="warm", progress_bar=False
        )
    assert "done\n" in printed(papermill.iorw.load_notebook_node(str(tmp_path / "out.ipynb")))


# Kernels without papermill


def test_a_kernel_is_interrupted_and_restarted_as_any_other():
    asyncio.run(_interrupt_and_restart())


async def _interrupt_and_restart() -> None:
    manager = WarmKernelManager(kernel_name="python3")
    await manager.start_kernel()
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(timeout=60)
    assert isinstance(manager.provisioner, WarmProvisioner)
    first = manager.provisioner.pid

    endless = client.execute("print('runs', flush=True)\nwhile True: pass")
    while (await client.get_iopub_msg(timeout=20))["msg_type"] != "stream":
        pass
    await manager.interrupt_kernel()
    reply = await client._async_recv_reply(endless, timeout=20)
    assert reply["content"]["ename"] == "KeyboardInterrupt"

    await manager.restart_kernel()
    await client.wait_for_ready(timeout=60)
    assert manager.provisioner.pid != first and gone(first)
    folder = manager.provisioner.folder
    assert folder.stat().st_mode & 0o777 == 0o700
    client.stop_channels()
    await manager.shutdown_kernel()
    assert not folder.exists()


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        (
            [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            ["-f", "{connection_file}"],
        ),
        (["python", "-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f", "c"], ["-f", "c"]),
        ([sys.executable, "-O", "-m", "ipykernel_launcher", "-f", "c"], None),
        (["other-environment/bin/python", "-m", "ipykernel_launcher", "-f", "c"], None),
        (["R", "--slave", "-e", "IRkernel::main()"], None),
    ],
)
def test_only_an_ipykernel_of_this_python_is_forked(command, arguments):
    assert kernel_arguments(command) == arguments


# What goes wrong


@pytest.fixture
def afresh():
    """Without the zygote that the other tests share, before and after."""
    owner.close()
    yield
    owner.close()


def test_where_a_fork_is_not_safe_stock_kernels_run_and_a_warning_says_so_once(afresh, monkeypatch):
    monkeypatch.setattr(owner, "unsafe", lambda: "a fork is not safe on darwin")
    monkeypatch.setattr(owner._warmth, "said", set())
    with pytest.warns(owner.ColdKernelWarning) as warned:
        for _ in range(2):
            assert printed(execute("warm", "import os; print(os.getppid())")) == f"{os.getpid()}\n"
    said = [str(one.message) for one in warned if one.category is owner.ColdKernelWarning]
    assert said == ["stock kernels run: a fork is not safe on darwin"]


def beside(folder: Path, monkeypatch, **modules: str) -> None:
    """Put modules on the path of every Python that is started from now on."""
    for name, source in modules.items():
        (folder / f"{name}.py").write_text(textwrap.dedent(source))
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])
    )


def test_nothing_is_forked_off_a_process_with_a_second_thread(afresh, tmp_path, monkeypatch):
    thread = "from threading import Event, Thread\nThread(target=Event().wait, daemon=True).start()"
    beside(tmp_path, monkeypatch, sitecustomize=thread)
    monkeypatch.setattr(owner._warmth, "said", set())
    with pytest.warns(
        owner.ColdKernelWarning, match="^stock kernels run: the process to fork has 2 threads$"
    ):
        assert printed(execute("warm", "import os; print(os.getppid())")) == f"{os.getpid()}\n"


def test_a_zygote_that_cannot_start_is_given_up(afresh, tmp_path, monkeypatch, capfd):
    beside(tmp_path, monkeypatch, seaborn="raise ImportError('broken')")
    monkeypatch.setattr(owner._warmth, "said", set())
    with pytest.warns(owner.ColdKernelWarning, match="ends before it is ready$"):
        assert printed(execute("warm", "print(1)")) == "1\n"
    assert "ImportError: broken" in capfd.readouterr().err


def test_a_preloaded_module_that_has_changed_is_imported_anew(afresh, tmp_path, monkeypatch):
    beside(tmp_path, monkeypatch, sitecustomize="import rate", rate="RATE = 1")
    source = "import os, rate\nprint(rate.RATE, os.getppid(), sorted(os.environ))"
    rate, zygote, *environment = printed(execute("warm", source)).split()
    assert rate == "1"
    (tmp_path / "rate.py").write_text("RATE = 22")
    rate, successor, *same = printed(execute("warm", source)).split()
    assert rate == "22" and gone(int(zygote)) and successor != zygote
    assert same == environment


def test_a_zygote_that_was_killed_takes_its_kernels_along_and_another_takes_its_place(afresh):
    with pytest.raises(RuntimeError, match="Kernel died"):
        execute("warm", "import os, time; os.kill(os.getppid(), 9); time.sleep(600)")
    assert printed(execute("warm", "print('again')")) == "again\n"


def test_when_its_owner_is_killed_nothing_is_left(tmp_path):
    script = tmp_path / "owner.py"
    cell = (
        "import os, pathlib, time\n"
        f"pathlib.Path({str(tmp_path / 'pids')!r}).write_text(f'{{os.getpid()}} {{os.getppid()}}')\n"
        "time.sleep(600)"
    )
    script.write_text(
        "import papermill\nfrom nbformat.v4 import new_code_cell, new_notebook\n"
        f"cells = [new_code_cell({cell!r})]\n"
        "kernel = {'name': 'python3', 'display_name': 'Python 3', 'language': 'python'}\n"
        "notebook = new_notebook(cells=cells, metadata={'kernelspec': kernel})\n"
        "papermill.execute_notebook(notebook, None, engine_name='warm', progress_bar=False)\n"
    )
    scratch = tmp_path / "t"
    scratch.mkdir()
    process = subprocess.Popen([sys.executable, script], env={**os.environ, "TMPDIR": str(scratch)})
    pids = awaited(lambda: (tmp_path / "pids").exists() and (tmp_path / "pids").read_text().split())
    process.send_signal(signal.SIGKILL)
    process.wait()
    for pid in pids:
        assert gone(int(pid))
    assert awaited(lambda: not list(scratch.glob("analysis-*")))


def test_marks_tell_a_file_that_changed_or_went(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_text("1")
    second.write_text("2")
    before = preload.marks([str(first), str(second), str(tmp_path / "third")])
    assert preload.changed(before) is None
    second.unlink()
    assert preload.changed(before) == str(second)


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
