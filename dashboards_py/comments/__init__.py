"""A comment on the pull or merge request of a CI job, which each run updates and none repeats.

One file here for each service that has such requests. A comment of ours begins with a hidden line that holds the hash
of the rest: one that somebody edited is not ours any more, and is left as it is.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Protocol

from dashboards_py.plugins import Plugins

MARK: Final = re.compile(r"<!-- cilium-dashboards review ([0-9a-f]{16}) -->\n")
SIZE_OF_MARK: Final = 64  # characters, at most


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment: its id, and its text as Markdown."""

    id: int
    text: str


class Request(Protocol):
    """A pull or merge request: its comments."""

    name: str  # for messages
    run: str  # the address of the job's page, where its artifacts are

    def comments(self) -> Iterable[Comment]:
        """All comments, the oldest first."""

    def create(self, text: str) -> None:
        """Add a comment."""

    def update(self, comment: Comment, text: str) -> None:
        """Replace the text of a comment."""


class Service(Protocol):
    """A file of this package."""

    def request_of(self, environment: Mapping[str, str], /) -> Request | None:
        """The request that the job of this environment is for; None in an environment of something else.

        Raises DashboardsError for a job that is for no request, or that has no token.
        """


SERVICES: Plugins[Service] = Plugins(__name__, __path__, (Service,))


def request_of(environment: Mapping[str, str]) -> Request | None:
    """The request that the CI job of this environment is for; None outside of CI."""
    services = (SERVICES.load(name) for name in SERVICES.names())
    return next((request for service in services if (request := service.request_of(environment))), None)


def put(request: Request, text: str, *, is_news: bool) -> str:
    """Make the request show the text as our comment; what happened, as a word: created, updated, unchanged or none.

    Without news no comment is created; one of an earlier run is updated.
    """
    previous = [comment for comment in request.comments() if _is_ours(comment.text)]
    marked = _marked(text)
    if not previous:
        if is_news:
            request.create(marked)
        return "created" if is_news else "none"
    if _lines(previous[-1].text) == _lines(marked):
        return "unchanged"
    request.update(previous[-1], marked)
    return "updated"


def _marked(text: str) -> str:
    return f"<!-- cilium-dashboards review {_hash(text)} -->\n{text}"


def _is_ours(text: str) -> bool:
    """True for a text that we wrote and nobody edited; services may change the ends of lines."""
    lines = _lines(text)
    match = MARK.match(lines)
    return match is not None and match[1] == _hash(lines[match.end() :])


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _hash(text: str) -> str:
    return sha256(_lines(text).encode()).hexdigest()[:16]
