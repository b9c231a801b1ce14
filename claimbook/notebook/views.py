"""What a cell shows: a payload of ours with its HTML and its plain text."""

from collections.abc import Callable
from typing import Any

from claimbook.notebook import render

Payload = dict[str, Any]


class View:
    """Something a cell shows, made when it is shown.

    Args:
        payload: makes the payload.
    """

    def __init__(self, payload: Callable[[], Payload]) -> None:
        self._payload = payload

    def payload(self) -> Payload:
        """The payload as it is now."""
        return self._payload()

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> dict[str, object]:
        return render.bundle(self.payload())


class LateView(View):
    """A view that is shown again, in its own place, when later cells have changed it."""

    def _ipython_display_(self) -> None:
        from IPython import get_ipython
        from IPython.display import DisplayHandle, publish_display_data

        handle = DisplayHandle()  # type: ignore[no-untyped-call]
        shown = self.payload()

        def publish(payload: Payload, *, update: bool) -> None:
            publish_display_data(  # type: ignore[no-untyped-call]
                render.bundle(payload), transient={"display_id": handle.display_id}, update=update
            )

        def again(*_: object) -> None:
            nonlocal shown
            if (now := self.payload()) != shown:
                shown = now
                publish(now, update=True)

        publish(shown, update=False)
        get_ipython().events.register("post_run_cell", again)
