"""Warm kernels: as clean as ordinary ones, and gone when their run is over."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pipe
from pathlib import Path

import nbformat
import psutil
import pytest
from jupyter_client.connect import port_names
from jupyter_client.manager import KernelManager, start_new_kernel
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

from claimbook.run import warm
from claimbook.run.warm import client, provisioner

pytestmark = pytest.mark.skipif(not client.POSSIBLE, reason="kernels are ordinary here")

SOON = 10  # seconds within which what must end has ended


def run(*sources, folder="/", env=None):
    """Run cells in a kernel as the environment chooses it, and return what they print."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells)
    resources = {"metadata": {"path": str(folder)}}
    options = {} if env is None else {"env": env}
    NotebookClient(notebook, kernel_name="python3", resources=resources).execute(**options)
    return "".join(
        output.text for cell in notebook.cells for output in cell.outputs if "text" in output
    ).strip()


def gone(*pids):
    """Whether processes end soon."""
    end = time.monotonic() + SOON
    while time.monotonic() < end:
        if not any(psutil.pid_exists(pid) and not zombie(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False


def zombie(pid):
    """A process that has ended and that its parent has not collected."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_kernel_is_forked_with_everything_imported():
    wanted = {
        "pandas",
        "altair",
        "pint",
        "claimbook.verdicts.sensitivity",
        "claimbook.notebook.table",
    }
    printed = run(f"import os, sys; print(os.getppid(), {wanted} <= sys.modules.keys())")
    assert printed == f"{client.server().pid} True"


def test_kernels_of_one_run_come_from_one_process():
    assert run("import os; print(os.getppid())") == run("import os; print(os.getppid())")


@pytest.mark.parametrize(
    ("doing", "seeing"),
    [
        ("x = 1", "'x' in globals()"),
        ("import builtins; builtins.left = 1", "hasattr(__import__('builtins'), 'left')"),
        ("import os; os.environ['LEFT'] = '1'", "'LEFT' in __import__('os').environ"),
        ("import os; os.chdir('/usr')", "__import__('os').getcwd() == '/usr'"),
        ("import sys; sys.path.insert(0, '/left')", "'/left' in __import__('sys').path"),
        ("import sys, types; sys.modules['left'] = types", "'left' in __import__('sys').modules"),
        (
            "import pandas as pd; pd.options.display.max_rows = 7",
            "__import__('pandas').options.display.max_rows == 7",
        ),
        (
            "import altair as alt; alt.data_transformers.enable('json')",
            "__import__('altair').data_transformers.active == 'json'",
        ),
        (
            "from claimbook import rule; rule.VERDICTS.clear()",
            "not __import__('claimbook.rule').rule.VERDICTS",
        ),
        ("import os; os.umask(0)", "__import__('os').umask(0o22) == 0"),
        (
            "get_ipython().magics_manager.register_alias('left', 'time')",
            "'left' in get_ipython().magics_manager.magics['line']",
        ),
    ],
    ids=lambda code: code[:40],
)
def test_what_one_kernel_changes_the_next_does_not_see(doing, seeing):
    assert run(doing, f"print({seeing})") == "True"
    assert run(f"print({seeing})") == "False"


def test_a_kernel_has_the_environment_and_the_folder_of_its_own_start(tmp_path, monkeypatch):
    client.server()
    monkeypatch.setenv("SET_AFTER_THE_SERVER_STARTED", "yes")
    code = "import os; print(os.environ.get('SET_AFTER_THE_SERVER_STARTED'), os.getcwd())"
    assert run(code, folder=tmp_path) == f"yes {tmp_path}"
    given = {**os.environ, "SET_AFTER_THE_SERVER_STARTED": "given"}
    assert run(code, folder="/", env=given) == "given /"


def test_a_module_beside_the_notebook_can_be_imported_and_one_of_the_caller_cannot(
    tmp_path, monkeypatch
):
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        folder.mkdir()
        (folder / "beside.py").write_text(f"place = {folder.name!r}")
    monkeypatch.chdir(there)
    assert run("import beside; print(beside.place)", folder=here) == "here"
    assert run("import sys; print(any('there' in entry for entry in sys.path))") == "False"


@pytest.mark.parametrize("draw", ["random.random()", "numpy.random.random()", "uuid.uuid4()"])
def test_two_kernels_draw_different_numbers(draw):
    code = f"import random, uuid, numpy; print({draw})"
    assert run(code) != run(code)


def test_a_kernel_that_ends_itself_is_reported_and_the_next_one_starts():
    with pytest.raises(DeadKernelError):
        run("import os; os._exit(3)")
    with pytest.raises(DeadKernelError):
        run("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert run("print('fine')") == "fine"


@pytest.mark.parametrize(("ending", "status"), [("os._exit(3)", 3), ("os.abort()", -6)])
def test_the_exit_status_of_a_kernel_arrives(ending, status):
    arguments = [f"--IPKernelApp.exec_lines=import os; {ending}"]
    kernel = client.server().launch(arguments, "/", os.environ)
    assert kernel.wait() == status
    assert kernel.poll() == status


def test_threads_that_poll_a_kernel_as_it_ends_see_the_same_status():
    with ThreadPoolExecutor(2) as pool:
        for _ in range(1000):
            ours, server = Pipe()
            kernel = client.Kernel(ours, 0)
            together = threading.Barrier(3)

            def ask(kernel=kernel, together=together):
                together.wait()
                while kernel.poll() is None:
                    pass
                return kernel.returncode

            asked = [pool.submit(ask), pool.submit(ask)]
            together.wait()
            server.send_bytes(b"3")
            server.close()
            assert [each.result() for each in asked] == [3, 3]


def test_what_a_notebook_leaves_running_ends_with_its_kernel():
    pid = int(run("import subprocess; print(subprocess.Popen(['sleep', '600']).pid)"))
    assert gone(pid)


def test_the_server_can_be_reached_by_its_own_process_alone():
    run("pass")
    connections = psutil.Process(client.server().pid).net_connections("all")
    assert connections
    assert {(connection.family.name, connection.laddr) for connection in connections} == {
        ("AF_UNIX", "")
    }


def test_a_kernel_does_not_hold_the_connection_of_the_server():
    code = "import os, psutil; print([c.fd for c in psutil.Process().net_connections('unix')])"
    plain = {"JUPYTER_DEFAULT_PROVISIONER_NAME": "local-provisioner"}
    ordinary = subprocess.run(
        [sys.executable, "-c", "import psutil; print(psutil.Process().net_connections('unix'))"],
        env=os.environ | plain,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ordinary.stdout.strip() == "[]"
    assert "AF_UNIX" not in run(code)


SCRIPT = """
import sys
sys.path[:0] = {tests!r}
from test_warm import client, run
print(client.server().pid, flush=True)
source = "import os, subprocess, time; child = subprocess.Popen(['sleep', '600']).pid\\n"
source += "open({pidfile!r}, 'w').write(f'{{os.getpid()}} {{child}}')\\n{pause}"
run(source)
{ending}
"""


@pytest.fixture
def started(tmp_path):
    """Start a run with a kernel in it; gives its process and those of server, kernel and child.

    In the end nothing is left of it in the folder of temporary files.
    """
    runs = []
    temporary = tmp_path / "temporary"
    temporary.mkdir()

    def start(pause="time.sleep(600)", ending=""):
        pids = tmp_path / "pids"
        script = SCRIPT.format(
            tests=[str(Path(__file__).parent), *sys.path],
            pidfile=str(pids),
            pause=pause,
            ending=ending,
        )
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(script)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {warm.VARIABLE: warm.PROVISIONER, "TMPDIR": str(temporary)},
        )
        runs.append(process)
        server = int(process.stdout.readline())
        end = time.monotonic() + 60
        while not (pids.exists() and " " in pids.read_text()):
            assert time.monotonic() < end, process.stderr.read()
            time.sleep(0.05)
        return process, [server, *map(int, pids.read_text().split())]

    yield start
    for process in runs:
        process.kill()
        process.communicate()
    assert not list(temporary.iterdir())


def test_nothing_outlives_a_run_that_ends(started):
    process, pids = started(pause="pass")
    assert process.wait(timeout=60) == 0
    assert gone(*pids)


@pytest.mark.parametrize("ending", ["client.close()", "pass", "import os; os._exit(0)"])
def test_a_run_that_ends_before_its_server_is_ready_ends_with_it_and_says_nothing(ending):
    code = (
        f"from claimbook.run.warm import client; print(client.server().pid, flush=True); {ending}"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert gone(int(done.stdout))
    assert done.stderr == ""


def test_nothing_outlives_a_run_that_fails(started):
    process, pids = started(pause="pass", ending="raise SystemExit(7)")
    assert process.wait(timeout=60) == 7
    assert gone(*pids)


@pytest.mark.parametrize("signum", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_nothing_outlives_a_run_that_is_ended_by_a_signal(started, signum):
    process, pids = started()
    process.send_signal(signum)
    process.wait(timeout=60)
    assert gone(*pids)


def test_kernels_end_with_their_server(started):
    process, pids = started()
    os.kill(pids[0], signal.SIGKILL)
    assert gone(*pids)
    assert process.wait(timeout=60) == 1  # an error says so


def test_a_kernel_is_started_again_where_its_clients_expect_it():
    manager, waiting = start_new_kernel(kernel_name="python3")
    try:
        before = manager.get_connection_info()
        first = manager.provisioner.pid
        manager.restart_kernel(now=True)
        waiting.wait_for_ready(timeout=SOON)
        assert manager.get_connection_info() == before
        assert manager.provisioner.pid != first
        assert waiting.execute_interactive("1 + 1", timeout=SOON)["content"]["status"] == "ok"
    finally:
        waiting.stop_channels()
        manager.shutdown_kernel(now=True)


def test_kernels_choose_ports_that_are_free(monkeypatch):
    # Jupyter is led to believe that one and the same port is free for all.
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        choose = KernelManager.write_connection_file

        def write(manager, **kwargs):
            for name in port_names:
                setattr(manager, name, port)
            choose(manager, **kwargs)

        monkeypatch.setattr(KernelManager, "write_connection_file", write)
        assert run("print('fine')") == "fine"


def test_a_server_that_was_killed_is_replaced():
    before = client.server().pid
    os.kill(before, signal.SIGKILL)
    psutil.wait_procs([psutil.Process(before)], timeout=SOON)
    assert run("import os; print(os.getppid())") == str(client.server().pid)
    assert client.server().pid != before


def test_a_fork_of_the_run_leaves_the_server_alone():
    pid = client.server().pid
    child = os.fork()
    if not child:
        os._exit(0 if client._server is None else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert client.server().pid == pid
    assert run("print('fine')") == "fine"


def ordinary_kernel(**options):
    """Whether a kernel has another parent than the server."""
    parent = int(run("import os; print(os.getppid())", **options))
    return parent == os.getpid()


@pytest.fixture
def anew(monkeypatch):
    """A run whose server has not started yet, and that has said nothing yet."""
    monkeypatch.setattr(client, "_server", None)
    monkeypatch.setattr(provisioner, "_told", set())
    yield
    client.close()


def test_threads_that_want_kernels_at_once_have_one_server(anew):
    together = threading.Barrier(8)

    def ask(_):
        together.wait()
        return client.server().pid

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(8)))) == 1


def test_without_fork_kernels_are_ordinary_and_this_is_said_once(anew, monkeypatch, capsys):
    monkeypatch.setattr(client, "POSSIBLE", False)
    assert ordinary_kernel()
    assert ordinary_kernel()
    assert capsys.readouterr().err.count("Ordinary kernels instead of warm ones") == 1


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("raise SystemExit(1)", "has ended"),
        ("import nothing_of_this_name", "No module named 'nothing_of_this_name'"),
        (
            "import threading, time\n"
            "threading.Thread(target=time.sleep, args=(600,), daemon=True).start()",
            "started a thread",
        ),
    ],
)
def test_where_a_preloaded_module_stands_in_the_way_kernels_are_ordinary_and_the_reason_is_named(
    anew, monkeypatch, capsys, tmp_path, code, reason
):
    (tmp_path / "in_the_way.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(client, "PRELOADED", ("in_the_way",))
    assert ordinary_kernel()
    assert reason in capsys.readouterr().err


def test_what_python_reads_at_its_start_makes_a_kernel_ordinary(monkeypatch, capsys):
    monkeypatch.setattr(provisioner, "_told", set())
    given = {**os.environ, "PYTHONHASHSEED": "7"}
    assert ordinary_kernel(env=given)
    assert "PYTHONHASHSEED" in capsys.readouterr().err


def test_the_caller_may_choose_ordinary_kernels(monkeypatch):
    monkeypatch.setenv(warm.VARIABLE, "local-provisioner")
    warm.up()
    assert not warm.chosen()
