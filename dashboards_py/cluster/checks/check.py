"""A check of `verify`."""

from dataclasses import dataclass

from dashboards_py.errors import Fix, Remedy


@dataclass(frozen=True, slots=True)
class Check:
    """A result: `ok` (None: undetermined), what was observed, and how to fix it.

    `hint` is a command that says more about what was observed, whether it is ok or not. `cause` is the id of its page
    of `doctor`, if it is not ok; `subjects` are the components, or handlers of Hubble, whose metrics it concerns.
    """

    name: str
    ok: bool | None
    observed: str
    fix: Fix = ""
    hint: Remedy | None = None
    cause: str = ""
    subjects: frozenset[str] = frozenset()
