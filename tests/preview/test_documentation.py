"""docs/preview.md: pairs of pictures of a real Grafana and of preview."""

import re
from pathlib import Path

from PIL import Image

DOCS = Path(__file__).parents[2] / "docs"
PAIR = re.compile(r"!\[.+?\]\((grafana/.+?)\) \| !\[.+?\]\((preview/.+?)\)")


def test_each_picture_of_grafana_has_one_of_preview_beside_it() -> None:
    """Of the same board and size; all pictures of docs/ together are below 6 MB."""
    pairs = PAIR.findall((DOCS / "preview.md").read_text(encoding="utf-8"))
    names = {path.name for path in (DOCS / "grafana").iterdir()}
    assert names
    assert {Path(grafana).name for grafana, _ in pairs} == names == {path.name for path in (DOCS / "preview").iterdir()}
    for grafana, drawn in pairs:
        assert Path(grafana).name == Path(drawn).name
        with Image.open(DOCS / grafana) as left, Image.open(DOCS / drawn) as right:
            assert left.size == right.size
    assert sum(path.stat().st_size for path in DOCS.rglob("*.png")) < 6_000_000
