"""Accounts and their permissions."""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass

TOKENS = {"editor-token": "editor", "viewer-token": "viewer", "reader-token": "reader"}
# The actions of a role that `deploy` looks up. `reader` is not one of Grafana's roles: it may read everything, and
# nothing else.
ACTIONS: Mapping[str, tuple[str, ...]] = {
    "admin": ("dashboards:create", "dashboards:write", "folders:create", "folders:read"),
    "editor": ("dashboards:create", "folders:create", "folders:read"),
    "viewer": ("folders:read",),
    "reader": ("folders:read",),
}
SEES_ALL = ("admin", "reader")


@dataclass(frozen=True, slots=True)
class Account:
    """A login with its role: admin, editor, viewer or reader. A service account belongs to one organization."""

    login: str
    role: str
    organization: int | None = None

    @property
    def may_write(self) -> bool:
        """Whether the role may save boards at all."""
        return self.role in ("admin", "editor")

    @property
    def gets_not_found(self) -> bool:
        """Whether Grafana answers 404 for what does not exist, and not 403 as for roles that may not see everything."""
        return self.role in SEES_ALL


VISITOR = Account("", "viewer")  # anonymous access


def account_of(header: str, tokens: Mapping[str, Account], passwords: Mapping[str, str]) -> Account | None:
    """The account of an Authorization header, or None: users with a password are administrators."""
    scheme, _, credentials = header.partition(" ")
    if scheme == "Bearer":
        return tokens.get(credentials)
    if scheme != "Basic":
        return None
    user, _, password = b64decode(credentials).decode().partition(":")
    return Account(user, "admin") if user and passwords.get(user) == password else None
