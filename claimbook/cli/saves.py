"""Doing something again whenever the files that it depends on are saved."""

import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import click

from claimbook.base.characters import visible
from claimbook.base.digests import PACKAGE
from claimbook.base.paths import Project
from claimbook.run import dependencies

QUIET = 100  # milliseconds without a change that end a burst of them
LOOK = 5_000  # milliseconds after which files are compared even if no change was announced
NAMED = 3  # files named in one line


def follow(project: Project, act: Callable[[], object]) -> None:
    """Act at once, and again after each change of what a site is made from, or of this package.

    A change is one of content: whatever editors do around it counts once or not at all. Changed
    code starts the process anew, if it can start; until then nothing is done with old code.

    Args:
        project: whose files.
        act: what to do; if it fails, that is shown and watching goes on.

    Raises:
        KeyboardInterrupt: from the keyboard, which is how this ends.
    """
    for changed in changes([*(project.root / name for name in dependencies.TOPS), PACKAGE]):
        if changed:
            click.echo(f"\n{time.strftime('%H:%M:%S')}  {_names(project, changed)}")
        if any(path.is_relative_to(PACKAGE) for path in changed):
            _start_anew()
            continue
        try:
            act()
        except Exception:
            traceback.print_exc()
        if not changed:
            click.echo("Watching for changes. Ctrl-C ends this.")


def changes(tops: Sequence[Path]) -> Iterator[list[Path]]:
    """Wait for changes, again and again.

    Args:
        tops: files, and folders with all that is in them but for hidden and compiled files.

    Yields:
        Files whose content changed since the last time; first, at once, none.
    """
    import watchfiles

    before = _contents(tops)
    yield []
    announced = watchfiles.watch(
        *(top for top in tops if top.exists()),
        watch_filter=None,
        step=QUIET,
        rust_timeout=LOOK,
        yield_on_timeout=True,
    )
    # What is announced says when to look, not what to see: editors write under other names, and
    # what was saved before the first announcement, or in a folder made anew, is not announced.
    for _ in announced:
        now = _contents(tops)
        changed = [path for path in before | now if before.get(path) != now.get(path)]
        before = now
        if changed:
            yield sorted(changed)


def _contents(tops: Sequence[Path]) -> dict[Path, str]:
    """Digests of all files but hidden and compiled ones."""
    found = {}
    for top in tops:
        for path in (top, *top.rglob("*")):
            parts = path.relative_to(top).parts
            if any(part.startswith(".") or part == "__pycache__" for part in parts):
                continue
            if not path.is_file():  # a folder, or a pipe, which would be waited for
                continue
            try:
                found[path] = sha256(path.read_bytes()).hexdigest()
            except OSError:  # it was there a moment ago
                continue
    return found


def _names(project: Project, paths: Sequence[Path]) -> str:
    names = [
        path.relative_to(PACKAGE.parent).as_posix()
        if path.is_relative_to(PACKAGE)
        else project.relative(path)
        for path in paths
    ]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return visible(", ".join(names[:NAMED]) + more)


def _start_anew() -> None:
    """Replace this process by a new one, with the code as it is now, if that can be imported."""
    command = [sys.executable, *sys.orig_argv[1:]]
    trial = subprocess.run([*command, "--help"], capture_output=True, text=True, check=False)
    if trial.returncode:
        click.echo(f"The changed code cannot be used:\n{trial.stderr}", err=True)
        return
    sys.stdout.flush()
    os.execv(command[0], command)
