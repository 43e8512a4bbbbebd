"""What changed between two versions of a board, panel by panel."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dashboards_py.board import Board, Panel

POSITION = "gridPos"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A panel before and after (None: there was none, or is none any more), and what changed, a sentence each."""

    before: Panel | None
    after: Panel | None
    sentences: tuple[str, ...]

    @property
    def title(self) -> str:
        """The panel's title, the newer one if it changed."""
        panel = self.after or self.before
        return panel.title if panel else ""


def changes(before: Board, after: Board) -> list[Change]:
    """The panels that differ, in the order of the newer board, then those that were removed.

    Panels are matched by id, else by title, else by their queries: our ids follow from titles, so that a new title is
    a new id. One that only moved is not among them.
    """
    old = {_key(panel): panel for panel in before.panels}
    result = []
    for panel in after.panels:
        previous = old.pop(_key(panel), None) or _same_title(panel, after, old) or _same_queries(panel, after, old)
        if previous is None:
            result.append(Change(before=None, after=panel, sentences=("new panel",)))
        elif sentences := tuple(_differences(previous.raw, panel.raw)):
            result.append(Change(before=previous, after=panel, sentences=sentences))
    return result + [Change(before=panel, after=None, sentences=("removed",)) for panel in old.values()]


def _key(panel: Panel) -> object:
    return panel.id if panel.id is not None else panel.title


def _same_title(panel: Panel, after: Board, old: dict[object, Panel]) -> Panel | None:
    """The one panel of this title that has no panel of its own id in the newer board."""
    ids = {_key(other) for other in after.panels}
    candidates = [key for key, other in old.items() if other.title == panel.title and key not in ids]
    return old.pop(candidates[0]) if len(candidates) == 1 and panel.title else None


def _same_queries(panel: Panel, after: Board, old: dict[object, Panel]) -> Panel | None:
    """The one panel that asks the same and of which neither the id nor the title is in the newer board."""
    ids, titles = {_key(other) for other in after.panels}, {other.title for other in after.panels}
    targets = panel.raw.get("targets")
    candidates = [
        key
        for key, other in old.items()
        if key not in ids and other.title not in titles and other.raw.get("targets") == targets
    ]
    return old.pop(candidates[0]) if len(candidates) == 1 and targets else None


def _differences(before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[str]:
    """A sentence for each value that differs; queries are called by their letter."""
    old, new = dict(_flat(before, "")), dict(_flat(after, ""))
    for path in [*new, *(path for path in old if path not in new)]:
        if old.get(path) != new.get(path) and path != "id" and not path.startswith(POSITION):
            if path not in old:
                yield f"{path}: {new[path]} (new)"
            elif path not in new:
                yield f"{path}: {old[path]} (removed)"
            else:
                yield f"{path}: {old[path]} -> {new[path]}"


def _flat(value: object, path: str) -> Iterator[tuple[str, object]]:
    """Each scalar of a JSON value by its path."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            name = inner.get("refId", number) if isinstance(inner, Mapping) else number
            yield from _flat(inner, f"{path}[{name}]")
    else:
        yield path, value
