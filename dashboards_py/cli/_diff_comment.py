"""`diff --comment`: the review as a comment on the pull or merge request of a CI job."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboards_py.errors import DashboardsError

if TYPE_CHECKING:
    from dashboards_py.review import Section

NOTHING = "No dashboard, alert or value differs any more."


def write_comment(sections: "tuple[Section, ...]", pictures: Path | None) -> None:
    """Show the review as our comment; raises DashboardsError outside of a job for a request."""
    from dashboards_py.comments import SIZE_OF_MARK, put, request_of
    from dashboards_py.review import markdown
    from dashboards_py.review.markdown import LIMIT

    request = request_of(os.environ)
    if request is None:
        fix = "run it in a job of GitHub Actions or GitLab CI; --format markdown prints what it would write"
        raise DashboardsError("--comment", cause="this is no CI job of a pull or merge request", fix=fix)
    below = f"\n\nPictures of the changed panels are [artifacts of this run]({request.run})." if pictures else ""
    text = markdown(sections, LIMIT - SIZE_OF_MARK - len(below)).rstrip() + below if sections else NOTHING
    result = put(request, text, is_news=bool(sections))
    words = "nothing differs, so that none is written" if result == "none" else result
    click.echo(f"comment on {request.name}: {words}", err=True)
