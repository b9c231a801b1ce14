"""What each notebook asked for when it ran, kept beside its outputs."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from claimbook.base import reads
from claimbook.base.files import replace_all
from claimbook.base.paths import Project
from claimbook.base.reads import Read

_KEPT = 20  # versions of a notebook's code


class Memory:
    """What the notebooks of one project asked for, by their code.

    The same code asks for the same things as long as what it asks for stays the same. Where it
    once asked for something else, with other data, both are remembered together.
    """

    def __init__(self, project: Project) -> None:
        self._project = project

    def of(self, slug: str, program: str) -> frozenset[Read] | None:
        """What a notebook asked for; None if this version of it never ran here.

        Args:
            slug: which notebook.
            program: the digest of its code and of all that runs it.
        """
        return self._versions(slug).get(program)

    def keep(self, slug: str, program: str, found: frozenset[Read]) -> frozenset[Read]:
        """Remember what a notebook asked for, and return all that this version ever did."""
        versions = self._versions(slug)
        found |= versions.pop(program, frozenset())
        versions[program] = found  # the newest stands last
        newest = list(versions.items())[-_KEPT:]
        folder = self._project.reads
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps({key: sorted(pairs) for key, pairs in newest})
        replace_all(folder, {self._path(slug): text})
        return found

    def files(self) -> Iterator[Path]:
        """Every file and folder that any notebook ever asked for."""
        for path in sorted(self._project.reads.glob("*.json")):
            for pairs in self._versions(path.stem).values():
                yield from (
                    self._project.root / name
                    for kind, name in pairs
                    if kind in (reads.FILE, reads.FOLDER)
                )

    def _path(self, slug: str) -> Path:
        return self._project.reads / f"{slug}.json"

    def _versions(self, slug: str) -> dict[str, frozenset[Read]]:
        try:
            content: Mapping[str, list[list[str]]] = json.loads(
                self._path(slug).read_text(encoding="utf-8")
            )
            return {program: reads.parsed(pairs) for program, pairs in content.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}  # none, or spoilt: it is made anew when the notebook runs
