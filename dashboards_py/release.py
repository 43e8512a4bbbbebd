"""The Cilium releases that the boards support."""

import re
from typing import NamedTuple

from dashboards_py.errors import DashboardsError, Remedy
from dashboards_py.remedies import CHOOSE_CILIUM


class Release(NamedTuple):
    """A minor release of Cilium. It can be compared with tuples: `if cilium >= (1, 18)`."""

    major: int
    minor: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"

    @classmethod
    def parse(cls, text: str) -> "Release":
        """Parse `1.18`, `v1.18` or `1.18.12`; an unknown release raises DashboardsError."""
        match = re.fullmatch(r"v?([0-9]{1,4})\.([0-9]{1,4})(?:\.[0-9]+(?:[-+].*)?)?", text.strip())
        release = cls(int(match[1]), int(match[2])) if match else None
        if release not in RELEASES:
            known = ", ".join(map(str, RELEASES))
            raise DashboardsError(
                f"Cilium release {text!r}",
                cause=f"is not one of {known}",
                remedy=Remedy(CHOOSE_CILIUM, {"newest": str(NEWEST)}),
            )
        return release


RELEASES = tuple(Release(1, minor) for minor in range(16, 21))
NEWEST = RELEASES[-1]
