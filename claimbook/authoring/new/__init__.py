"""The files that a new claim begins with, and its lines in the articles and in the contents.

Nothing is written here, and nothing has to be right yet: fields are empty, prose is asked for, and
`make check` says what is still missing.
"""

from claimbook.authoring.new.claim import KINDS, make
from claimbook.authoring.new.places import ScaffoldError

__all__ = ["KINDS", "ScaffoldError", "make"]
