"""Validate names of boards, folders and variables, which become files, ConfigMaps and rows in Grafana's database."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

# Grafana accepts 40 characters of [a-zA-Z0-9_-] (pkg/util/shortid_generator.go). The uid is also part of a ConfigMap's
# name: lower case, with letters or digits at both ends (RFC 1123; "Object Names and IDs" in Kubernetes' documentation).
UID = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")
# The limit is 189 characters for a title in Grafana's database (sqlstore/migrations/dashboard_mig.go), and 255 bytes
# for the name of a directory in most file systems.
MAX_TITLE, MAX_FOLDER = 189, 255
# "/" and "\" separate directories, and "=" separates key and path in a kustomization (kubectl refuses a second one).
FORBIDDEN_IN_FOLDER = re.compile(r"[/\\=]")
# The name of the root folder, in any case (pkg/services/dashboards, RootFolderName).
ROOT_FOLDER = "general"
VARIABLE = re.compile(r"[A-Za-z0-9_]+")


def uid_faults(uid: str) -> Iterator[str]:
    """Reasons why a text cannot be the uid of a board."""
    if not UID.fullmatch(uid):
        yield "must be 1 to 40 lower-case letters, digits and hyphens, with a letter or digit at both ends"


def title_faults(title: str) -> Iterator[str]:
    """Reasons why a text cannot be the title of a board or folder."""
    if not title.strip():
        yield "is empty"
    if title != title.strip():
        yield "has leading or trailing spaces, which Grafana removes"
    if not all(character.isprintable() for character in title):
        yield "has non-printable characters"
    if len(title) > MAX_TITLE:
        yield f"is longer than {MAX_TITLE} characters"


def folder_faults(folder: str) -> Iterator[str]:
    """Reasons why a text cannot be a folder in Grafana and the name of a directory."""
    yield from title_faults(folder)
    if FORBIDDEN_IN_FOLDER.search(folder):
        yield "must be one folder: no / \\ or ="
    if folder.startswith("."):
        yield "begins with a dot, so that its directory would be hidden, or be a relative path"
    if folder.casefold() == ROOT_FOLDER:
        yield "is the name of Grafana's root folder"
    if len(folder.encode(errors="replace")) > MAX_FOLDER:
        yield f"is longer than {MAX_FOLDER} bytes"


def variable_faults(names: Sequence[str]) -> Iterator[str]:
    """Reasons why texts cannot be the names of a board's variables."""
    for name in names:
        if not VARIABLE.fullmatch(name):
            yield f"{name!r} must be letters, digits and underscores, as in $name"
    yield from (f"two variables have the name {name!r}" for name, count in Counter(names).items() if count > 1)
