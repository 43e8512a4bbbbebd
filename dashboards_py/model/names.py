"""What the names of a board may be: they become files, folders, ConfigMaps, and rows of Grafana's database."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

# Grafana takes 40 characters of [a-zA-Z0-9_-] (pkg/util/shortid_generator.go). A ConfigMap is named by the uid, too:
# lower case, with letters or digits at both ends (RFC 1123, as Kubernetes' documentation of object names says).
UID = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")
# A title is a column of 189 characters in Grafana's database (sqlstore/migrations/dashboard_mig.go), a directory's name
# 255 bytes in most file systems.
MAX_TITLE, MAX_FOLDER = 189, 255
# "/" and "\" end a directory's name, "=" one in a kustomization ("key=path"; kubectl refuses a second one).
FORBIDDEN_IN_FOLDER = re.compile(r"[/\\=]")
# The root is called so: pkg/services/dashboards, RootFolderName, whatever the case.
ROOT_FOLDER = "general"
VARIABLE = re.compile(r"[A-Za-z0-9_]+")


def uid_faults(uid: str) -> Iterator[str]:
    """What keeps a text from being the uid of a board."""
    if not UID.fullmatch(uid):
        yield "must be 1 to 40 lower-case letters, digits and hyphens, with a letter or digit at both ends"


def title_faults(title: str) -> Iterator[str]:
    """What keeps a text from being the title of a board or folder."""
    if not title.strip():
        yield "is empty"
    if title != title.strip():
        yield "has spaces around it, which Grafana takes away"
    if not all(character.isprintable() for character in title):
        yield "has characters that cannot be printed"
    if len(title) > MAX_TITLE:
        yield f"is longer than {MAX_TITLE} characters"


def folder_faults(folder: str) -> Iterator[str]:
    """What keeps a text from being a folder of Grafana, and a directory of that name."""
    yield from title_faults(folder)
    if FORBIDDEN_IN_FOLDER.search(folder):
        yield "must be one folder: no / \\ or ="
    if folder.startswith("."):
        yield "begins with a dot, so that its directory would be hidden, or another one"
    if folder.casefold() == ROOT_FOLDER:
        yield "is what Grafana calls the place for boards without folder"
    if len(folder.encode(errors="replace")) > MAX_FOLDER:
        yield f"is longer than {MAX_FOLDER} bytes"


def variable_faults(names: Sequence[str]) -> Iterator[str]:
    """What keeps texts from being the names of a board's variables."""
    for name in names:
        if not VARIABLE.fullmatch(name):
            yield f"{name!r} must be letters, digits and underscores, as in $name"
    yield from (f"two have the name {name!r}" for name, count in Counter(names).items() if count > 1)
