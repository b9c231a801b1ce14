"""Entries with empty fields, each with a hint from the models on what belongs there."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import yaml
from pydantic import BaseModel

from claimbook import rule
from claimbook.authoring.checklist import HINT
from claimbook.data.models import ClaimFile, Input, inner_model

_EMPTY = '""'
# Fields that dates and yes/no do not have.
_OF_NUMBERS = ("unit", "comparator", "round_to", "quote_says")


def claim_text(article: str, kind: str, said: Mapping[str, str]) -> str:
    """The fields of a claim with one part, for a file in `data/claims/`.

    Args:
        article: id of its article.
        kind: of the part.
        said: code, quote and translation, where they are known.
    """
    part: dict[str, Any] = {
        "id": "statement",
        "label": {},
        "kind": kind,
        "stated": _EMPTY,
        "about": _EMPTY,
    }
    without: tuple[str, ...] = ()
    if kind in ("number", "count"):
        part |= {"unit": _EMPTY, "comparator": '"="'}
    else:
        without = _OF_NUMBERS
    if kind == "witnessed":
        fields = ("source", "kind", "locator", "quote", "says", "date", "known")
        row: dict[str, Any] = dict.fromkeys(fields, _EMPTY)
        part |= {"witnesses": [row | {"words": {}}]}
    else:
        without = (*without, "witnesses", "unseen")
    if kind == "not-checkable":
        part |= {"reason": _EMPTY}
        empty_more = {"settle": _EMPTY}
    else:
        without = (*without, "reason")
        empty_more = {}
    empty = dict.fromkeys(("code", "quote", "english", "claimant"), _EMPTY)
    empty |= {name: _quoted(text) for name, text in said.items() if name in empty and text}
    values = {
        "article": article,
        **empty,
        "parts": [part],
        "title": {},
        "headline": {},
        "finding": {},
        **empty_more,
    }
    return "".join(f"{row}\n" for row in _rows(ClaimFile, values, without))


def input_text(name: str) -> str:
    """The entry of an input with one citation, for a file in `data/inputs/`."""
    empty = dict.fromkeys(("quantity", "value", "unit", "as_of", "precision", "known"), _EMPTY)
    citation = dict.fromkeys(("source", "kind", "locator", "quote"), _EMPTY)
    values = {"id": name, "short": {}, **empty, "citations": [citation]}
    return _listed(_rows(Input, values))


def _rows(
    model: type[BaseModel], values: Mapping[str, Any], without: Collection[str] = ()
) -> Iterator[str]:
    """Lines of an entry: the fields that have a value here, and a word on those that may follow."""
    for name, field in model.model_fields.items():
        description = " ".join((field.description or "").split())  # on one line, as comments are
        if name not in values:
            if name not in without:
                yield f"{HINT}{name} may stand here. {description}"
            continue
        value = values[name]
        if value in (_EMPTY, '"="') or not isinstance(value, str):
            yield f"{HINT}{description}"
            if name == "comparator":
                yield f"{HINT}One of {', '.join(rule.COMPARATORS)}."
        inner = inner_model(field.annotation)
        if inner is None:
            yield f"{name}: {value}"
        elif isinstance(value, list):
            yield f"{name}:"
            for item in value:
                yield from _indented(_listed(_rows(inner, item, without)))
        else:
            yield f"{name}:"
            yield from (f"  {key}: {_EMPTY}" for key in inner.model_fields)


def _quoted(text: str) -> str:
    """A text as a value in YAML, whatever it holds, on one line."""
    written: str = yaml.safe_dump([text], allow_unicode=True, width=float("inf"))
    return written.removeprefix("- ").rstrip("\n")


def _listed(rows: Iterator[str]) -> str:
    """An entry as an item of a list; hints above its first field stand above the item."""
    found = list(rows)
    first = next(number for number, row in enumerate(found) if not row.startswith(HINT))
    dashed = [f"- {found[first]}", *(f"  {row}" for row in found[first + 1 :])]
    return "\n".join([*found[:first], *dashed]) + "\n"


def _indented(text: str) -> Iterator[str]:
    return (f"  {row}" for row in text.splitlines())
