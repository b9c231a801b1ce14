"""Asking for warm kernels: one server per process, started when first needed."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection, wait
from pathlib import Path

# macOS has fork, but its own libraries may crash in one.
POSSIBLE = hasattr(os, "fork") and sys.platform != "darwin"
PRELOADED = ("claimbook.run.preloaded",)  # what the server imports before it forks


class UnavailableError(Exception):
    """No warm kernel can be had; the message says why."""


class Kernel:
    """A forked kernel, with what Jupyter asks of a process.

    Attributes:
        pid: the number of its process, which is that of its session and group too.
        returncode: exit status, negative for a signal; None while it runs.
    """

    # As of a process whose streams nobody holds.
    stdin = stdout = stderr = None

    def __init__(self, line: Connection, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._line = line  # to the server, which closes it when the kernel has ended
        self._lock = threading.Lock()

    def poll(self) -> int | None:
        """Exit status if it has ended; a kernel whose server is gone counts as killed."""
        with self._lock:
            if self.returncode is None and self._line.poll():
                try:
                    self.returncode = int(self._line.recv_bytes())
                except (EOFError, ConnectionError):
                    self.returncode = -signal.SIGKILL
        return self.returncode

    def wait(self) -> int | None:
        """Wait for the end, and return the exit status."""
        wait([self._line])
        return self.poll()

    def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel and what it has started."""
        with contextlib.suppress(ConnectionError):  # it is gone, or soon will be
            self._line.send_bytes(str(int(signum)).encode())

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


class Server:
    """The process that forks kernels, as seen from the process that wants them."""

    def __init__(self) -> None:
        self.startup = startup(os.environ)
        self._requests, theirs = socket.socketpair()
        descriptor = theirs.fileno()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "claimbook.run.warm.server", str(descriptor), *PRELOADED],
                pass_fds=[descriptor],
                stdin=subprocess.DEVNULL,
                cwd=Path(sys.executable).anchor,
                start_new_session=True,  # Ctrl-C is for this process alone
            )

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    @property
    def ended(self) -> bool:
        """Whether it has ended, though nobody asked it to."""
        return self._process.poll() is not None

    def launch(
        self,
        arguments: Sequence[str],
        folder: str,
        environment: Mapping[str, str],
        leftover: str = "",
    ) -> Kernel:
        """Fork a kernel.

        Args:
            arguments: what follows `python -m ipykernel_launcher` on a command line.
            folder: its working directory.
            environment: the whole of its environment.
            leftover: a file that is to be removed if this process ends before the kernel.

        Raises:
            UnavailableError: it cannot be forked, or the server is gone.
        """
        request = {
            "arguments": list(arguments),
            "folder": folder,
            "environment": dict(environment),
            "leftover": leftover,
        }
        ours, theirs = socket.socketpair()
        line = Connection(ours.detach())
        try:
            with theirs:
                socket.send_fds(self._requests, [b"k"], [theirs.fileno(), 1, 2])
            line.send_bytes(json.dumps(request).encode())
            answer = json.loads(line.recv_bytes())
        except (EOFError, OSError) as error:
            raise UnavailableError("the process that forks kernels has ended") from error
        if "error" in answer:
            raise UnavailableError(answer["error"])
        return Kernel(line, answer["process"])

    def close(self) -> None:
        """End the server and its kernels, and wait until they are gone."""
        self._requests.close()
        self._process.terminate()  # it may be busy with imports
        self._process.wait()

    def forget(self) -> None:
        """Leave the server to the process that started it; for use after a fork."""
        self._requests.close()
        self._process.returncode = 0  # not ours to wait for


def startup(environment: Mapping[str, str]) -> dict[str, str]:
    """What Python reads only once, when it starts: a fork cannot have another."""
    return {name: value for name, value in environment.items() if name.startswith("PYTHON")}


_server: Server | None = None
_starting = threading.Lock()


def server() -> Server:
    """The server of this process, started if need be; importing takes it a second or two.

    Raises:
        UnavailableError: this system cannot fork, or no process can be started.
    """
    global _server
    if not POSSIBLE:
        raise UnavailableError(f"kernels are not forked on {sys.platform}")
    with _starting:
        if _server is not None and _server.ended:
            _server.close()
            _server = None
        if _server is None:
            try:
                _server = Server()
            except OSError as error:
                raise UnavailableError(str(error)) from error
        return _server


def begin() -> None:
    """Start the server ahead; if it cannot be, that is said when a kernel is wanted."""
    with contextlib.suppress(UnavailableError):
        server()


def close() -> None:
    """End the server of this process, if it has one."""
    global _server
    with _starting:
        if _server is not None:
            _server.close()
            _server = None


def _after_fork() -> None:
    global _server, _starting
    _starting = threading.Lock()
    if _server is not None:
        _server.forget()
        _server = None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
