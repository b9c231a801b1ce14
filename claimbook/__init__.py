"""Claims, readings, inputs and verdicts of DeepSeek, Recomputed.

A notebook needs `Claim`, `Table`, `column` and `quantity`; everything else is for the site, the
tests and the command line.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from claimbook.base.units import quantity
    from claimbook.notebook.claim import Claim
    from claimbook.notebook.table import Table, column

__all__ = ["Claim", "Table", "column", "quantity"]

_PLACES = {
    "Claim": "claimbook.notebook.claim",
    "Table": "claimbook.notebook.table",
    "column": "claimbook.notebook.table",
    "quantity": "claimbook.base.units",
}


def __getattr__(name: str) -> Any:
    """Import what a notebook needs when it is asked for: it brings pandas with it."""
    if name in _PLACES:
        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(f"module 'claimbook' has no attribute {name!r}")
