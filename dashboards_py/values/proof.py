"""Check values before they are printed: on top of a user's values they must not add anything that Cilium refuses."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py.catalog import Release
from dashboards_py.catalog.helm_key import helm_keys
from dashboards_py.values.handler_problems import HandlerProblem, handler_problems
from dashboards_py.values.handlers import ProblemKind
from dashboards_py.values.keys import Values, merge_values
from dashboards_py.values.unknown_keys import unknown_keys

TYPES = {
    bool: "boolean",
    dict: "object",
    float: "number",
    int: "integer",
    list: "array",
    str: "string",
    type(None): "null",
}


def refusals(printed: Values, user_values: Values, release: Release) -> tuple[str, ...]:
    """Problems of printed values on top of a user's that the user's alone do not have.

    Handlers are parsed as Cilium parses them, static or dynamic; keys and types are those of the release's chart.
    """
    kinds = {problem.kind for problem in _serious(user_values, release)}
    merged = merge_values(user_values, printed)
    handlers = [problem.text for problem in _serious(merged, release) if problem.kind not in kinds]
    own = set(unknown_keys(user_values))
    keys = [text for text in unknown_keys(printed) if text not in own]
    return (*handlers, *keys, *_wrong_on(printed, release))


def _serious(values: Values, release: Release) -> list[HandlerProblem]:
    """Errors of handlers; names that the release does not have are warnings, which no printed value may cause."""
    problems = handler_problems(values, release)
    return [problem for problem in problems if problem.error or problem.kind == ProblemKind.UNKNOWN]


def _wrong_on(printed: Values, release: Release) -> Iterator[str]:
    """Keys that the release's chart does not have, or has with another type."""
    for key, value in _values(printed):
        known = helm_keys().get(key)
        if known and not known.exists_on(release):
            yield f"{key} is not a key of the chart of Cilium {release}"
        elif known and known.types and (types := known.types.on(release)) and not _types(value) & {*types}:
            yield f"{key}: {json.dumps(value, default=str)} is not of type {' or '.join(types)}"


def _types(value: Any) -> set[str]:
    """The names that JSON Schema has for the type of a value."""
    name = TYPES.get(type(value), "")
    return {name, "number"} if name == "integer" else {name}


def _values(tree: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Each value in a tree by its dotted key."""
    for name, value in tree.items():
        key = f"{path}.{name}" if path else str(name)
        yield key, value
        if isinstance(value, Mapping):
            yield from _values(value, key)
