"""Choosing warm kernels for a run, by environment: notebooks keep their ordinary kernel."""

import os

PROVISIONER = "claimbook-warm"  # as in the entry points of this package
VARIABLE = "JUPYTER_DEFAULT_PROVISIONER_NAME"  # Jupyter's own


def enable() -> None:
    """Let the kernels of this process and of those it starts be warm.

    A choice that the caller has made is kept: `JUPYTER_DEFAULT_PROVISIONER_NAME=local-provisioner`
    gives ordinary kernels.
    """
    os.environ.setdefault(VARIABLE, PROVISIONER)


def enabled() -> bool:
    """Whether kernels of this process are to be warm."""
    return os.environ.get(VARIABLE) == PROVISIONER
