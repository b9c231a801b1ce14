"""The run that a report comes from, as GitHub describes it to the workflow."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError


class EventError(Exception):
    """The description of the event is not what was expected."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Owner(_Part):
    """Who owns a repository."""

    login: str


class Fork(_Part):
    """The repository that a branch lies in."""

    full_name: str
    owner: Owner


class Run(_Part):
    """A run of the workflow that made the report.

    Attributes:
        id: its number, part of its address.
        event: what started it.
        head_branch: the branch that was tested, None if it is gone.
        head_sha: the commit that was tested.
        head_repository: where the branch lies, None if that repository is gone.
    """

    id: int
    event: str
    head_branch: str | None
    head_sha: str
    head_repository: Fork | None


class Repository(_Part):
    """The repository whose workflow this is."""

    full_name: str
    default_branch: str


class Event(_Part):
    """What started the workflow that comments."""

    workflow_run: Run
    repository: Repository


def read(path: Path) -> Event:
    """Read the description that GitHub puts beside a run.

    Raises:
        EventError: it is not there, or not of a finished run.
    """
    try:
        return Event.model_validate_json(path.read_bytes())
    except OSError as error:
        raise EventError(
            f"expected the description of an event, found: {error.strerror}"
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ": ".join(["event", *map(str, first["loc"])])
        raise EventError(f"{place}: expected a finished run, found: {first['msg']}") from error
