"""What we write as YAML is what PyYAML writes, without anchors."""

from typing import Any

import pytest
import yaml

from dashboards_py.documents.write_yaml import write_yaml

TWICE = {"a": [1]}


class _WithoutAnchors(yaml.SafeDumper):
    def ignore_aliases(self, _: Any) -> bool:
        return True


@pytest.mark.parametrize(
    "value",
    [
        {"empty": [{}, [], "", None], "texts": ["true", "1", "a: b", "- c", "# d", " e", "é", "f\ng", "x" * 99]},
        {"numbers": [1, 2.5, True, 1e300], "nested": [[{"a": {"b": [[]]}}]]},
        {"twice": [TWICE, TWICE], "again": TWICE},
        ["list"],
    ],
)
def test_it_is_written_as_pyyaml_does(value: Any) -> None:
    """The same text; what occurs twice is written twice."""
    text = write_yaml(value, 80)
    assert text == yaml.dump(value, Dumper=_WithoutAnchors, sort_keys=False, allow_unicode=True, width=80)
    assert yaml.safe_load(text) == value
