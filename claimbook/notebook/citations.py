"""Cited inputs and tables as payloads: what readers see of the evidence."""

from collections.abc import Iterable, Mapping
from typing import Any

from claimbook.data.models import Citation, ClaimEntry, OnlyContext
from claimbook.data.registry import Registry


def citation(registry: Registry, key: str, cited: Citation | None = None) -> dict[str, str]:
    """A source with, where given, the place in it that is cited."""
    source = registry.sources[key]
    return {
        "source": key,
        "kind": cited.kind if cited else "",
        "locator": cited.locator if cited else "",
        "quote": cited.quote if cited else "",
        **source.model_dump(exclude={"id", "archive"}),
    }


def cited_inputs(registry: Registry, uses: Mapping[str, str]) -> list[dict[str, Any]]:
    """The inputs among what is used, each with its citations.

    Args:
        registry: the loaded data.
        uses: what inputs and tables are used for, by id; empty where it is not said.
    """
    return [
        {
            "use": use,
            **_without_gap(registry.inputs[name].model_dump(exclude={"citations"})),
            "citations": [
                citation(registry, item.source, item) for item in registry.inputs[name].citations
            ],
        }
        for name, use in uses.items()
        if name in registry.inputs
    ]


def cited_tables(registry: Registry, uses: Mapping[str, str]) -> list[dict[str, Any]]:
    """The tables among what is used, each with its sources; arguments as for `cited_inputs`."""
    return [
        {
            "use": use,
            "id": table.id,
            "title": table.title,
            "path": table.path,
            "rows": len(registry.frame(name)),
            "sources": [citation(registry, key) for key in table.sources],
            "precision": table.precision,
            "known": table.known,
            "note": table.note,
            **_without_gap({"only_context": [_waived(waiver) for waiver in table.only_context]}),
        }
        for name, use in uses.items()
        if name in registry.tables
        for table in [registry.tables[name]]
    ]


def _without_gap(payload: dict[str, Any]) -> dict[str, Any]:
    """Say what few entries have where it is so, and nothing elsewhere."""
    rare = ("only_context", "round_to")
    return {key: value for key, value in payload.items() if key not in rare or value}


def _waived(waiver: OnlyContext) -> str:
    cells = ", ".join(waiver.columns)
    rows = "; ".join(f"{name} {', '.join(values)}" for name, values in waiver.where)
    return f"{cells} ({rows}): {waiver.reason}" if rows else f"{cells}: {waiver.reason}"


def source_line(registry: Registry, name: str) -> tuple[str, ...]:
    """Keys of the sources behind an input, a table, or a source itself.

    Raises:
        KeyError: nothing has that name.
    """
    if name in registry.inputs:
        return tuple(item.source for item in registry.inputs[name].citations)
    if name in registry.tables:
        return registry.tables[name].sources
    return (registry.sources[name].id,)


def used_sources(
    registry: Registry, entry: ClaimEntry, names: Iterable[str]
) -> list[dict[str, Any]]:
    """Every source behind inputs and tables and behind the flags of a claim, in alphabetic order.

    Each once, with what it is cited for.
    """
    uses: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        for key in source_line(registry, name):
            uses.setdefault(key, []).append(name)
    for part in entry.parts:
        for witness in part.witnesses:
            uses.setdefault(witness.source, []).append(f"witness of {part.id}")
            if witness.depends_on in registry.sources:
                uses.setdefault(witness.depends_on, []).append(f"retold by {witness.source}")
    for flag in entry.flags:
        for item in flag.citations:
            uses.setdefault(item.source, []).append(f"flag {flag.flag}")
    return [
        citation(registry, key) | {"uses": list(dict.fromkeys(uses[key]))} for key in sorted(uses)
    ]
