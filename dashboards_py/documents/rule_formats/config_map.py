"""ConfigMaps and Secrets with rule files in their keys, for a sidecar or mounted; other keys are skipped."""

from collections.abc import Iterator, Mapping
from typing import Any

from dashboards_py.documents.objects import qualified_name, stored_texts
from dashboards_py.documents.rule_formats._carrier import GroupSource, groups_in_text
from dashboards_py.documents.rule_formats._text import parsed


def groups(document: Mapping[str, Any]) -> Iterator[GroupSource]:
    """The groups in each text that is a rule file."""
    for field, key, content in stored_texts(document):
        name = f"{document['kind']} {qualified_name(document)}: {field}[{key}]"
        for value in parsed(content, name):
            yield from groups_in_text(value, (field, key), name)
