"""Where in a YAML file something new belongs, line by line: every other byte of it stays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from claimbook.base.files import read_text
from claimbook.base.paths import Project
from claimbook.data import yaml_files


class ScaffoldError(Exception):
    """A claim cannot be begun; the message says what is in the way."""


@dataclass(frozen=True)
class Item:
    """An item of a YAML list.

    Attributes:
        node: as PyYAML composed it.
        fields: those of its fields that are plain texts.
        start: number of its first line, from 0.
        end: number of the line after its last one.
        column: of the dash in front of it.
    """

    node: yaml.Node
    fields: Mapping[str, str]
    start: int
    end: int
    column: int


@dataclass(frozen=True)
class Document:
    """The text of a YAML file and what it holds.

    Attributes:
        name: how messages call the file.
        text: all of it.
        node: as PyYAML composed it, which knows the lines.
    """

    name: str
    text: str
    node: yaml.Node

    def items(self, node: yaml.Node) -> list[Item]:
        """The items of a list, also those at fault; none if it is no list."""
        if not isinstance(node, yaml.SequenceNode):
            return []
        return [
            Item(
                item,
                _texts(item),
                item.start_mark.line,
                self._end(item),
                item.start_mark.column - 2,
            )
            for item in node.value
        ]

    def _end(self, node: yaml.Node) -> int:
        """Blank lines and comments after a node belong to what follows."""
        lines = self.text.splitlines()
        end: int = len(lines)
        if node.end_mark.index < len(self.text):
            whole = isinstance(node, yaml.ScalarNode) or getattr(node, "flow_style", False)
            end = node.end_mark.line + bool(whole)
        while end and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
            end -= 1
        return end

    def inserted(self, line: int, more: str) -> str:
        """The text with more of it before a line, with the line ends that it has."""
        lines = self.text.splitlines(keepends=True)
        ending = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
        head = "".join(lines[:line])
        if head and not head.endswith("\n"):
            head += ending
        return head + more.replace("\n", ending) + "".join(lines[line:])

    def without(self, start: int, end: int) -> str:
        """The text without some of its lines.

        Args:
            start: the first of them, from 0.
            end: the line after the last of them.
        """
        lines = self.text.splitlines(keepends=True)
        return "".join(lines[:start] + lines[end:])


def read(project: Project, path: Path) -> str:
    """The text of a file, with its line ends.

    Raises:
        ScaffoldError: it cannot be read.
    """
    try:
        return read_text(path, "a YAML file")
    except ValueError as error:
        raise ScaffoldError(f"{project.relative(path)}: {error}") from error


def compose(project: Project, path: Path) -> Document:
    """A YAML file that may have faults, but is YAML.

    Raises:
        ScaffoldError: it is not, or it is empty.
    """
    name, text = project.relative(path), read(project, path)
    try:
        yaml_files.parse(text)
    except ValueError as error:
        raise ScaffoldError(f"{name}: {error}") from error
    node = yaml.compose(text, Loader=yaml.BaseLoader)
    if node is None:
        raise ScaffoldError(f"{name}: expected entries, found none")
    return Document(name, text, node)


def recomposed(document: Document, text: str) -> Document:
    """The same file with another text, which is YAML as well."""
    node = yaml.compose(text, Loader=yaml.BaseLoader)
    return Document(document.name, text, node or document.node)


def named(document: Document, name: str) -> Item:
    """The entry with an id.

    Raises:
        KeyError: the file has none.
    """
    return {item.fields.get("id", ""): item for item in document.items(document.node)}[name]


def member(node: yaml.Node, key: str) -> yaml.Node | None:
    """The value of a field, if the node has fields and this one among them."""
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if name.value == key:
                found: yaml.Node = value
                return found
    return None


def _texts(node: yaml.Node) -> dict[str, str]:
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {
        key.value: value.value
        for key, value in node.value
        if isinstance(key, yaml.ScalarNode) and isinstance(value, yaml.ScalarNode)
    }


def first_of(pages: Sequence[str], known: Mapping[str, Item]) -> Item | None:
    """The item of the first of these pages that has one."""
    return next((known[page] for page in pages if page in known), None)
