"""Merge requests of GitLab: notes in its REST API, with the variables of a job.

https://docs.gitlab.com/api/notes and https://docs.gitlab.com/ci/variables/predefined_variables. CI_JOB_TOKEN may not
write notes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dashboards_py.comments import Comment
from dashboards_py.comments._api import Api
from dashboards_py.errors import DashboardsError

RIGHTS = "GITLAB_TOKEN must be a project access token with the scope api and the role Reporter, or more"


@dataclass(frozen=True, slots=True)
class MergeRequest:
    """A merge request; `path` is that of its notes in the API."""

    name: str
    run: str
    api: Api
    path: str

    def comments(self) -> Iterator[Comment]:
        """All notes, the oldest first."""
        for item in self.api.pages(f"{self.path}?sort=asc&order_by=created_at"):
            yield Comment(int(item["id"]), str(item.get("body") or ""))

    def create(self, text: str) -> None:
        """Add a note."""
        self.api.send("POST", self.path, {"body": text})

    def update(self, comment: Comment, text: str) -> None:
        """Replace the text of a note."""
        self.api.send("PUT", f"{self.path}/{comment.id}", {"body": text})


def request_of(environment: Mapping[str, str]) -> MergeRequest | None:
    """The merge request that a job runs for."""
    if environment.get("GITLAB_CI") != "true":
        return None
    # A job of a fork runs in the fork; the merge request is in the project that it is to be merged into.
    project, number = environment.get("CI_MERGE_REQUEST_PROJECT_ID", ""), environment.get("CI_MERGE_REQUEST_IID", "")
    if not number:
        cause = f"the job runs for {environment.get('CI_PIPELINE_SOURCE') or 'no event'}, not for a merge request"
        fix = 'give the job a rule: if: $CI_PIPELINE_SOURCE == "merge_request_event"'
        raise DashboardsError("comment", cause=cause, fix=fix)
    token = environment.get("GITLAB_TOKEN", "")
    if not token:
        raise DashboardsError("GITLAB_TOKEN", cause="is not set", fix=f"add it to the project's CI variables: {RIGHTS}")
    address = environment.get("CI_API_V4_URL", "https://gitlab.com/api/v4")
    return MergeRequest(
        f"merge request {number} of {environment.get('CI_MERGE_REQUEST_PROJECT_PATH', project)}",
        f"{environment.get('CI_JOB_URL', '')}/artifacts/browse",
        Api("GitLab", address, "CI_API_V4_URL", {"PRIVATE-TOKEN": token}, RIGHTS),
        f"/projects/{project}/merge_requests/{number}/notes",
    )
