"""Banned words are reported where they are names, banned phrases everywhere, and legitimate uses are not."""

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests import words as checker
from tests.words import Entry, Misuse, checked_files, load, main, misuses

WORDS = load()
NAMES = [(name, entry) for name, entries in WORDS.names.items() for entry in entries]
# Ways to define a name in Python; the name is on line 2.
DEFINITIONS = {
    "variable": "\n{name} = 1\n",
    "annotated": "\n{name}: int = 1\n",
    "private": "\n_{name} = 1\n",
    "loop": "\nfor {name} in (): pass\n",
    "comprehension": "\nx = [{name} for {name} in ()]\n",
    "walrus": "\nif ({name} := 1): pass\n",
    "parameter": "\ndef f({name}): pass\n",
    "keyword-only": "\ndef f(*, {name}=1): pass\n",
    "lambda": "\nf = lambda {name}: 1\n",
    "function": "\ndef {name}(): pass\n",
    "field": "class C:\n    {name}: int\n",
    "attribute": "\nx.{name} = 1\n",
    "import": "\nimport json as {name}\n",
    "error": "try: pass\nexcept OSError as {name}: pass\n",
    "pattern": "match 1:\n    case int() as {name}: pass\n",
}


def test_the_project_is_checked() -> None:
    """`make check` does it, which every change has to pass; it takes too long to be done twice."""
    recipe = subprocess.run(
        ["make", "--dry-run", "check"], cwd=checker.ROOT, capture_output=True, text=True, check=True
    )
    assert "python -m tests.words" in recipe.stdout


@pytest.mark.parametrize("code", DEFINITIONS.values(), ids=DEFINITIONS)
def test_a_banned_name_is_found(code: str) -> None:
    """However it is defined, with its line and what to say instead."""
    for name, entry in NAMES:
        path = f"{entry.within[0]}module.py"
        reported = [
            replace(misuse, word=misuse.word.strip("_")) for misuse in misuses(path, code.format(name=name), WORDS)
        ]
        assert Misuse(path, 2, name, entry.say) in reported


def test_modules_and_classes_are_names() -> None:
    """The name of a file counts, with its leading underscore or without; case does not matter."""
    for name, entry in NAMES:
        assert [misuse.word for misuse in misuses(f"{entry.within[0]}_{name}.py", "", WORDS)] == [f"_{name}"]
        assert [misuse.word for misuse in misuses(f"{entry.within[0]}x.py", f"class {name.title()}: pass", WORDS)]


@pytest.mark.parametrize("entry", WORDS.phrases, ids=[entry.example for entry in WORDS.phrases])
@pytest.mark.parametrize(
    ("path", "template", "line"),
    [
        ("x.md", "# Title\n\nText, {text}, text.\n", 3),
        ("x.json", '[\n{{"note": "{text}"}}\n]', 2),
        ("x.sh", "#!/bin/sh\necho '{text}'\n", 2),
        ("Makefile", "\n\nx: ## {text}\n", 3),
        ("x.py", '"""A module.\n\nHere: {text}.\n"""\n', 3),
        ("x.py", "x = 1\n# {text}\n", 2),
        ("x.py", 'x = 1\nprint("Error: {text}")\n', 2),
        ("x.py", 'x = 1\nprint(f"{{x}}: {text}")\n', 2),
    ],
    ids=["Markdown", "JSON", "shell", "Makefile", "docstring", "comment", "string", "f-string"],
)
def test_a_banned_phrase_is_found(entry: Entry, path: str, template: str, line: int) -> None:
    """In every kind of file, with its line and what to say instead."""
    found_lines = [
        misuse.line
        for misuse in misuses(entry.within[0] + path, template.format(text=entry.example), WORDS)
        if misuse.say == entry.say
    ]
    assert line in found_lines


@pytest.mark.parametrize("separator", ["\n", "\n    ", "\n# "], ids=["docstring", "indented", "comment"])
def test_a_phrase_may_be_broken_over_lines(separator: str) -> None:
    """A line break, an indentation or a comment's sign between its words hides none of those with several words."""
    for entry in WORDS.phrases:
        text = entry.example.replace(" ", separator)
        assert entry.match.search(text) or " " not in entry.match.search(entry.example)[0], entry.example  # type: ignore[index]


@pytest.mark.parametrize("entry", WORDS.docstrings, ids=[entry.example for entry in WORDS.docstrings])
@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ('"""{text}"""\n', [1]),
        ('class C:\n    """{text}"""\n\n    def f(self):\n        """{text}"""\n', [2, 5]),
        ('async def f():\n    """{text}\n\n    More.\n    """\n', [2]),
        ('"""It is. {text}"""\n', []),
        ('def f():\n    return row("{text}")\n\n\n# {text}\nx = "{text}"\n', []),
    ],
    ids=["module", "class and method", "several lines", "second sentence", "strings and comments"],
)
def test_the_beginning_of_a_docstring(entry: Entry, code: str, lines: list[int]) -> None:
    """It is reported in docstrings only, in the packages that the entry is for."""
    text = code.format(text=entry.example)
    for path in entry.within:
        path = path if path.endswith(".py") else f"{path}x.py"
        reported = (misuse.line for misuse in misuses(path, text, WORDS) if misuse.say == entry.say)
        assert sorted(reported) == lines
    assert list(misuses("dashboards_py/x.py", text, WORDS)) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("x.py", '"""The file was not found; here and there a value is given for each of its places."""\n'),
        ("x.py", "# not found: each value is given here\nx = 'found 3 of each'\n"),
        ("x.py", "found_rows = each_name = not_found = 1\n"),
        ("x.py", "import there\nprint(there.found, here)\n"),
        ("x.md", "Each file that is found here is given as it is.\n"),
        ("x.json", '{"found": 1, "here": "given"}'),
    ],
    ids=["docstring", "comment", "part of a name", "names of others", "Markdown", "JSON"],
)
def test_right_uses_are_left_alone(path: str, text: str) -> None:
    """Words of prose, parts of longer names, and names that other packages define."""
    assert list(misuses(path, text, WORDS)) == []


def test_the_command_prints_and_fails(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """One line for each misuse: file, line, word, what to say; exit code 1, and 0 where there is none."""
    monkeypatch.setattr(checker, "checked_files", lambda: ["x.py"])
    monkeypatch.setattr(Path, "read_text", lambda _, **__: "\nfound = 1\n")
    monkeypatch.setattr(checker, "load", lambda: WORDS)
    assert main() == 1
    assert re.fullmatch(r"x\.py:2: 'found': say .*\n", capsys.readouterr().out)
    monkeypatch.setattr(Path, "read_text", lambda _, **__: "\nrows = 1\n")
    assert (main(), capsys.readouterr().out) == (0, "")


def test_nothing_of_the_project_is_forgotten() -> None:
    """Python, documents, the catalogue, compiled boards, shell scripts and the Makefile are checked."""
    paths = set(checked_files())
    assert {"Makefile", "README.md", "cluster-setup/setup.sh", "dashboards_py/catalog/features.json"} <= paths
    assert "provisioning/dashboards/Hubble/hubble-dns.json" in paths
    assert {"dashboards_py/style/panels.py", "tests/words.py", "dashboards_py/cluster/versions.env"} <= paths
