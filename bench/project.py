"""Copies of the project that are measured, so that the checkout is never touched."""

import compileall
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import commands
from bench.commands import FailedError, Finished
from claimbook.base.paths import ROOT_VARIABLE, Project
from claimbook.data.registry import load
from claimbook.run.warm import VARIABLE


class Copy:
    """A copy of the files that git tracks, or would.

    Args:
        root: folder to make.
        source: the checkout.
        kernels: which kernels its commands have, as Jupyter names their provisioner.

    Raises:
        FailedError: the checkout is not under git.
    """

    def __init__(self, root: Path, source: Path, kernels: str) -> None:
        self.project = Project(root)
        self._kernels = kernels
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=source,
            capture_output=True,
            text=True,
            check=False,
        )
        if listed.returncode:
            raise FailedError(f"expected a checkout under git, found: {listed.stderr.strip()}")
        for name in filter(None, listed.stdout.split("\0")):
            if (source / name).is_file():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source / name, root / name)
        compileall.compile_dir(root / "claimbook", quiet=1)

    def run(self, *arguments: str) -> Finished:
        """Run a command on this copy, with its own package.

        Raises:
            FailedError: it failed.
        """
        root = self.project.root
        environment = surroundings(root, root) | {VARIABLE: self._kernels}
        return commands.run(arguments, root, environment)

    def unbuild(self) -> None:
        """Remove whatever was built."""
        shutil.rmtree(self.project.root / "_build", ignore_errors=True)


def surroundings(package: Path, root: Path) -> dict[str, str]:
    """Variables that name the package to import and the project to work on."""
    return {"PYTHONPATH": str(package), ROOT_VARIABLE: str(root)}


def lone_input(project: Project) -> str:
    """The first input without a note that one notebook alone names.

    Raises:
        FailedError: there is none.
    """
    registry = load(project)
    texts = [project.notebook(slug).read_text(encoding="utf-8") for slug in registry.claims]
    for name, entry in registry.inputs.items():
        if not entry.note and sum(name in text for text in texts) == 1:
            return name
    raise FailedError("expected an input without a note that one notebook alone names, found none")


@contextmanager
def edited(project: Project, name: str) -> Iterator[None]:
    """Let an input have a note, which changes no result, and take it back afterwards."""
    head = f"- id: {name}\n"
    for path in sorted((project.data / "inputs").glob("*.yml")):
        before = path.read_text(encoding="utf-8")
        if head in before:
            noted = before.replace(head, f"{head}  note: Written by the benchmark.\n")
            path.write_text(noted, encoding="utf-8")
            try:
                yield
            finally:
                path.write_text(before, encoding="utf-8")
            return
    raise FailedError(f"data/inputs: expected the entry {name}, found none")
