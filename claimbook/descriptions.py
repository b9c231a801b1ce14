"""What the fields of a model are for, in the words that stand below them in the source.

pydantic can read these words itself, but does so for every model when it is imported. They are
needed for a schema or a message about a fault alone.
"""

import ast
import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from pydantic import BaseModel


def of_fields(model: type[BaseModel]) -> Mapping[str, str]:
    """The text below each field that a model declares, by the name of the field."""
    return _texts(inspect.getsourcefile(model) or "").get(model.__name__, {})


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
