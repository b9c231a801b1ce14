"""YAML as texts, lists and fields: the little of it that `data/` is written in."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from claimbook.base.characters import first_invisible, is_composed
from claimbook.base.files import MAX_TEXT, read_text

# More than any entry needs, and few enough for everything that walks down the levels.
MAX_LEVELS = 50

# libyaml, where PyYAML has it, is about ten times as fast.
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

# What YAML takes for a comment, behind a value or where one would stand.
_COMMENT = re.compile(r"[ \t]*#")
_LINE_ENDS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_BLOCKS, _QUOTES = ("|", ">"), ("'", '"')


def read(path: Path, expected: str) -> Any:
    """Read a YAML file; see `parse`.

    Args:
        path: of the file.
        expected: what the file should be, for messages.

    Raises:
        ValueError: the message says what was expected and what was found.
    """
    return parse(read_text(path, expected))


def parse(text: str) -> Any:
    """Read a document, every scalar as text.

    Raises:
        ValueError: no YAML, or more of it than `data/` may use: anchors, aliases, tags, keys that
            are no plain text or stand twice, comments that may cut a text, texts too long, too many
            levels, another document. Or an invisible or a decomposed character behind an escape.
    """
    lines = _LINE_ENDS.split(text)
    events = yaml.parse(text, Loader=_Loader)
    try:
        next(events)  # the start of the stream
        if not isinstance(next(events), yaml.DocumentStartEvent):
            return None
        content = _content(next(events), events, 0, lines)
        next(events)  # the end of the document
        if not isinstance(event := next(events), yaml.StreamEndEvent):
            raise _refusal("another document", event)
    except yaml.YAMLError as error:
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        mark = getattr(error, "problem_mark", None)
        place = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise ValueError(f"expected valid YAML, found: {problem}{place}") from error
    return content


def _content(event: Any, events: Iterator[yaml.Event], level: int, lines: Sequence[str]) -> Any:
    """The value that begins with an event.

    Events are read and not what PyYAML composes of them: that takes four times as long, takes in
    keys that stand twice, and with libyaml ends Python where there are levels enough.
    """
    if event.anchor:
        raise _refusal(f"the anchor or alias {event.anchor!r}", event)
    if event.tag:
        raise _refusal(f"the tag {event.tag!r}", event)
    if isinstance(event, yaml.ScalarEvent):
        _check_scalar(event, lines)
        return event.value
    if level == MAX_LEVELS:
        raise _refusal(f"more than {MAX_LEVELS} levels", event)
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        while not isinstance(item := next(events), yaml.SequenceEndEvent):
            items.append(_content(item, events, level + 1, lines))
        return items
    fields: dict[str, Any] = {}
    while not isinstance(start := next(events), yaml.MappingEndEvent):
        key = _content(start, events, level + 1, lines)
        if not isinstance(key, str):
            raise _refusal("a key that is no plain text", start)
        if key in fields:
            raise _refusal(f"the key {key!r} twice", start)
        fields[key] = _content(next(events), events, level + 1, lines)
    return fields


def _check_scalar(event: Any, lines: Sequence[str]) -> None:
    if found := first_invisible(event.value):
        raise _refusal(f"the invisible character {found.name}", event)
    if len(event.value) > MAX_TEXT:
        raise _refusal(f"a text of more than {MAX_TEXT:,} characters", event)
    if not is_composed(event.value):
        raise _refusal(f"a letter in two parts in {event.value[:40]!a}", event)
    # "The shop #1" is read as "The shop" if nothing stands around it. A remark behind a single word
    # or behind quotes, as in "exact  # the list says so", is no such thing.
    end: Any = event.end_mark
    behind = lines[end.line][end.column :] if end.line < len(lines) else ""
    if event.style in _BLOCKS or not _COMMENT.match(behind):
        return
    whole = event.style in _QUOTES or (len(event.value.split()) == 1 and behind[1:2].isspace())
    if not (whole and behind.lstrip().startswith("# ")):
        raise _refusal(
            f"the comment {behind.strip()[:40]!r} behind a value, so that it is not read; put the "
            "value in quotes if this belongs to it, and the comment in a line of its own if not",
            event,
        )


def _refusal(problem: str, event: yaml.Event) -> yaml.MarkedYAMLError:
    mark: Any = event.start_mark  # of either parser
    return yaml.MarkedYAMLError(None, None, problem, mark)
