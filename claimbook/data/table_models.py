"""Typed model of `data/tables/datapackage.json`: the part of Frictionless that the book uses."""

import re
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StrictInt, model_validator

from claimbook.base.faults import nearest
from claimbook.data.models import (
    Address,
    CitedTable,
    Column,
    Entry,
    Known,
    OnlyContext,
    Precision,
    Slug,
    Text,
    identifier,
)

# Types of the columns whose cells the mutation gate moves.
MOVED = ("integer", "number", "boolean")


def _table(text: str) -> str:
    identifier(text.replace("-", "_"))
    return text


def _file(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+([-_][a-z0-9]+)*\.csv", text):
        raise ValueError("expected the plain name of a file beside this one, such as prices.csv")
    return text


class Link(Entry):
    """A source of a table: its key in the bibliography."""

    title: Text
    path: Address = ""


class Schema(Entry):
    """Columns of a table."""

    columns: Annotated[tuple[Column, ...], Field(alias="fields", min_length=1)]
    missing: Annotated[tuple[Literal[""], ...], Field(alias="missingValues")] = ("",)

    @model_validator(mode="after")
    def _columns_differ(self) -> Self:
        names = [column.name for column in self.columns]
        for repeated in sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"fields: expected different names, found {repeated!r} twice")
        return self


class Resource(Entry):
    """A table: its file, its columns and where its numbers come from."""

    name: Annotated[Slug, AfterValidator(_table)]
    title: Text
    path: Annotated[str, AfterValidator(_file)]
    format: Literal["csv"] = "csv"
    mediatype: Literal["text/csv"] = "text/csv"
    encoding: Literal["utf-8"] = "utf-8"
    digest: Annotated[str, Field(alias="hash")] = ""
    size: Annotated[StrictInt | None, Field(alias="bytes")] = None
    content: Annotated[Schema, Field(alias="schema")]
    sources: Annotated[tuple[Link, ...], Field(min_length=1)]
    precision: Precision
    known: Known
    note: str = ""
    only_context: tuple[OnlyContext, ...] = ()

    @model_validator(mode="after")
    def _only_context_fits(self) -> Self:
        types = {column.name: column.type for column in self.content.columns}
        for waiver in self.only_context:
            for name in (*waiver.columns, *(column for column, _ in waiver.where)):
                if name not in types:
                    hint = nearest(name, types)
                    raise ValueError(f"only_context: expected a column, found {name!r}{hint}")
            for name in waiver.columns:
                if types[name] not in MOVED:
                    raise ValueError(
                        "only_context: expected a column of numbers or truth values, "
                        f"found {name!r} of type {types[name]}"
                    )
        return self

    def cited(self) -> CitedTable:
        """The table as claims see it."""
        return CitedTable(
            id=self.name.replace("-", "_"),
            title=self.title,
            path=self.path,
            columns=self.content.columns,
            sources=tuple(source.title for source in self.sources),
            precision=self.precision,
            known=self.known,
            note=self.note,
            digest=self.digest,
            only_context=self.only_context,
        )


class Package(Entry):
    """The whole descriptor; each resource is read on its own, so that one fault hides no other."""

    name: Slug = ""
    title: str = ""
    resources: Annotated[list[Any], Field(min_length=1)]
