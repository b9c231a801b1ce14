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
from multiprocessing import reduction
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

# macOS has fork, but its own libraries may crash in one.
POSSIBLE = hasattr(os, "fork") and sys.platform != "darwin"
_COMMAND = ("-m", "claimbook.run.warm.server")


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

    def __init__(self, server: "Server", pid: int, ended: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._server, self._ended = server, ended
        os.set_blocking(ended, False)

    def poll(self) -> int | None:
        """Exit status if it has ended; a kernel whose server is gone counts as killed."""
        if self.returncode is None:
            with contextlib.suppress(BlockingIOError):
                status = os.read(self._ended, 16)
                self.returncode = int(status) if status else -signal.SIGKILL
                os.close(self._ended)
        return self.returncode

    def wait(self) -> int | None:
        """Wait for the end, and return the exit status."""
        if self.returncode is None:
            os.set_blocking(self._ended, True)
        return self.poll()

    def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel and what it has started."""
        if self.poll() is None:
            with contextlib.suppress(UnavailableError):  # a kernel without server is gone, or soon
                self._server.signal(self.pid, signum)

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
        self._lock = threading.Lock()
        self._greeted = False
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, *_COMMAND, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                cwd=Path(sys.executable).anchor,
                start_new_session=True,  # Ctrl-C is for this process alone
            )
        self._connection = Connection(ours.detach())

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    @property
    def ended(self) -> bool:
        """Whether it has ended, though nobody asked it to."""
        return self._process.poll() is not None

    def launch(
        self, arguments: Sequence[str], folder: str, environment: Mapping[str, str]
    ) -> Kernel:
        """Fork a kernel.

        Args:
            arguments: what follows `python -m ipykernel_launcher` on a command line.
            folder: its working directory.
            environment: the whole of its environment.

        Raises:
            UnavailableError: it cannot be forked, or the server is gone.
        """
        request = {
            "arguments": list(arguments),
            "folder": folder,
            "environment": dict(environment),
        }
        with self._lock, self._reachable():
            self._greet()
            self._send(request)
            for descriptor in (1, 2):
                reduction.send_handle(self._connection, descriptor, self.pid)
            answer = self._receive()
            return Kernel(self, answer["process"], reduction.recv_handle(self._connection))

    def signal(self, process: int, signum: int) -> None:
        """Send a signal to a kernel's group, unless it has ended.

        Raises:
            UnavailableError: the server is gone.
        """
        with self._lock, self._reachable():
            self._send({"signal": [process, signum]})
            self._receive()

    def close(self) -> None:
        """End the server and its kernels, and wait until they are gone."""
        self._connection.close()
        if not self._greeted:
            self._process.kill()  # still busy with imports, and without kernels
        self._process.wait()

    def forget(self) -> None:
        """Leave the server to the process that started it; for use after a fork."""
        self._connection.close()
        self._process.returncode = 0  # not ours to wait for

    def _greet(self) -> None:
        if not self._greeted:
            self._receive()
            self._greeted = True

    def _send(self, message: dict[str, Any]) -> None:
        self._connection.send_bytes(json.dumps(message).encode())

    def _receive(self) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self._connection.recv_bytes())
        if "error" in answer:
            raise UnavailableError(answer["error"])
        return answer

    @contextlib.contextmanager
    def _reachable(self) -> Any:
        try:
            yield
        except (EOFError, OSError) as error:
            raise UnavailableError("the process that forks kernels has ended") from error


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
        if _server is None or _server.ended:
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
