"""A folder in which make runs our targets, with the programs of the present environment."""

import shutil
import subprocess
import sys
from pathlib import Path

from places import ROOT

BIN = Path(sys.executable).parent


def state(folder):
    """What an environment of a folder says it was made from and where, if that is still so."""
    made_from = "cat requirements.txt pyproject.toml | cksum"
    found = subprocess.run(made_from, shell=True, cwd=folder, capture_output=True, text=True)
    return f"{folder.resolve()} {found.stdout}"


def set_up(folder, programs):
    """Put our Makefile into a folder, with an environment that counts as ready."""
    shutil.copy(ROOT / "Makefile", folder)
    for name in ("requirements.txt", "pyproject.toml"):
        (folder / name).touch()
    environment = folder / ".venv"
    (environment / "bin").mkdir(parents=True)
    for name in ("python", *programs):
        script = environment / "bin" / name
        script.write_text(f'#!/bin/sh\nexec "{BIN / name}" "$@"\n', encoding="utf-8")
        script.chmod(0o755)
    (environment / ".ready").write_text(state(folder), encoding="utf-8")
