"""The files of a revision, as git has them."""

import io
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

from claimbook.base.paths import Project

WORKING = "the working tree"


class RevisionError(Exception):
    """A revision cannot be had; the message says why."""


@dataclass(frozen=True)
class Revision:
    """A state of the project.

    Attributes:
        name: as it was asked for, or `WORKING`.
        commit: its short id; empty for the working tree.
        project: where its files lie.
    """

    name: str
    commit: str
    project: Project


def working(project: Project) -> Revision:
    """The files as they are now, committed or not."""
    return Revision(WORKING, "", project)


def checkout(project: Project, name: str, folder: Path) -> Revision:
    """Put the files of a revision into an empty folder, without touching the working tree.

    Raises:
        RevisionError: there is no git, no repository, no such revision, or no project in it.
    """
    if not (project.root / ".git").exists():
        raise RevisionError(
            "expected a clone with its history, in which revisions can be compared; "
            "found a folder without .git, such as a downloaded archive has"
        )
    commit = resolve(project, name)
    content = _git(project, "archive", "--format=zip", "-0", commit)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    there = Project(folder)
    if not there.articles.is_file():
        file = there.relative(there.articles)
        raise RevisionError(f"revision {name!r}: expected a project with {file}, found none")
    return Revision(name, commit[:10], there)


def resolve(project: Project, name: str) -> str:
    """The full id of the commit that a name stands for.

    Raises:
        RevisionError: there is no git, or no such revision.
    """
    try:
        # What begins with a hyphen would be an option.
        found = _git(
            project, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"
        )
    except RevisionError as error:
        raise RevisionError(
            str(error) or f"expected a revision that git knows, found {name!r}"
        ) from error
    return found.decode().strip()


def files_between(project: Project, before: Revision, after: Revision) -> tuple[str, ...]:
    """Paths of the files that differ, those unknown to git among them, sorted.

    Raises:
        RevisionError: git fails.
    """
    ends = [before.commit] + ([after.commit] if after.commit else [])
    found = _git(project, "diff", "--name-only", "--no-renames", "-z", *ends, "--")
    if not after.commit:
        found += _git(project, "ls-files", "--others", "--exclude-standard", "-z")
    return tuple(sorted({path.decode(errors="replace") for path in found.split(b"\0") if path}))


def fork_point(project: Project, before: Revision, after: Revision) -> str:
    """The last commit that both have, if the earlier one has moved on since; or nothing."""
    later = after.commit or "HEAD"
    try:
        base = _git(project, "merge-base", before.commit, later).decode().strip()
    except RevisionError:
        return ""
    return "" if base.startswith(before.commit) else base[:10]


def _git(project: Project, *arguments: str) -> bytes:
    try:
        done = subprocess.run(
            ["git", "-C", str(project.root), *arguments], capture_output=True, check=False
        )
    except FileNotFoundError as error:
        raise RevisionError("expected git to be installed, found none") from error
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip()
        raise RevisionError(reason and f"git {arguments[0]}: {reason}")
    return done.stdout
