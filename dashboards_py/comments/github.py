"""Pull requests of GitHub: comments of issues in its REST API, with the variables of a workflow.

https://docs.github.com/en/rest/issues/comments and .../actions/reference/workflows-and-actions/variables.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dashboards_py.comments import Comment
from dashboards_py.comments._api import Api
from dashboards_py.errors import DashboardsError

RIGHTS = "the workflow needs `permissions: pull-requests: write`; a run for a fork's pull request never has it"


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request; `path` is that of its comments in the API."""

    name: str
    run: str
    api: Api
    repository: str
    number: int

    def comments(self) -> Iterator[Comment]:
        """All comments, the oldest first."""
        for item in self.api.pages(f"/repos/{self.repository}/issues/{self.number}/comments"):
            yield Comment(int(item["id"]), str(item.get("body") or ""))

    def create(self, text: str) -> None:
        """Add a comment."""
        self.api.send("POST", f"/repos/{self.repository}/issues/{self.number}/comments", {"body": text})

    def update(self, comment: Comment, text: str) -> None:
        """Replace the text of a comment."""
        self.api.send("PATCH", f"/repos/{self.repository}/issues/comments/{comment.id}", {"body": text})


def request_of(environment: Mapping[str, str]) -> PullRequest | None:
    """The pull request that a workflow runs for."""
    if environment.get("GITHUB_ACTIONS") != "true":
        return None
    repository, token = environment.get("GITHUB_REPOSITORY", ""), environment.get("GITHUB_TOKEN", "")
    number = _number(environment.get("GITHUB_EVENT_PATH", ""))
    if number is None:
        cause = f"the workflow runs for {environment.get('GITHUB_EVENT_NAME') or 'no event'}, not for a pull request"
        raise DashboardsError("comment", cause=cause, fix="run this step if: github.event_name == 'pull_request'")
    if not token:
        fix = "set it in the step's env: GITHUB_TOKEN: ${{ github.token }}"
        raise DashboardsError("GITHUB_TOKEN", cause="is not set", fix=fix)
    address = environment.get("GITHUB_API_URL", "https://api.github.com")
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json"}
    server, run = environment.get("GITHUB_SERVER_URL", "https://github.com"), environment.get("GITHUB_RUN_ID", "")
    return PullRequest(
        f"pull request {number} of {repository}",
        f"{server}/{repository}/actions/runs/{run}",
        Api("GitHub", address, "GITHUB_API_URL", headers, RIGHTS),
        repository,
        number,
    )


def _number(path: str) -> int | None:
    """The number of the event's pull request."""
    try:
        event = json.loads(Path(path).read_bytes())
        return int(event["pull_request"]["number"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
