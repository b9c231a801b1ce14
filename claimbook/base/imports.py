"""What processes of ours leave out of what they import."""

import sys

_GRAMMAR = "rfc3987_syntax"


def skip_grammar() -> None:
    """Let this process do without the grammar of international web addresses.

    jsonschema, which altair, nbformat and others import, builds it at once: a second of work for
    a check of a format that no schema here has. To be called before; never where notebooks of
    other people run.
    """
    sys.modules.setdefault(_GRAMMAR, None)  # type: ignore[arg-type]
