"""Grafana's folders: identified by uid, because two may have the same title."""

from collections.abc import Sequence
from contextlib import suppress

from dashboards_py.errors import DashboardsError, ProblemsFound
from dashboards_py.targets._api import Api, Forbidden, NotFound, OutOfDate


def folder_uid(title: str) -> str:
    """The uid of a folder of ours that nobody chose."""
    return title.lower().replace(" ", "-")


def find_folders(api: Api, titles: set[str], new: set[str], chosen: Sequence[str]) -> dict[str, tuple[str, bool]]:
    """The uid of each folder for new boards, and whether it exists.

    `titles` are our folders, `new` those that get new boards; `chosen` are TITLE=UID, to use an existing folder.
    """
    chosen_uids = chosen_folders(chosen, titles)
    folders = {}
    for title in sorted(new | set(chosen_uids)):
        uid = chosen_uids.get(title, folder_uid(title))
        exists = folder_exists(api, uid)
        other = None if exists else _same_title(api, title)
        exists = exists or other == uid  # another deploy created it between the two requests
        if title in chosen_uids and not exists:
            fix = "its uid is the part after /f/ in the folder's address"
            raise DashboardsError(f"--folder {title}={uid}", cause="Grafana has no folder with this uid", fix=fix)
        if not exists and other:
            raise ProblemsFound(
                f"folder {title!r}",
                cause=f"Grafana has a folder with this title that is not ours (uid {other})",
                fix=f"use it with --folder {title}={other}, or rename it",
            )
        folders[title] = (uid, exists)
    return folders


def chosen_folders(chosen: Sequence[str], titles: set[str]) -> dict[str, str]:
    """The uids of TITLE=UID, by title; what is not of our folders raises DashboardsError."""
    return dict(_chosen(text, titles) for text in chosen)


def _chosen(text: str, titles: set[str]) -> tuple[str, str]:
    title, _, uid = text.partition("=")
    if title not in titles or not uid.replace("-", "").replace("_", "").isalnum():
        fix = f"our folders: {', '.join(sorted(titles))}"
        raise DashboardsError(f"--folder {text}", cause="is not TITLE=UID with a folder of ours", fix=fix)
    return title, uid


def folder_exists(api: Api, uid: str) -> bool:
    """Whether the folder exists and we may see it: if not, Grafana answers 404 to admins and 403 to editors."""
    try:
        api.get(f"/folders/{uid}", want=dict)
    except (NotFound, Forbidden):
        return False
    return True


def _same_title(api: Api, title: str) -> str | None:
    """The uid of a top-level folder with the same title, ignoring case."""
    top = api.get("/folders?limit=1000", want=list)
    return next((str(folder.get("uid")) for folder in top if str(folder.get("title")).lower() == title.lower()), None)


def create_folder(api: Api, folders: dict[str, tuple[str, bool]], title: str) -> None:
    """Create the folder if it does not exist; another deploy may do so at the same moment."""
    uid, exists = folders[title]
    if not exists:
        with suppress(OutOfDate):
            api.post("/folders", {"uid": uid, "title": title})
        folders[title] = (uid, True)
