"""Load plug-ins: modules of a package that are commands, dashboards, rules or targets, with a Protocol for each kind.

A module whose name begins with `_` is a helper, not a plug-in. Names are listed without importing the modules. A
directory is listed once, and a plug-in is checked once: rules are loaded for each board of thousands.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from inspect import signature
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, Generic, Protocol, TypeVar, cast

from dashboards_py.errors import DashboardsError

P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Plugins(Generic[P]):
    """The plug-ins of a package; `paths` is its `__path__`.

    `interfaces` are Protocols: a plug-in must implement the first one whose names it has, or else the last. Names and
    the number of arguments are checked when a plug-in is loaded, and the error lists what is missing; mypy checks the
    types (tests/test_plugins.py).
    """

    package: str
    paths: Iterable[str]
    interfaces: tuple[Any, ...]
    loaded: dict[str, P] = field(default_factory=dict, init=False, repr=False, compare=False)

    def names(self) -> tuple[str, ...]:
        """The names of the plug-ins, sorted."""
        return _names(tuple(self.paths))

    def load(self, name: str) -> P:
        """Import a plug-in; raises DashboardsError if it is unknown or does not implement its Protocol."""
        if name in self.loaded:
            return self.loaded[name]
        if name not in self.names():
            cause, fix = "there is no plug-in of this name", f"known: {', '.join(self.names())}"
            raise DashboardsError(f"{self.package}.{name}", cause=cause, fix=fix)
        module = import_module(f"{self.package}.{name}")
        if faults := _faults(module, self.interface(module)):
            fix = "see CONTRIBUTING.md; begin the name of a helper module with _"
            raise DashboardsError(f"{self.package}.{name}", cause="; ".join(faults), fix=fix)
        return self.loaded.setdefault(name, cast(P, module))

    def load_all(self) -> dict[str, P]:
        """All plug-ins by name."""
        return {name: self.load(name) for name in self.names()}

    def interface(self, module: ModuleType) -> Any:
        """The Protocol that the module must implement."""
        fitting = (
            interface for interface in self.interfaces if all(hasattr(module, name) for name in _members(interface))
        )
        return next(fitting, self.interfaces[-1])


@cache
def _names(paths: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(module.name for module in iter_modules(paths) if not module.name.startswith("_")))


def _members(interface: Any) -> dict[str, Any]:
    """The members of a Protocol: functions, or None for a constant, which is declared as a property."""
    members: dict[str, Any] = {}
    for kind in interface.__mro__[::-1]:
        if getattr(kind, "_is_protocol", False) and kind is not Protocol:
            members |= {name: value for name, value in vars(kind).items() if not name.startswith("_")}
    return {name: None if isinstance(value, property) else value for name, value in members.items()}


def _faults(module: ModuleType, interface: Any) -> list[str]:
    faults = []
    for name, expected in _members(interface).items():
        if not hasattr(module, name):
            faults.append(f"has no {_signature_text(name, expected)}")
        elif expected is not None and not _fits(getattr(module, name), expected):
            faults.append(f"{name} is not {_signature_text(name, expected)}")
    return faults


def _signature_text(name: str, expected: Any) -> str:
    return f"{name}({', '.join(_arguments(expected))})" if expected else name


def _arguments(expected: Any) -> list[str]:
    return list(signature(expected).parameters)[1:]  # without self


def _fits(function: Any, expected: Any) -> bool:
    """True if the function can be called with as many arguments as the Protocol's."""
    try:
        signature(function).bind(*_arguments(expected))
    except (TypeError, ValueError):
        return False
    return True
