"""Claims, readings, inputs and verdicts of DeepSeek, Recomputed.

A notebook needs `Claim` and `Table`; everything else is for the site, the tests and the
command line.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from claimbook.notebook.claim import Claim
    from claimbook.notebook.table import Table

__all__ = ["Claim", "Table"]


def __getattr__(name: str) -> Any:
    """Import `Claim` and `Table` when they are asked for: they bring pandas with them."""
    if name == "Claim":
        from claimbook.notebook.claim import Claim

        return Claim
    if name == "Table":
        from claimbook.notebook.table import Table

        return Table
    raise AttributeError(f"module 'claimbook' has no attribute {name!r}")
