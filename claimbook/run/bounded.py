"""A client of a kernel that takes no more from it than a page can show."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from nbclient import NotebookClient

LIMIT = 5_000_000  # letters that the cells of a notebook show, taken together


class BoundedClient(NotebookClient):
    """Ends the kernel of a notebook that shows too much.

    Attributes:
        shown: letters so far.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.shown = 0

    @property
    def exceeded(self) -> bool:
        """Whether the kernel was ended for that."""
        return self.shown > LIMIT

    def process_message(self, msg: dict[str, Any], cell: Any, cell_index: int) -> Any:
        """Count what a message shows, and hand it on unless it is too much."""
        if not self.exceeded:
            self.shown += sum(map(len, _texts(msg["content"])))
            if self.exceeded:
                kill(self)
        return None if self.exceeded else super().process_message(msg, cell, cell_index)


def kill(client: NotebookClient) -> None:
    """End the kernel of a client at once."""
    process = getattr(getattr(client.km, "provisioner", None), "process", None)
    if process is not None:
        with suppress(OSError):  # it has just ended
            process.kill()


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for value in content.values():
            yield from _texts(value)
    elif isinstance(content, list):
        for value in content:
            yield from _texts(value)
