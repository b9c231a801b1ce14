"""Compare two revisions: recompute both, and say what moved and what is behind it."""

import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from claimbook.base import digests
from claimbook.base.faults import DataError
from claimbook.base.paths import Project
from claimbook.data.registry import load
from claimbook.review.diff import report, revisions
from claimbook.review.diff.causes import Causes
from claimbook.review.diff.changes import Change, code_changes, entry_changes, table_changes
from claimbook.review.diff.content import ledger_lines
from claimbook.review.diff.moves import Move, lacking, moves
from claimbook.review.diff.notebook import Notebook
from claimbook.review.diff.notices import Notice, check_notices, notices, role_notices
from claimbook.review.diff.states import State, states
from claimbook.run import dependencies
from claimbook.run.memory import Memory

# What decides the checks of a revision, beside its data and notebooks.
_DECIDING = (
    "claimbook/",
    "tests/",
    "bench/",
    ".git",
    ".ci/",
    "Makefile",
    "pyproject.toml",
    "_config.yml",
    dependencies.LOCK,
)


def compare(project: Project, base: str, head: str = "") -> report.Report:
    """Compare two revisions of a project.

    Args:
        project: the checkout to take them from.
        base: the earlier revision, as git names it.
        head: the later one; empty for the working tree.

    Raises:
        RevisionError: a revision cannot be had, or its package or data cannot be loaded.
    """
    with tempfile.TemporaryDirectory(prefix="claimbook-") as folder:
        before = revisions.checkout(project, base, Path(folder, "before"))
        after = (
            revisions.checkout(project, head, Path(folder, "after"))
            if head
            else revisions.working(project)
        )
        files = revisions.files_between(project, before, after)
        pages = _pages_to_run(project, before.project, after.project, files)
        old, new = states(before, after, pages)
        return _report(old, new, files, revisions.fork_point(project, before, after))


def _pages_to_run(
    project: Project, before: Project, after: Project, files: Iterable[str]
) -> tuple[Sequence[str], Sequence[str]] | None:
    """Pages of each revision whose outcome may differ; None for all of both.

    Only where the same code decides on both can the digests of this version say so. What a page
    asks for is known if it has been executed here.
    """
    same_package = digests.content(before.root, _package(before)) == digests.content(
        after.root, _package(after)
    )
    if not same_package or dependencies.LOCK in files:
        return None
    try:
        memory = Memory(project)
        marks = [_marks(side, memory) for side in (before, after)]
    except (DataError, OSError, ValueError, LookupError, TypeError):
        return None
    old, new = marks
    return (
        [page for page, mark in old.items() if new.get(page) != mark],
        [page for page, mark in new.items() if old.get(page) != mark],
    )


def _package(project: Project) -> list[Path]:
    return [
        path for path in (project.root / "claimbook").rglob("*") if path.suffix in (".py", ".html")
    ]


def _marks(project: Project, memory: Memory) -> dict[str, tuple[str, ...]]:
    """What the outcome of each page, or what the ledger says of it, depends on."""
    registry, said = load(project), ledger_lines(project.ledger)
    found = {}
    for slug in registry.claims:
        notebook = json.loads(project.notebook(slug).read_text(encoding="utf-8"))
        program = dependencies.program(project, notebook)
        mark = dependencies.digest(registry, program, memory.of(slug, program))
        found[slug] = (mark, *said.get(slug, ()))
    return found


def _report(before: State, after: State, files: Sequence[str], fork_point: str) -> report.Report:
    written = entry_changes(before.content, after.content)
    written += table_changes(before.content, after.content)
    code = {page: _code(before, after, page) for page in _pages(before, after)}
    noticed = notices(written)
    claims, used = [], set[Change]()
    for claim in dict.fromkeys([*after.claims, *before.claims]):
        old, new = before.claims.get(claim), after.claims.get(claim)
        page = (new or old or {})["page"]
        if _failed(before, after, page):
            continue
        if old and new:
            noticed += role_notices(claim, _file(page), old, new)
            noticed += check_notices(code[page], new)
        found = moves(old, new)
        if not found:
            continue
        causes = Causes(
            claim,
            [side for side in (new, old) if side],
            (before.content, after.content),
            written,
            code[page],
            _deciding_code(files),
        )
        behind = causes.behind(found)
        used.update(behind)
        claims.append(_claim(claim, old, new, found, causes, behind))
    others = [change for change in chain(written, *code.values()) if change not in used]
    return report.Report(
        before=report.Side(name=before.revision.name, commit=before.revision.commit),
        after=report.Side(name=after.revision.name, commit=after.revision.commit),
        compared=sum(key.kind == "claim" for key in after.content.entries),
        # Those whose verdict changed first; otherwise in the order of the articles.
        claims=tuple(
            sorted(claims, key=lambda claim: claim.before == claim.after)[: report.MAX_ITEMS]
        ),
        second_looks=tuple(map(_second_look, noticed[: report.MAX_ITEMS])),
        others=tuple(map(_changed, others[: report.MAX_ITEMS])),
        deciding=report.shorts([file for file in files if file.startswith(_DECIDING)]),
        not_compared=report.shorts(_not_compared(before, after, files)),
        lacking=report.shorts(
            [
                f"{state.revision.name}: {what}"
                for state in (before, after)
                for what in lacking(state.claims.values())
            ]
        ),
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
        fork_point=fork_point,
    )


def _not_compared(before: State, after: State, files: Iterable[str]) -> list[str]:
    """Files of which nothing else is said: code that runs unseen may be among them."""
    compared = {before.revision.project.relative(before.revision.project.ledger)}
    for content in (before.content, after.content):
        compared.update(entry.file for entry in content.entries.values())
        compared.update(table.file for table in content.tables.values())
        compared.update(map(_file, content.notebooks))
    # An older revision does not say in which file of a folder an entry stands.
    folders = tuple(file for file in compared if file.endswith("/"))
    return [
        file
        for file in files
        if file not in compared and not file.startswith((*_DECIDING, *folders))
    ]


def _failed(before: State, after: State, page: str) -> bool:
    """Whether a page could not be recomputed, so that its claims are not gone but unknown."""
    return page in before.failures or page in after.failures


def _pages(before: State, after: State) -> list[str]:
    return list(dict.fromkeys([*after.content.notebooks, *before.content.notebooks]))


def _code(before: State, after: State, page: str) -> list[Change]:
    old, new = (state.content.notebooks.get(page, Notebook()) for state in (before, after))
    return code_changes(old, new, _file(page))


def _deciding_code(files: Sequence[str]) -> list[str]:
    """What decides every outcome, if it differs: the package, the lock."""
    package = any(file.startswith("claimbook/") for file in files)
    return ["claimbook/"] * package + [dependencies.LOCK] * (dependencies.LOCK in files)


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
    before, after = report.both_short(change.before, change.after)
    return report.Changed(
        file=report.short(change.file),
        entry=report.short(change.entry),
        field=report.short(change.field),
        before=before,
        after=after,
    )


def _second_look(notice: Notice) -> report.SecondLook:
    return report.SecondLook(
        sort=notice.sort, words=report.short(notice.words), change=_changed(notice.change)
    )


def _or_none(text: str | None) -> str | None:
    return None if text is None else report.short(text)


def _file(page: str) -> str:
    return f"book/claims/{page}.ipynb"
