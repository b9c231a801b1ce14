"""Everything in `data/`, loaded, typed and cross-checked."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from claimbook import tables as tables_module
from claimbook.explain import describe, explain
from claimbook.faults import DataError, Fault, nearest
from claimbook.models import Article, Citation, CitedTable, ClaimEntry, Input, Source
from claimbook.paths import Project
from claimbook.sources import read_sources

if TYPE_CHECKING:
    import pandas as pd

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Registry:
    """The checked content of `data/`, each kind by id, in the order of the files."""

    project: Project
    articles: Mapping[str, Article]
    claims: Mapping[str, ClaimEntry]
    inputs: Mapping[str, Input]
    tables: Mapping[str, CitedTable]
    sources: Mapping[str, Source]
    _frames: dict[str, "pd.DataFrame"] = field(default_factory=dict, repr=False, compare=False)

    def frame(self, table_id: str) -> "pd.DataFrame":
        """A copy of a table, with the types of its schema.

        Raises:
            KeyError: no such table.
        """
        if table_id not in self._frames:
            folder = self.project.data / "tables"
            self._frames[table_id] = tables_module.read_table(folder, self.tables[table_id])
        return self._frames[table_id].copy()

    @cached_property
    def pages(self) -> tuple[str, ...]:
        """Slugs of all notebooks that the claims name, in the order of the claims."""
        return tuple(dict.fromkeys(claim.notebook for claim in self.claims.values()))


def load(project: Project) -> Registry:
    """Load `data/`.

    Raises:
        DataError: with every fault of every file.
    """
    registry, faults = _collect(project)
    if faults:
        raise DataError(faults)
    return registry


def validate(project: Project) -> Registry:
    """Load `data/` and check what loading a single claim does not need.

    On top of `load`: tables against their schemas, and that every claim has its page and every
    notebook its claim.

    Raises:
        DataError: with every fault of every file.
    """
    registry, faults = _collect(project)
    folder = project.data / "tables"
    if not any(fault.file.endswith(tables_module.PACKAGE) for fault in faults):
        faults += tables_module.schema_faults(
            folder, project.relative(folder / tables_module.PACKAGE)
        )
    faults += _page_faults(registry, faults)
    if faults:
        raise DataError(faults)
    return registry


def _collect(project: Project) -> tuple[Registry, list[Fault]]:
    data, name = project.data, project.relative
    faults: list[Fault] = []

    def take(found: tuple[dict[str, Any], list[Fault]]) -> dict[str, Any]:
        faults.extend(found[1])
        return found[0]

    def entries(path: Path, model: type[Model]) -> dict[str, Model]:
        return take(_read_entries(path, name(path), model))

    sources: dict[str, Source] = take(
        read_sources(data / "sources.bib", name(data / "sources.bib"))
    )
    # A source that is itself at fault is known all the same.
    known_sources = {*sources, *(fault.entry for fault in faults)}
    tables: dict[str, CitedTable] = take(
        tables_module.read_package(data / "tables", name(data / "tables" / tables_module.PACKAGE))
    )
    articles = entries(data / "articles.yml", Article)
    claims = entries(data / "claims.yml", ClaimEntry)
    inputs: dict[str, Input] = {}
    origin: dict[str, str] = dict.fromkeys(tables, name(data / "tables" / tables_module.PACKAGE))
    cited: list[tuple[str, str, str, Citation]] = []
    for path in sorted((data / "inputs").glob("*.yml")):
        for key, entry in entries(path, Input).items():
            if key in origin:
                faults.append(
                    Fault(name(path), key, "id", f"duplicate id, already in {origin[key]}")
                )
            origin[key] = name(path)
            inputs[key] = entry
            cited += [
                (name(path), key, f"citations.{n}.source", citation)
                for n, citation in enumerate(entry.citations, 1)
            ]
    for claim in claims.values():
        place = name(data / "claims.yml")
        if claim.article not in articles:
            faults.append(
                Fault(
                    place,
                    claim.id,
                    "article",
                    f"unknown article {claim.article!r}{nearest(claim.article, articles)}",
                )
            )
        cited += [
            (place, claim.id, f"flags.{flag.flag}.citations.{n}.source", citation)
            for flag in claim.flags
            for n, citation in enumerate(flag.citations, 1)
        ]
    faults += [
        Fault(
            place,
            entry,
            where,
            f"unknown source {citation.source!r}{nearest(citation.source, known_sources)}",
        )
        for place, entry, where, citation in cited
        if citation.source not in known_sources
    ]
    faults += [
        Fault(
            name(data / "tables" / tables_module.PACKAGE),
            table.id,
            "sources",
            f"unknown source {source!r}{nearest(source, known_sources)}",
        )
        for table in tables.values()
        for source in table.sources
        if source not in known_sources
    ]
    return Registry(project, articles, claims, inputs, tables, sources), faults


def _page_faults(registry: Registry, faults: Sequence[Fault]) -> list[Fault]:
    project = registry.project
    place = project.relative(project.data / "claims.yml")
    # A claim that is itself at fault still has its page.
    known = {*registry.pages, *(fault.entry for fault in faults if fault.file == place)}
    missing = [
        Fault(
            place,
            claim.id,
            "page",
            f"expected the notebook {project.relative(project.notebook(claim.notebook))}, "
            "found none",
        )
        for claim in registry.claims.values()
        if not project.notebook(claim.notebook).is_file()
    ]
    stray = [
        Fault(
            project.relative(path),
            "",
            "",
            f"expected a claim with the id {path.stem!r} in data/claims.yml, found none"
            + nearest(path.stem, known),
        )
        for path in sorted(project.notebooks.glob("*.ipynb"))
        if path.stem not in known
    ]
    return missing + stray


class _TextLoader(yaml.BaseLoader):
    """Reads every scalar as text, and refuses a key that stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value!r} stands twice", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _read_entries(
    path: Path, name: str, model: type[Model]
) -> tuple[dict[str, Model], list[Fault]]:
    try:
        with path.open(encoding="utf-8") as file:
            content = yaml.load(file, Loader=_TextLoader)
    except (OSError, UnicodeDecodeError) as error:
        return {}, [Fault(name, "", "", f"expected a readable UTF-8 file, found: {error}")]
    except yaml.YAMLError as error:
        return {}, [Fault(name, "", "", f"expected valid YAML, found: {_located(error)}")]
    if not isinstance(content, list):
        return {}, [Fault(name, "", "", f"expected a list of entries, found {describe(content)}")]
    entries: dict[str, Model] = {}
    faults: list[Fault] = []
    for number, raw in enumerate(content, 1):
        label = raw.get("id", "") if isinstance(raw, dict) else ""
        label = label or f"entry {number}"
        try:
            entry = model.model_validate(_without_gaps(raw))
        except ValidationError as error:
            faults += explain(error, name, label, raw, model)
            continue
        if label in entries:
            faults.append(Fault(name, label, "id", "duplicate id, already in this file"))
        entries[label] = entry
    return entries, faults


def _located(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or " ".join(str(error).split())
    mark = getattr(error, "problem_mark", None)
    return f"{problem} (line {mark.line + 1}, column {mark.column + 1})" if mark else problem


def _without_gaps(value: Any) -> Any:
    """Leave out empty fields, so that an empty field and a missing one are the same."""
    if isinstance(value, dict):
        return {key: _without_gaps(item) for key, item in value.items() if item != ""}
    if isinstance(value, list):
        return [_without_gaps(item) for item in value]
    return value
