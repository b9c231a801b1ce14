"""Warm kernels: forked from one process that has everything imported, instead of started cold.

`provisioner` stands between Jupyter and the kernels, `client` asks for kernels, `server` is the
process that they are forked from, `kernel` is what happens in a fork. They are chosen by
environment, for a run and for those it starts: notebooks keep their ordinary kernel.
"""

import os

PROVISIONER = "claimbook-warm"  # as in the entry points of this package
VARIABLE = "JUPYTER_DEFAULT_PROVISIONER_NAME"  # Jupyter's own


def choose() -> None:
    """Let the kernels of this process, and of those it starts, be warm.

    A choice that the caller has made is kept: `JUPYTER_DEFAULT_PROVISIONER_NAME=local-provisioner`
    gives ordinary kernels.
    """
    os.environ.setdefault(VARIABLE, PROVISIONER)


def up() -> None:
    """Choose warm kernels, and begin what takes longest: the imports."""
    choose()
    if chosen():
        from claimbook.run.warm import client

        client.begin()


def chosen() -> bool:
    """Whether the kernels of this process are to be warm."""
    return os.environ.get(VARIABLE) == PROVISIONER


def down() -> None:
    """End the process that kernels are forked from, and its kernels."""
    from claimbook.run.warm import client

    client.close()
