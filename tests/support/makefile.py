"""A folder in which make runs our targets, with the programs of the present environment."""

import shutil
import sys
from pathlib import Path

from places import ROOT

BIN = Path(sys.executable).parent


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
    (environment / ".ready").write_text(f"{folder}\n", encoding="utf-8")
