"""Claims, readings, inputs and verdicts of DeepSeek, Recomputed.

A notebook needs `Claim` and `Table`; everything else is for the site, the tests and the
command line.
"""

from claimbook.claim import Claim
from claimbook.table import Table

__all__ = ["Claim", "Table"]
