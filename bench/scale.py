"""Second part: how time and memory grow with the number of claims."""

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from bench import commands
from bench.commands import program, say
from bench.project import surroundings
from claimbook.site.benchmark import Size

SAMPLE = 40  # notebooks that are executed of a larger book


def measure(folder: Path, package: Path, sizes: Sequence[int]) -> tuple[Size, ...]:
    """Make a book of each size, check it and execute its notebooks.

    Args:
        folder: where the books are made.
        package: folder that holds the package and the benchmark.
        sizes: numbers of claims.

    Raises:
        FailedError: a command failed.
    """
    return tuple(_measure(folder / str(size), package, size) for size in sorted(sizes))


def _measure(root: Path, package: Path, size: int) -> Size:
    label = f"{size:,} claims"
    say(f"{label}: making the book")
    environment = surroundings(package, root)
    commands.run(
        [sys.executable, "-m", "bench.synthetic", str(root), str(size)], package, environment
    )
    for command in ([program("claimbook"), "check"], _worker(root, min(size, SAMPLE))):
        shutil.rmtree(root / "_build", ignore_errors=True)  # what is kept there spares work
        finished = commands.run(command, package, environment)
    # Messages of libraries may stand before the line that counts.
    found = Size.model_validate_json(finished.output.splitlines()[-1])
    say(f"{label}: {found.check:6.1f} s  check")
    say(f"{label}: {found.reverification:6.1f} s  {found.sample} notebooks executed")
    shutil.rmtree(root)
    return found


def _worker(root: Path, sample: int) -> list[str]:
    return [sys.executable, "-m", "bench.worker", str(root), str(sample)]
