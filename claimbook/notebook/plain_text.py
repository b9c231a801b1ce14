"""Payloads as a few lines of plain text, stable between runs."""

from collections.abc import Callable
from typing import Any

from claimbook.notebook.payloads import Payload, amount, complete


def render_text(payload: Payload) -> str:
    """One to a few lines of plain text that say the same, stable between runs."""
    return _TEXTS[payload["kind"]](complete(payload))


def _claim_text(p: dict[str, Any]) -> str:
    claim = p["claim"]
    who = f"{claim['claimant']}, in {claim['article']['label']}"
    return f"“{claim['quote']}”\n“{claim['english']}” ({who})"


def _inputs_text(p: dict[str, Any]) -> str:
    lines = [f"{item['id']} = {amount(item)} ({item['as_of']})" for item in p["inputs"]]
    lines += [f"{table['id']}: table, {table['rows']} rows" for table in p["tables"]]
    return "\n".join(lines)


def _verdict_text(p: dict[str, Any]) -> str:
    lines = [f"{p['result']['claim']}: {p['result']['verdict']}"]
    if by_part := p["result"].get("by_part"):
        lines.append(by_part)
    for part in p["result"]["parts"]:
        given = [part["verdict"]]
        if part["stated_text"]:
            given.append(f"stated {part['stated_text']}")
        if part["recomputed_text"]:
            given.append(f"recomputed {part['recomputed_text']}")
        lines.append(f"{part['id']}: {', '.join(given)}")
        if remark := part.get("remark"):
            lines.append(f"  by far: {remark}")
        lines += [
            f"  {reading['id']} ({reading['role']}): {reading['text']}"
            + (f", {reading['outcome']}" if reading["outcome"] else "")
            + (", an end within the ranges of its inputs" if reading.get("inside") else "")
            for reading in part["readings"]
        ]
        lines += [f"  {_witness(row)}" for row in part.get("witnesses", ())]
    return "\n".join(lines)


def _witnesses_text(p: dict[str, Any]) -> str:
    lines = []
    for part in p["parts"]:
        lines.append(f"{part['id']}: {part['stated']}")
        lines += [f"  {_witness(row)}: {row['words']['en']}" for row in part["rows"]]
    return "\n".join(lines)


def _witness(row: dict[str, Any]) -> str:
    weight = "" if row["counted"] else f"not counted: {row['why_not']}"
    notes = [row["rank"], row["date"], weight]
    return f"{row['id']} ({', '.join(filter(None, notes))}) {_SAYS[row['says']]}"


_SAYS = {"supports": "supports it", "contradicts": "contradicts it", "silent": "is silent"}


def _sensitivity_text(p: dict[str, Any]) -> str:
    lines = []
    for reading in p["readings"]:
        lines.append(f"{reading['reading']}: {reading['outcome']}")
        lines += [
            f"  {row['input']} = {row['value']}; "
            f"changes below: {row['below']}; above: {row['above']}"
            for row in reading["rows"]
        ]
    lines += [f"without {row['who']}: {row['without']}" for row in p["witnesses"]]
    return "\n".join(lines)


def _sources_text(p: dict[str, Any]) -> str:
    return "\n".join(f"{cit['source']}: {cit['title']}" for cit in p["sources"])


_TEXTS: dict[str, Callable[[dict[str, Any]], str]] = {
    "claim": _claim_text,
    "inputs": _inputs_text,
    "witnesses": _witnesses_text,
    "table": lambda p: f"{p['caption']} ({len(p['rows'])} rows)",
    "verdict": _verdict_text,
    "sensitivity": _sensitivity_text,
    "sources": _sources_text,
    "figure": lambda p: f"Chart: {p['title']}\n{p['alt']}",
}
