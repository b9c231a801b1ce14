"""A plugin that pytest loads before all others (`-p claimbook.run.warm.early`).

The process that kernels are forked from imports its modules while pytest imports its own.
"""

import sys

from claimbook.base.imports import skip_grammar
from claimbook.run import warm

# With these, this process executes nothing; the workers of pytest-xdist have their own servers.
_IDLE = {"--collect-only", "--co", "--help", "-h", "--version", "-V"}
_SHARED = ("-n", "--numprocesses", "--dist")


def pytest_unconfigure() -> None:
    """End the server and its kernels with the run."""
    warm.down()


skip_grammar()
warm.choose()
if not any(argument in _IDLE or argument.startswith(_SHARED) for argument in sys.argv[1:]):
    warm.up()
