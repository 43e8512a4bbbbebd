"""Where boards can be deployed to, one file a place.

A target is a module with SUMMARY, OPTIONS (declared as data: the CLI makes flags of them) and
`prepare(payload, options) -> Deployment`, which reads the real state and says what would change; nothing is written
until the deployment is applied. It may have `warnings(options)`: what the user should know before anything is sent. A
new file here is a new target; it imports what takes long inside its functions.
"""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from dashboards_py.targets import plan


def names() -> tuple[str, ...]:
    """The targets' names, sorted: every module here that can prepare a deployment."""
    return tuple(sorted(each.name for each in iter_modules(__path__) if hasattr(load(each.name), "prepare")))


def load(name: str) -> ModuleType:
    """The target's module."""
    return import_module(f"{__name__}.{name}")


__all__ = ["load", "names", "plan"]
