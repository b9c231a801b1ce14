"""Errors of the typed models in the words of `data/`: field, what was expected, what was found."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from pydantic import BaseModel, ValidationError

from claimbook.base.faults import Fault, nearest
from claimbook.data.models import inner_model

# Longer values are cut in messages.
MAX_FOUND = 80


def explain(
    error: ValidationError, file: str, entry: str, raw: Any, model: type[BaseModel]
) -> list[Fault]:
    """One fault for each thing that is wrong with an entry.

    Args:
        error: what validation raised.
        file: how messages call the file.
        entry: how they call the entry.
        raw: the entry as read.
        model: what it should have been.
    """
    items = error.errors()
    return [
        _fault(file, entry, raw, model, item)
        for item in items
        # A list whose only member is at fault counts as empty for pydantic, and is not.
        if item["type"] != "too_short"
        or not any(len(other["loc"]) > len(item["loc"]) for other in items)
    ]


def describe(value: Any) -> str:
    """What kind of thing a value is, in plain words."""
    names = {
        list: "a list",
        dict: "fields with values",
        str: "a text",
        bool: "true or false",
        type(None): "nothing",
    }
    return names.get(type(value), "a number")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= MAX_FOUND else f"{text[: MAX_FOUND - 1]}…"


def _fault(
    name: str,
    label: str,
    raw: Any,
    model: type[BaseModel],
    item: Any,
) -> Fault:
    where, found = _place(raw, item["loc"])
    message = _MESSAGES.get(item["type"], _default_message)(item, found)
    if item["type"] == "value_error":
        # Checks across fields name the field in front of their message.
        head, colon, rest = message.partition(": ")
        if colon and all(re.fullmatch(r"[a-z_]+(\.\w+)*", part) for part in head.split(", ")):
            where, message = ".".join(filter(None, (where, head))), rest
    if item["type"] == "missing" and (words := _description(model, item["loc"])):
        message += f". {words}"
    if item["type"] == "extra_forbidden" and len(item["loc"]) == 1:
        known = (field.alias or key for key, field in model.model_fields.items())
        message += nearest(str(item["loc"][0]), known)
    return Fault(name, label, where, message)


def _description(model: type[BaseModel], location: Iterable[int | str]) -> str:
    """What the field at a place is for, or nothing.

    Within a list it is that of the field alone; otherwise that of what the field lies in comes
    first, so that "The quote" is followed by "In English".
    """
    words: list[str] = []
    inner: type[BaseModel] | None = model
    for step in location:
        if isinstance(step, int):
            words = []
        elif inner is not None and (field := inner.model_fields.get(step)):
            words.append(field.description or "")
            inner = inner_model(field.annotation)
    return " ".join(" ".join(words).split())


# Fields that name an inner entry.
_NAMING = ("id", "flag", "name")


def _place(raw: Any, location: Iterable[int | str]) -> tuple[str, Any]:
    """Path of a field with the ids of inner entries in place of their numbers."""
    names = []
    for step in location:
        try:
            raw = raw[step]
        except (KeyError, IndexError, TypeError):
            raw = ""
        inner = [raw.get(key) for key in _NAMING] if isinstance(raw, dict) else []
        label = next((text for text in inner if text and isinstance(text, str)), None)
        names.append(label or (str(step + 1) if isinstance(step, int) else step))
    return ".".join(names), raw


def _default_message(item: Any, found: Any) -> str:
    text: str = item["msg"].removeprefix("Value error, ")
    return text if "found" in text else f"{text}, found {_short(found)}"


_MESSAGES: dict[str, Callable[[Any, Any], str]] = {
    "missing": lambda item, found: "expected a value, found nothing",
    "extra_forbidden": lambda item, found: "unknown field",
    "literal_error": lambda item, found: (
        f"expected {item['ctx']['expected']}, found {_short(found)}"
    ),
    "string_type": lambda item, found: f"expected a text, found {describe(found)}",
    "int_type": lambda item, found: f"expected a whole number, found {_short(found)}",
    "list_type": lambda item, found: f"expected a list, found {describe(found)}",
    "tuple_type": lambda item, found: f"expected a list, found {describe(found)}",
    "too_short": lambda item, found: "expected at least one entry, found none",
    "model_type": lambda item, found: f"expected fields with values, found {describe(found)}",
    "model_attributes_type": lambda item, found: (
        f"expected fields with values, found {describe(found)}"
    ),
}
