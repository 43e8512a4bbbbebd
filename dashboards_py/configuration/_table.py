"""Tables of TOML, read key by key: a key or value that nobody reads is an error with the nearest right name."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dashboards_py.errors import DashboardsError

Faults = Callable[[str], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the file `file`; `path` is its name there, "" for the whole document."""

    file: str
    path: str
    values: Mapping[str, Any]

    def refuse_unknown(self, known: Iterable[str], kind: str = "setting") -> None:
        """Raise DashboardsError for a key that is not known."""
        for key in self.values:
            if key not in (names := sorted(known)):
                raise DashboardsError(self.name(key), cause=f"is not a {kind}", fix=nearest(key, names))

    def name(self, key: str) -> str:
        """A setting's name in errors."""
        return f"{self.file}: {f'{self.path}.{key}' if self.path else key}"

    def table(self, key: str) -> "Table":
        """The table of a key; empty if the file has none."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            raise DashboardsError(self.name(key), cause=f"must be a table, not {kind_of(value)}", fix=f"write [{key}]")
        return Table(self.file, f"{self.path}.{key}" if self.path else key, value)

    def text(self, key: str, default: str, faults: Faults, *, secret: bool = False) -> str:
        """The text of a key, or the default; `faults` are reasons why a text cannot be used.

        Errors do not show a text that may hold a secret.
        """
        if key not in self.values:
            return default
        return self._checked(key, self.values[key], faults, secret)

    def texts(self, key: str, faults: Faults) -> tuple[str, ...]:
        """The texts of an array; () if the file has none. A text twice is an error."""
        value = self.values.get(key, [])
        if not isinstance(value, list):
            raise DashboardsError(self.name(key), cause=f"must be an array of texts, not {kind_of(value)}")
        texts = tuple(self._checked(key, item, faults) for item in value)
        for text in texts:
            if texts.count(text) > 1:
                raise DashboardsError(self.name(key), cause=f"has {text!r} twice")
        return texts

    def number(self, key: str) -> float | None:
        """The finite number of a key; None if the file has none."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < float("inf"):
            raise DashboardsError(self.name(key), cause=f"must be a number, not {kind_of(value)}")
        return value

    def flag(self, key: str) -> bool:
        """The truth value of a key; false if the file has none."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise DashboardsError(self.name(key), cause=f"must be true or false, not {kind_of(value)}")
        return value

    def _checked(self, key: str, value: Any, faults: Faults, secret: bool = False) -> str:
        if not isinstance(value, str):
            raise DashboardsError(
                self.name(key), cause=f"must be a text, not {kind_of(value)}", fix='write it in "..."'
            )
        if cause := "; ".join(faults(value)):
            raise DashboardsError(self.name(key) if secret else f"{self.name(key)}: {value!r}", cause=cause)
        return value


def kind_of(value: Any) -> str:
    """What a value of TOML is, in words."""
    kinds = {
        bool: "true or false",
        int: "a number",
        float: "a number",
        str: "a text",
        list: "an array",
        dict: "a table",
    }
    if isinstance(value, float) and not abs(value) < float("inf"):
        return str(value)
    return kinds.get(type(value), "a time")


def nearest(name: str, known: Iterable[str]) -> str:
    """A sentence with the nearest right name, or with all of them."""
    from difflib import get_close_matches

    names = sorted(known)
    close = get_close_matches(name, names, n=1, cutoff=0.6)
    return f"did you mean {close[0]}?" if close else f"known: {', '.join(names)}"
