"""Compare two revisions: recompute both, and say what moved and what is behind it."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from claimbook.base import digests
from claimbook.base.faults import DataError
from claimbook.base.paths import ROOT_VARIABLE, Project
from claimbook.data.registry import load
from claimbook.review.diff import report, revisions
from claimbook.review.diff.causes import CLAIMS, Causes
from claimbook.review.diff.changes import Change, code_changes, entry_changes, table_changes
from claimbook.review.diff.content import FORMER_CLAIMS, Content, Notebook, ledger_lines, read
from claimbook.review.diff.moves import Move, moves
from claimbook.review.diff.notices import Notice, check_notices, notices, role_notices
from claimbook.review.diff.revisions import Revision, RevisionError
from claimbook.run import dependencies

# Each revision brings its own, as far back as it has one in this place.
_PROBE = Path("claimbook", "review", "diff", "probe.py")
# What a revision is judged by, beside its data and notebooks.
_JUDGING = (
    "claimbook/",
    "tests/",
    "bench/",
    ".git",
    ".ci/",
    "Makefile",
    "pyproject.toml",
    "_config.yml",
)
_LOCK = dependencies.LOCK


@dataclass(frozen=True)
class _State:
    """A revision with what is written in it and what its claims come to."""

    revision: Revision
    content: Content
    claims: Mapping[str, Any]
    failures: Mapping[str, str]
    ledger: Mapping[str, Sequence[str]]


def compare(project: Project, base: str, head: str = "") -> report.Report:
    """Compare two revisions of a project.

    Args:
        project: the checkout to take them from.
        base: the earlier revision, as git names it.
        head: the later one; empty for the working tree.

    Raises:
        RevisionError: a revision cannot be had, or its data cannot be loaded.
    """
    with tempfile.TemporaryDirectory(prefix="claimbook-") as folder:
        before = revisions.checkout(project, base, Path(folder, "before"))
        after = (
            revisions.checkout(project, head, Path(folder, "after"))
            if head
            else revisions.working(project)
        )
        files = revisions.files_between(project, before, after)
        pages = _pages_to_run(before.project, after.project, files)
        states = _probed((before, after), pages)
        return _report(*states, files, revisions.ahead(project, before, after))


def _pages_to_run(
    before: Project, after: Project, files: Iterable[str]
) -> tuple[Sequence[str] | None, Sequence[str] | None]:
    """Pages of each revision whose outcome may differ; None for all of them.

    Only where both are judged by the same code can the digests of this version say so.
    """
    same_package = digests.content(before.root, _package(before)) == digests.content(
        after.root, _package(after)
    )
    if not same_package or _LOCK in files:
        return None, None
    try:
        marks = [_marks(project) for project in (before, after)]
    except (DataError, OSError, ValueError, LookupError, TypeError):
        return None, None
    old, new = marks
    return (
        [page for page, mark in old.items() if new.get(page) != mark],
        [page for page, mark in new.items() if old.get(page) != mark],
    )


def _package(project: Project) -> list[Path]:
    return [
        path for path in (project.root / "claimbook").rglob("*") if path.suffix in (".py", ".html")
    ]


def _marks(project: Project) -> dict[str, tuple[str, ...]]:
    """What the outcome of each page, or what the ledger says of it, depends on."""
    registry, said = load(project), ledger_lines(project.ledger)
    return {
        slug: (
            dependencies.digest(
                registry, slug, json.loads(project.notebook(slug).read_text(encoding="utf-8"))
            ),
            *said.get(slug, ()),
        )
        for slug in registry.claims
    }


def _probed(
    revisions_: tuple[Revision, Revision], pages: tuple[Sequence[str] | None, Sequence[str] | None]
) -> tuple[_State, _State]:
    """Recompute both revisions at once, each in a process and with a package of its own."""
    running = [
        None if chosen is not None and not chosen else _begin(revision, chosen or ())
        for revision, chosen in zip(revisions_, pages, strict=True)
    ]
    contents = [read(revision.project) for revision in revisions_]
    before, after = (
        _state(revision, content, process)
        for revision, content, process in zip(revisions_, contents, running, strict=True)
    )
    return before, after


def _begin(revision: Revision, pages: Sequence[str]) -> "subprocess.Popen[bytes]":
    root = str(revision.project.root)
    own = revision.project.root / _PROBE
    probe = own if own.is_file() else Path(__file__).with_name("probe.py")
    return subprocess.Popen(
        [sys.executable, "-P", str(probe), *pages],
        cwd=root,
        env=os.environ | {"PYTHONPATH": root, ROOT_VARIABLE: root},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _state(
    revision: Revision, content: Content, process: "subprocess.Popen[bytes] | None"
) -> _State:
    if process is None:
        return _State(revision, content, {}, {}, {})
    answer, errors = process.communicate()
    if process.returncode:
        reason = errors.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise RevisionError(f"{revision.name} cannot be recomputed: {reason[-1]}")
    found = json.loads(answer)
    if "faults" in found:
        raise RevisionError(f"{revision.name} cannot be recomputed: {found['faults']}")
    return _State(revision, content, found["claims"], found["failures"], found["ledger"])


def _report(before: _State, after: _State, files: Sequence[str], apart: str) -> report.Report:
    written = entry_changes(before.content, after.content)
    written += table_changes(before.content, after.content)
    code = {page: _code(before, after, page) for page in _pages(before, after)}
    looks = notices(written)
    claims, used = [], set[Change]()
    for claim in dict.fromkeys([*after.claims, *before.claims]):
        old, new = before.claims.get(claim), after.claims.get(claim)
        page = (new or old or {})["page"]
        if _failed(before, after, page):
            continue
        if old and new:
            looks += role_notices(claim, _file(page), old, new)
            looks += check_notices(code[page], new)
        found = moves(old, new)
        if not found:
            continue
        causes = Causes(
            claim,
            [side for side in (new, old) if side],
            (before.content, after.content),
            written,
            code[page],
            _code_of_ours(files),
        )
        behind = causes.behind(found)
        used.update(behind)
        claims.append(_claim(claim, old, new, found, causes, behind))
    others = [change for change in chain(written, *code.values()) if change not in used]
    return report.Report(
        before=report.Side(name=before.revision.name, commit=before.revision.commit),
        after=report.Side(name=after.revision.name, commit=after.revision.commit),
        compared=sum(place.file.startswith(CLAIMS) for place in after.content.entries),
        # Those whose verdict changed first; otherwise in the order of the articles.
        claims=tuple(
            sorted(claims, key=lambda claim: claim.before == claim.after)[: report.MAX_ITEMS]
        ),
        looks=tuple(map(_look, looks[: report.MAX_ITEMS])),
        others=tuple(map(_changed, others[: report.MAX_ITEMS])),
        judging=report.shorts([file for file in files if file.startswith((*_JUDGING, _LOCK))]),
        unread=report.shorts(_unread(before, after, files)),
        failures=report.shorts(
            [
                f"{state.revision.name}: {message}"
                for state in (before, after)
                for message in state.failures.values()
            ]
        ),
        stale=report.shorts(
            [
                claim
                for claim, lines in after.ledger.items()
                if after.content.ledger.get(claim) != list(lines)
            ]
        ),
        apart=apart,
    )


def _unread(before: _State, after: _State, files: Iterable[str]) -> list[str]:
    """Files of which nothing else is said: code that runs unseen may be among them."""
    project = before.revision.project
    read_ = {project.relative(project.ledger), project.relative(project.data / FORMER_CLAIMS)}
    for content in (before.content, after.content):
        read_.update(place.file for place in content.entries)
        read_.update(content.files.values())
        read_.update(map(_file, content.notebooks))
    return [file for file in files if file not in read_ and not file.startswith((*_JUDGING, _LOCK))]


def _failed(before: _State, after: _State, page: str) -> bool:
    """Whether a page could not be recomputed, so that its claims are not gone but unknown."""
    return page in before.failures or page in after.failures


def _pages(before: _State, after: _State) -> list[str]:
    return list(dict.fromkeys([*after.content.notebooks, *before.content.notebooks]))


def _code(before: _State, after: _State, page: str) -> list[Change]:
    old, new = (state.content.notebooks.get(page, Notebook()) for state in (before, after))
    return code_changes(old, new, _file(page))


def _code_of_ours(files: Sequence[str]) -> list[str]:
    """What decides every outcome, if it differs: the package, the lock."""
    package = any(file.startswith("claimbook/") for file in files)
    return ["claimbook/"] * package + [_LOCK] * (_LOCK in files)


def _claim(
    claim: str,
    old: Mapping[str, Any] | None,
    new: Mapping[str, Any] | None,
    found: Sequence[Move],
    causes: Causes,
    behind: Sequence[Change],
) -> report.Claim:
    return report.Claim(
        claim=report.short(claim),
        title=report.short((new or old or {})["title"]),
        before=_verdict(old),
        after=_verdict(new),
        moves=tuple(_moved(move, causes) for move in found[: report.MAX_ITEMS]),
        behind=tuple(map(_changed, behind[: report.MAX_ITEMS])),
    )


def _verdict(claim: Mapping[str, Any] | None) -> str | None:
    return report.short(claim["result"]["verdict"]) if claim else None


def _moved(move: Move, causes: Causes) -> report.Moved:
    return report.Moved(
        part=report.short(move.key.part),
        row=report.short(move.key.row),
        title=report.short(move.title),
        what=report.short(move.key.what),
        lever=report.short(move.key.lever),
        before=_or_none(move.before),
        after=_or_none(move.after),
        because=report.shorts(causes.of(move)),
    )


def _changed(change: Change) -> report.Changed:
    before, after = report.apart(change.before, change.after)
    return report.Changed(
        file=report.short(change.file),
        entry=report.short(change.entry),
        field=report.short(change.field),
        before=before,
        after=after,
    )


def _look(notice: Notice) -> report.Look:
    return report.Look(
        kind=notice.kind, words=report.short(notice.words), change=_changed(notice.change)
    )


def _or_none(text: str | None) -> str | None:
    return None if text is None else report.short(text)


def _file(page: str) -> str:
    return f"book/claims/{page}.ipynb"
