"""The boards, one file each. A file with a function `board(cilium)` is a board: nothing else has to be told."""

from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import iter_modules

from dashboards_py.catalog.release import Release
from dashboards_py.style import Board

Source = Callable[[Release], Board]


def sources() -> Iterator[tuple[str, Source]]:
    """Each board's module name and its function, in the order of names."""
    for module in sorted(iter_modules(__path__), key=lambda found: found.name):
        yield module.name, import_module(f"{__name__}.{module.name}").board
