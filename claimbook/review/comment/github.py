"""The few requests to GitHub that a comment needs."""

from collections.abc import Iterator
from typing import Any, Literal, TypeVar

import requests
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from claimbook.review.comment.event import Fork

T = TypeVar("T")
_SECONDS = (10, 30)  # to connect, to answer


class ApiError(Exception):
    """GitHub did not answer as expected; the message names the request."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Head(_Part):
    """What a pull request brings; its repository may be gone."""

    ref: str
    sha: str
    repo: Fork | None


class Base(_Part):
    """The branch that a pull request goes into."""

    ref: str


class Pull(_Part):
    """A pull request."""

    number: int
    state: str
    head: Head
    base: Base


class Author(_Part):
    """Who wrote a comment."""

    login: str


class Comment(_Part):
    """A comment; its author may be gone."""

    id: int
    body: str | None
    user: Author | None


_PULLS = TypeAdapter(list[Pull])
_COMMENTS = TypeAdapter(list[Comment])


class GitHub:
    """One repository, seen through the REST interface.

    Args:
        address: of the interface, without a slash at its end.
        repository: owner and name, joined by a slash.
        token: what the requests are authorised with; never part of a message.
    """

    def __init__(self, address: str, repository: str, token: str) -> None:
        self._base = f"{address}/repos/{repository}"
        self._session = requests.Session()
        self._session.headers.update(
            {
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {token}",
                "X-GitHub-Api-Version": "2022-11-28",
            }
        )

    def pulls(self, owner: str, branch: str, base: str) -> Iterator[Pull]:
        """Open pull requests from a branch of an owner into a branch of ours.

        Raises:
            ApiError: GitHub did not answer as expected.
        """
        wanted = {"state": "open", "head": f"{owner}:{branch}", "base": base}
        yield from self._pages("/pulls", wanted, _PULLS)

    def comments(self, number: int) -> Iterator[Comment]:
        """Comments on a pull request, oldest first.

        Raises:
            ApiError: GitHub did not answer as expected.
        """
        yield from self._pages(f"/issues/{number}/comments", {}, _COMMENTS)

    def create(self, number: int, body: str) -> None:
        """Write a new comment on a pull request.

        Raises:
            ApiError: GitHub did not answer as expected.
        """
        self._ask("POST", f"/issues/{number}/comments", 201, json={"body": body})

    def update(self, comment: int, body: str) -> None:
        """Write a comment anew.

        Raises:
            ApiError: GitHub did not answer as expected.
        """
        self._ask("PATCH", f"/issues/comments/{comment}", 200, json={"body": body})

    def _pages(self, path: str, wanted: dict[str, str], form: TypeAdapter[list[T]]) -> Iterator[T]:
        page, more = 1, True
        while more:
            answer = self._ask(
                "GET", path, 200, params=wanted | {"per_page": "100", "page": str(page)}
            )
            try:
                yield from form.validate_json(answer.content)
            except ValidationError as error:
                raise ApiError(
                    f"GET {path}: expected a list of known form, found another"
                ) from error
            page, more = page + 1, "next" in answer.links

    def _ask(
        self, method: Literal["GET", "POST", "PATCH"], path: str, expected: int, **rest: Any
    ) -> requests.Response:
        try:
            answer = self._session.request(
                method, self._base + path, timeout=_SECONDS, allow_redirects=False, **rest
            )
        except requests.RequestException as error:
            raise ApiError(f"{method} {path}: no answer: {type(error).__name__}") from error
        if answer.status_code != expected:
            raise ApiError(
                f"{method} {path}: expected status {expected}, found {answer.status_code}"
            )
        return answer
