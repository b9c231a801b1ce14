"""YAML as texts, lists and fields: the little of it that `data/` is written in."""

from collections.abc import Iterator
from typing import Any

import yaml

# More than any entry needs, and few enough for everything that walks down the levels.
MAX_LEVELS = 50

# libyaml, where PyYAML has it, is about ten times as fast.
_FAST: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class TooManyLevelsError(Exception):
    """Lists and fields lie within one another more than `MAX_LEVELS` deep."""


def parse(text: str) -> Any:
    """Read a document, every scalar as text; refuse aliases and keys that stand twice.

    Raises:
        TooManyLevelsError: more levels than an entry needs.
        yaml.YAMLError: no YAML, or more of it than `data/` may use.
    """
    try:
        return _document(yaml.parse(text, Loader=_FAST))
    except yaml.YAMLError:
        # Said by the other parser, so that a message does not depend on the machine.
        return _document(yaml.parse(text, Loader=yaml.BaseLoader))


def _document(events: Iterator[yaml.Event]) -> Any:
    next(events)  # the start of the stream
    if not isinstance(next(events), yaml.DocumentStartEvent):
        return None
    content = _content(next(events), events, 0)
    next(events)  # the end of the document
    if not isinstance(event := next(events), yaml.StreamEndEvent):
        raise _refusal("another document", event)
    return content


def _content(event: yaml.Event, events: Iterator[yaml.Event], level: int) -> Any:
    """The value that begins with an event.

    Events are read and not what PyYAML composes of them: it composes any number of levels, and
    with libyaml enough of them end Python.
    """
    if isinstance(event, yaml.ScalarEvent):
        return event.value
    if isinstance(event, yaml.AliasEvent):
        # A value that contains itself would have no end.
        raise _refusal("an alias is not taken here", event)
    if level == MAX_LEVELS:
        raise TooManyLevelsError
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        while not isinstance(item := next(events), yaml.SequenceEndEvent):
            items.append(_content(item, events, level + 1))
        return items
    fields: dict[str, Any] = {}
    while not isinstance(start := next(events), yaml.MappingEndEvent):
        key = _content(start, events, level + 1)
        if not isinstance(key, str):
            raise _refusal("a key is no plain text", start)
        if key in fields:
            raise _refusal(f"the key {key!r} stands twice", start)
        fields[key] = _content(next(events), events, level + 1)
    return fields


def _refusal(problem: str, event: yaml.Event) -> yaml.MarkedYAMLError:
    mark: Any = event.start_mark  # of either parser
    return yaml.MarkedYAMLError(None, None, problem, mark)
