"""References in prose to numbers of a result: `{output}`, `{saving.stated}`, `{r1_price}`."""

import re
from collections.abc import Mapping

from claimbook.base.faults import nearest

_REFERENCE = re.compile(r"\{([^{}]+)\}")


def resolve(text: str, place: str, known: Mapping[str, str]) -> str:
    """Put the texts of a result in place of the references to them.

    Args:
        text: prose with references in braces.
        place: where it stands, for the message.
        known: text by reference.

    Raises:
        KeyError: a reference names nothing in the result.
    """

    def put(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in known:
            raise KeyError(
                f"{place} refers to {name!r}, which the result does not have" + nearest(name, known)
            )
        return known[name]

    return _REFERENCE.sub(put, text)
