"""Manifests as Helm prints them: YAML as Go reads it, which differs from what PyYAML takes for YAML 1.1."""

import re
from functools import cache
from typing import Any

NUMBERS = {  # without 1:30, which is ninety to YAML 1.1 and a text to Go
    "tag:yaml.org,2002:int": re.compile(r"[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0o?[0-7_]+|0|[1-9][0-9_]*)$"),
    "tag:yaml.org,2002:float": re.compile(
        r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9_]+)(?:[eE][-+]?[0-9]+)?$|[-+]?\.(?:inf|Inf|INF)$|\.(?:nan|NaN|NAN)$"
    ),
}
# Dates, and `=`, which prometheus-operator's CRDs have in an enum, are texts to Go.
TEXTS = frozenset({"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:value"})


def objects_of(text: str) -> list[dict[str, Any]]:
    """The objects of a manifest: empty documents are none, and a List counts as what it holds."""
    import yaml

    documents = [document for document in yaml.load_all(text, _loader()) if document]
    return [
        body for document in documents for body in (document["items"] if document.get("kind") == "List" else [document])
    ]


@cache
def _loader() -> Any:
    import yaml

    base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    resolvers = {
        first: [(tag, NUMBERS.get(tag, pattern)) for tag, pattern in rules if tag not in TEXTS]
        for first, rules in base.yaml_implicit_resolvers.items()
    }
    return type("GoLoader", (base,), {"yaml_implicit_resolvers": resolvers})
