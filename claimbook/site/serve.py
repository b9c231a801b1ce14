"""The built site for somebody who edits it: to this machine alone, and open pages keep up."""

import http.server
import threading
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Self

PORT = 8000  # unless it is taken or another one is named
_HOST = "127.0.0.1"
_STATES = "/.states"  # no file of the site has such a name
_PING = 15  # seconds after which a page is told of a state that it knows
# Only what is served has it, never the files of the site.
_SCRIPT = """
<script>
new EventSource("%s").onmessage = ({ data }) => { if (data !== "%d") location.reload(); };
</script>
"""


class Server(http.server.ThreadingHTTPServer):
    """Serves a folder for as long as the context lasts.

    Args:
        folder: it may come to be later, and change at any time.
        port: where; if None, `PORT` or, if that is taken, any other.

    Raises:
        OSError: the port is taken.
    """

    daemon_threads = True

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self._state = time.time_ns()
        self._renewed = threading.Condition()
        handler = partial(_Handler, directory=str(folder))
        try:
            super().__init__((_HOST, PORT if port is None else port), handler)
        except OSError:
            if port is not None:
                raise
            super().__init__((_HOST, 0), handler)

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    @property
    def address(self) -> str:
        """Where the first page is."""
        return f"http://{_HOST}:{self.server_port}/"

    @property
    def state(self) -> int:
        """A number that the site has until it is renewed."""
        return self._state

    def renewed(self) -> None:
        """Let open pages show the new state of the site."""
        with self._renewed:
            self._state = time.time_ns()
            self._renewed.notify_all()

    def next_state(self, known: int) -> int:
        """Wait for another state than the one known, for a while."""
        with self._renewed:
            self._renewed.wait_for(lambda: self._state != known, timeout=_PING)
            return self._state


class _Handler(http.server.SimpleHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        if self.path == _STATES:
            self._send_states()
            return
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if self.path.endswith("/") else path
        if path.suffix == ".html" and path.is_file():
            state = self.server.state  # before the page is read, which may be renewed meanwhile
            self._send_page(path.read_bytes() + (_SCRIPT % (_STATES, state)).encode())
        else:
            super().do_GET()

    def _send_page(self, content: bytes) -> None:
        self.send_response(http.HTTPStatus.OK)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def _send_states(self) -> None:
        self.send_response(http.HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        state = 0
        with suppress(OSError):  # until the page is closed
            while True:
                state = self.server.next_state(state)
                self.wfile.write(f"data: {state}\n\n".encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the terminal is for what the checks find."""
