"""What the fields of a model are for, in the words that stand below them in the source.

pydantic can read these words itself, but does so for every model when it is imported. They are
needed for a schema or a message about a fault alone.
"""

import ast
import inspect
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

from pydantic import BaseModel


def of_fields(model: type[BaseModel]) -> Mapping[str, str]:
    """The text below each field that a model declares, by the name of the field."""
    return _texts(inspect.getsourcefile(model) or "").get(model.__name__, {})


def of_place(model: type[BaseModel], place: Iterable[int | str]) -> str:
    """The text below a field that lies within the fields of a model, or nothing.

    Within a list it is that of the field alone; otherwise that of what the field lies in comes
    first, so that "The quote" is followed by "In English".

    Args:
        model: where the place begins.
        place: names of fields and numbers of entries, as pydantic locates an error.
    """
    words: list[str] = []
    inner: type[BaseModel] | None = model
    for step in place:
        if isinstance(step, int):
            words = []
        elif inner is not None:
            words.append(of_fields(inner).get(step, ""))
            field = inner.model_fields.get(step)
            inner = next(models(field.annotation), None) if field else None
    return " ".join(filter(None, words))


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Models that an annotation names: itself, or what it is made of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models(part)


@cache
def _texts(path: str) -> Mapping[str, Mapping[str, str]]:
    tree = ast.parse(Path(path).read_text(encoding="utf-8"))
    return {
        node.name: MappingProxyType(dict(_described(node.body)))
        for node in tree.body
        if isinstance(node, ast.ClassDef)
    }


def _described(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for field, text in pairwise(body):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(text, ast.Expr)
            and isinstance(text.value, ast.Constant)
            and isinstance(text.value.value, str)
        ):
            yield field.target.id, inspect.cleandoc(text.value.value)
