"""What each of two revisions says and comes to, asked of both at once."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claimbook.base.paths import ROOT_VARIABLE
from claimbook.review.diff.content import Content, content
from claimbook.review.diff.revisions import Revision, RevisionError
from claimbook.review.diff.snapshot import ALL

# Each revision brings its own, as far back as it has one in this place.
_SNAPSHOT = Path("claimbook", "review", "diff", "snapshot.py")


@dataclass(frozen=True)
class State:
    """A revision with what is written in it and what its claims come to.

    Attributes:
        claims: by id, those of the notebooks that were run.
        failures: messages by page, where a notebook fails.
        ledger: lines that the ledger should have, by claim.
    """

    revision: Revision
    content: Content
    claims: Mapping[str, Any]
    failures: Mapping[str, str]
    ledger: Mapping[str, Sequence[str]]


def states(
    before: Revision, after: Revision, pages: tuple[Sequence[str], Sequence[str]] | None
) -> tuple[State, State]:
    """Ask both revisions, each in a process and with a package of its own.

    Args:
        before: the earlier one.
        after: the later one.
        pages: which notebooks of each are run; None for all.

    Raises:
        RevisionError: the package or the data of a revision cannot be loaded.
    """
    with ExitStack() as stack:
        running = []
        for revision, chosen in zip((before, after), pages or ((ALL,), (ALL,)), strict=True):
            running.append(stack.enter_context(begin(revision, chosen)))
            stack.callback(running[-1].kill)  # without effect if it has ended
        old, new = map(_state, (before, after), running)
    return old, new


def begin(revision: Revision, pages: Sequence[str]) -> "subprocess.Popen[bytes]":
    """Start asking a revision; see `claimbook.review.diff.snapshot`."""
    root = str(revision.project.root)
    own = revision.project.root / _SNAPSHOT
    script = own if own.is_file() else Path(__file__).with_name(_SNAPSHOT.name)
    return subprocess.Popen(
        [sys.executable, "-P", str(script), *pages],
        cwd=root,
        env=os.environ | {"PYTHONPATH": root, ROOT_VARIABLE: root},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _state(revision: Revision, process: "subprocess.Popen[bytes]") -> State:
    answer, errors = process.communicate()
    if process.returncode:
        reason = errors.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise RevisionError(f"{revision.name} cannot be recomputed: {reason[-1]}")
    found = json.loads(answer)
    if "faults" in found:
        raise RevisionError(f"{revision.name} cannot be recomputed: {found['faults']}")
    written = content(revision.project, found)
    return State(revision, written, found["claims"], found["failures"], found["ledger"])
