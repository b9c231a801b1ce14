"""What cells emit: the JSON object of one output, of which fields may be left out.

Kinds: claim, inputs, table, witnesses, verdict, sensitivity, sources, figure. All texts are plain.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from claimbook.base import formats

Payload = Mapping[str, Any]

# Fields a payload may leave out, per kind, and for citations wherever they occur.
_CITATION = {
    "source": "",
    "kind": "",
    "locator": "",
    "quote": "",
    "title": "",
    "author": "",
    "publisher": "",
    "date": "",
    "url": "",
    "seen": "",
    "interest": "",
}

_OPTIONAL: dict[str, dict[str, Any]] = {
    "inputs": {"inputs": [], "tables": []},
    "table": {"note": ""},
    "verdict": {"settle": "", "whatif": None},
    "sensitivity": {"witnesses": []},
    "figure": {"note": "", "of_readings": False, "sources": [], "rows": [], "columns": []},
}


def complete(payload: Payload) -> dict[str, Any]:
    """Fill the optional fields, so that a missing needed one is an error and not a blank."""
    full = _OPTIONAL.get(payload["kind"], {}) | dict(payload)
    return {key: _with_citations(value) for key, value in full.items()}


def _with_citations(value: Any) -> Any:
    """Copy a value, giving every citation in it all the fields of a citation."""
    if isinstance(value, Mapping):
        copy = {key: _with_citations(inner) for key, inner in value.items()}
        return _CITATION | copy if "source" in copy else copy
    if isinstance(value, list):
        return [_with_citations(inner) for inner in value]
    return value


def _number_text(text: str) -> str:
    """Group the thousands of a number written in data; other texts stay as they are."""
    try:
        return f"{Decimal(text):,}"
    except InvalidOperation:
        return text


def amount(item: Mapping[str, Any]) -> str:
    """Value and range of an input, with its unit."""
    text = _number_text(item["value"])
    if item["low"] and item["high"]:
        span = f"{_number_text(item['low'])} to {_number_text(item['high'])}"
        text = f"{text} ({span})" if text else span
    return formats.with_unit(text, item["unit"]) if text else ""
