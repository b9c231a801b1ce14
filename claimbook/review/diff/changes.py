"""What differs between the entries of two revisions, field by field."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, Literal

from claimbook.review.diff.content import Content, Entry, Key, Kind, Table
from claimbook.review.diff.notebook import Notebook

CODE, OTHER_CODE = "code", "other code"
# By which field the items of a list are told apart.
_KEYS = ("id", "flag", "source", "name", "title")
_LEADING_COLUMNS = 3


@dataclass(frozen=True)
class Change:
    """A field that differs.

    Attributes:
        kind: of the entry; `cells` for the rows of a table, `notebook` for code and prose.
        file: path from the project root.
        entry: id of the entry; for a notebook what the code belongs to.
        field: path of the field within the entry; empty for the entry as a whole.
        before: the text that stood there; None if there was none.
        after: the text that stands there; None if there is none.
    """

    kind: Kind | Literal["cells", "notebook"]
    file: str
    entry: str
    field: str
    before: str | None
    after: str | None


def entry_changes(before: Content, after: Content) -> list[Change]:
    """Every field that differs in claims, inputs, descriptions of tables, sources and articles.

    An entry is the same one in whatever file it stands.
    """
    found: list[Change] = []
    for key in _ordered(before.entries, after.entries):
        old, new = before.entries.get(key), after.entries.get(key)
        place = _Place(key, (new or old or Entry("", {})).file)
        found += _differences(old and old.fields, new and new.fields, place)
    return found


def table_changes(before: Content, after: Content) -> list[Change]:
    """Every cell that differs, and rows and columns that are new or gone, by table."""
    found: list[Change] = []
    for name in _ordered(before.tables, after.tables):
        old, new = before.tables.get(name, Table()), after.tables.get(name, Table())
        file = new.file or old.file
        if old.columns != new.columns:
            columns = _listed(old.columns), _listed(new.columns)
            found.append(Change("cells", file, name, "columns", *columns))
            shared = [column for column in new.columns if column in old.columns]
            old, new = old.only(shared), new.only(shared)
        found += _row_changes(old, new, file, name)
    return found


def code_changes(before: Notebook, after: Notebook, file: str) -> list[Change]:
    """Readings, checks, facts and other code of a notebook that differ, and its prose.

    Args:
        before: the notebook as it was.
        after: the notebook as it is.
        file: its path.
    """
    found = [
        Change("notebook", file, name, CODE, *_lines_that_differ(was, now))
        for name in _ordered(before.declared, after.declared)
        for was, now in [(before.declared.get(name), after.declared.get(name))]
        if was != now
    ]
    for field, old, new in (
        (OTHER_CODE, before.rest, after.rest),
        ("code of charts", before.charts, after.charts),
        ("prose", before.prose, after.prose),
        ("tags of a cell", before.tags, after.tags),
    ):
        pairs = zip_longest(_without(old, new), _without(new, old))
        found += [Change("notebook", file, "", field, was, now) for was, now in pairs]
    return found


def _lines_that_differ(was: str | None, now: str | None) -> tuple[str | None, str | None]:
    """Of code on both sides the lines that differ, since both may begin alike for long."""
    if was is None or now is None:
        return was, now
    gone, come = (
        "\n".join(_without(one.splitlines(), other.splitlines()))
        for one, other in ((was, now), (now, was))
    )
    return gone, come


def _without(lines: Sequence[str], others: Sequence[str]) -> list[str]:
    """Lines that the others do not have at that place, though they may elsewhere."""
    matcher = SequenceMatcher(None, lines, others, autojunk=False)
    return [
        line
        for kind, first, last, _, _ in matcher.get_opcodes()
        if kind != "equal"
        for line in lines[first:last]
    ]


@dataclass(frozen=True)
class _Place:
    entry: Key
    file: str


def _differences(old: Any, new: Any, place: _Place, path: str = "") -> Iterator[Change]:
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in _ordered(old, new):
            yield from _differences(
                old.get(key), new.get(key), place, f"{path}.{key}" if path else str(key)
            )
    elif {type(old), type(new)} in ({list}, {list, type(None)}):  # an empty list is left out
        for label, was, now in _paired(old or [], new or []):
            yield from _differences(was, now, place, f"{path}[{label}]")
    else:
        kind, entry = place.entry
        yield Change(kind, place.file, entry, path, _text(old), _text(new))


def _paired(old: Sequence[Any], new: Sequence[Any]) -> Iterator[tuple[str, Any, Any]]:
    """Items of two lists that belong together, with a label; the same on both sides left out."""
    gone, come = list(old), list(new)
    for item in old:
        if item in come:
            come.remove(item)
            gone.remove(item)
    for item in gone:
        label = _label(item)
        partner = next((other for other in come if _label(other) == label), None)
        if partner is not None:
            come.remove(partner)
        yield label, item, partner
    for item in come:
        yield _label(item), None, item


def _label(item: Any) -> str:
    if isinstance(item, Mapping):
        if "says" in item and isinstance(sense := item.get("sense"), Mapping):
            return f"{item['source']} ({sense['en']})"
        return next((str(item[key]) for key in _KEYS if item.get(key)), "")
    return str(item)


def _row_changes(old: Table, new: Table, file: str, name: str) -> Iterator[Change]:
    matcher = SequenceMatcher(None, old.rows, new.rows, autojunk=False)
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            continue
        was, now = old.rows[first:last], new.rows[start:end]
        for number in range(max(len(was), len(now))):
            if number < len(was) and number < len(now):
                position = start + number
                yield from _cell_changes(
                    new.columns, was[number], now[number], file, name, position
                )
            elif number < len(was):
                row = _listed(was[number])
                yield Change("cells", file, name, f"row {first + number + 1}", row, None)
            else:
                row = _listed(now[number])
                yield Change("cells", file, name, f"row {start + number + 1}", None, row)


def _cell_changes(
    columns: Sequence[str],
    was: Sequence[str],
    now: Sequence[str],
    file: str,
    name: str,
    position: int,
) -> Iterator[Change]:
    lead = " ".join(cell for cell in now[:_LEADING_COLUMNS] if cell)
    for column, old, new in zip(columns, was, now, strict=False):
        if old != new:
            field = f"row {position + 1} ({lead}), {column}"
            yield Change("cells", file, name, field, old, new)


def _ordered(before: Iterable[Any], after: Iterable[Any]) -> list[Any]:
    """All keys, in the later order, those that are gone last."""
    return list(dict.fromkeys([*after, *before]))


def _listed(cells: Iterable[str]) -> str:
    return ", ".join(cell for cell in cells if cell)


def _text(value: Any) -> str | None:
    """A value as one text: fields by name, lists item by item."""
    if value is None:
        return None
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_text(item)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(str(_text(item)) for item in value)
    return str(value)
