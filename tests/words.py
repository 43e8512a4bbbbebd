"""A check of words: `python -m tests.words` finds names and phrases of words.toml and says what to write instead.

Spelling checkers such as codespell and vale look at words in text; they do not know which of them are names that Python
code defines, where `found` is banned, and which are prose, where "not found" is right.
"""

import ast
import io
import re
import subprocess
import sys
import tokenize
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
DATA = Path(__file__).with_name("words.toml")
PROSE = {".md", ".json", ".jsonl", ".sh", ".yaml", ".env"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A banned name (in lower case, without leading underscores) or phrase, and what to say instead."""

    match: re.Pattern[str]
    say: str
    within: tuple[str, ...] = ("",)
    example: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """The contents of words.toml."""

    names: Mapping[str, tuple[Entry, ...]]
    phrases: tuple[Entry, ...]
    docstrings: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Misuse:
    """A banned word at a line of a file."""

    path: str
    line: int
    word: str
    say: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.word!r}: say {self.say}"


@cache
def load(path: Path = DATA) -> Words:
    """The words that are banned."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    names: dict[str, tuple[Entry, ...]] = {}
    for row in data["name"]:
        for word in row["words"]:
            entry = Entry(re.compile(re.escape(word)), row["say"], _paths(row, data["strict"]))
            names[word] = (*names.get(word, ()), entry)
    phrases, docstrings = (
        tuple(_phrase(row, data["strict"]) for row in data[kind]) for kind in ("phrase", "docstring")
    )
    return Words(names, phrases, docstrings)


def _phrase(row: Mapping[str, Any], strict: list[str]) -> Entry:
    pattern = re.compile(row["match"].replace(" ", r"(?:\s|#)+"), re.IGNORECASE)
    return Entry(pattern, row["say"], _paths(row, strict), row["example"])


def _paths(row: Mapping[str, Any], strict: list[str]) -> tuple[str, ...]:
    """The beginnings of the paths of the files that an entry is for."""
    return tuple(strict) if row.get("strict") else (row.get("within", ""),)


def misuses(path: str, text: str, words: Words) -> Iterator[Misuse]:
    """The banned names and phrases in a file of the project; `path` is relative to its root."""
    names, texts = ((), ((1, text),)) if not path.endswith(".py") else (_names(path, text), _texts(text))
    for line, name in names:
        for entry in words.names.get(name.strip("_").lower(), ()):
            if path.startswith(entry.within):
                yield Misuse(path, line, name, entry.say)
    for line, prose in texts:
        for entry in words.phrases:
            for match in entry.match.finditer(prose) if path.startswith(entry.within) else ():
                yield Misuse(path, line + prose.count("\n", 0, match.start()), match[0], entry.say)
    for line, docstring in _docstrings(text) if path.endswith(".py") else ():
        for entry in words.docstrings:
            if path.startswith(entry.within) and (first := entry.match.match(docstring)):
                yield Misuse(path, line, first[0], entry.say)


def _docstrings(text: str) -> Iterator[tuple[int, str]]:
    """The docstrings of a Python module, with their first lines."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = ast.get_docstring(node)
            if docstring is not None:
                yield node.body[0].lineno, docstring


def _names(path: str, text: str) -> Iterator[tuple[int, str]]:
    """The names that a Python module defines, and the module's own name, with their lines."""
    yield 1, Path(path).stem
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id if isinstance(node, ast.Name) else node.attr
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
            yield node.lineno, node.name or ""
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((node.lineno, alias.asname) for alias in node.names if alias.asname)


def _texts(text: str) -> Iterator[tuple[int, str]]:
    """The docstrings, strings and comments of a Python module, with their first lines."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value
    comments: list[str] = []
    previous = 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT:
            continue
        if comments and token.start[0] != previous + 1:
            yield previous - len(comments) + 1, "\n".join(comments)
            comments = []
        comments.append(token.string)
        previous = token.start[0]
    if comments:
        yield previous - len(comments) + 1, "\n".join(comments)


def checked_files() -> Iterator[str]:
    """The files of the project that are checked: those that git knows, or would add."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for path in sorted(set(listed)):
        is_text = Path(path).suffix in PROSE | {".py"} or path == "Makefile"
        if is_text and (ROOT / path).is_file():
            yield path


def check(paths: Iterable[str], words: Words) -> list[Misuse]:
    """The misuses in files of the project."""
    return [misuse for path in paths for misuse in misuses(path, (ROOT / path).read_text(encoding="utf-8"), words)]


def main() -> int:
    """Print what was found, one line each; the exit code is 1 where there is anything."""
    words = load()
    problems = check(checked_files(), words)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
