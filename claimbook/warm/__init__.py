"""Warm kernels: forked from one process that has everything imported, instead of started cold.

`provisioner` stands between Jupyter and the kernels, `client` asks for kernels, `server` is the
process that they are forked from, `kernel` is what happens in a fork.
"""

from claimbook.warm.settings import PROVISIONER, enable, enabled

__all__ = ["PROVISIONER", "enable", "enabled"]
