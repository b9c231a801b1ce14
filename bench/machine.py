"""Where and with what something was measured; nothing that names a host or a user."""

import platform
import sys
from importlib.metadata import version
from pathlib import Path

import psutil

from claimbook.site.benchmark import Machine

LIBRARIES = (
    "jupyter-book",
    "sphinx",
    "myst-nb",
    "pytest",
    "pytest-notebook",
    "ipykernel",
    "nbclient",
    "pandas",
    "altair",
)


def machine() -> Machine:
    """This machine."""
    return Machine(
        processor=_processor(),
        cores=psutil.cpu_count() or 1,
        memory=round(psutil.virtual_memory().total / 2**30, 1),
        system=f"{_system()}, {platform.machine()}",
    )


def versions() -> dict[str, str]:
    """Versions of Python and of the libraries that matter for the time."""
    python = ".".join(map(str, sys.version_info[:3]))
    return {"Python": python} | {name: version(name) for name in LIBRARIES}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown"


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return f"{platform.system()} {platform.release()}"
