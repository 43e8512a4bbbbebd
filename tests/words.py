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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
DATA = Path(__file__).with_name("words.toml")
BETWEEN = "\n\0\n"  # no text has it, and no word or phrase continues over it
PROSE = {".md", ".json", ".jsonl", ".sh", ".yaml", ".env"}


DEFINING = (
    *(ast.Name, ast.Attribute, ast.arg, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler),
    *(ast.MatchAs, ast.MatchStar, ast.Import, ast.ImportFrom),
)


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
    any_phrase: re.Pattern[str]


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
    any_phrase = re.compile("|".join(f"(?:{entry.match.pattern})" for entry in phrases), re.IGNORECASE)
    return Words(names, phrases, docstrings, any_phrase)


def _phrase(row: Mapping[str, Any], strict: list[str]) -> Entry:
    pattern = re.compile(row["match"].replace(" ", r"(?:\s|#)+"), re.IGNORECASE)
    return Entry(pattern, row["say"], _paths(row, strict), row["example"])


def _paths(row: Mapping[str, Any], strict: list[str]) -> tuple[str, ...]:
    """The beginnings of the paths of the files that an entry is for."""
    return tuple(strict) if row.get("strict") else (row.get("within", ""),)


def misuses(path: str, text: str, words: Words) -> Iterator[Misuse]:
    """The banned names and phrases in a file of the project; `path` is relative to its root."""
    module = _module(path, text) if path.endswith(".py") else Module(texts=[(1, text)])
    for line, name in module.names:
        for entry in words.names.get(name.strip("_").lower(), ()):
            if path.startswith(entry.within):
                yield Misuse(path, line, name, entry.say)
    yield from _phrases(path, module.texts, words)
    for entry in words.docstrings:
        for line, docstring in module.docstrings if path.startswith(entry.within) else ():
            if first := entry.match.match(docstring):
                yield Misuse(path, line, first[0], entry.say)


def _phrases(path: str, texts: Sequence[tuple[int, str]], words: Words) -> Iterator[Misuse]:
    """The banned phrases in the texts of a file."""
    joined = BETWEEN.join(text for _, text in texts)  # searched first: few files have a phrase, and few entries match
    if not words.any_phrase.search(joined):
        return
    for entry in words.phrases:
        if not path.startswith(entry.within) or not entry.match.search(joined):
            continue
        for line, text in texts:
            for match in entry.match.finditer(text):
                yield Misuse(path, line + text.count("\n", 0, match.start()), match[0], entry.say)


@dataclass(slots=True)
class Module:
    """What a file says, with the line of each: names that it defines, docstrings, and its other texts as well."""

    names: list[tuple[int, str]] = field(default_factory=list)
    docstrings: list[tuple[int, str]] = field(default_factory=list)
    texts: list[tuple[int, str]] = field(default_factory=list)


def _module(path: str, text: str) -> Module:
    """A Python module, read once."""
    module = Module(names=[(1, Path(path).stem)], texts=[*_comments(text)])
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant):
            module.texts += [(node.lineno, node.value)] if isinstance(node.value, str) else []
            continue
        if isinstance(node, DEFINING):
            module.names += _names(node)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = ast.get_docstring(node)
            module.docstrings += [(node.body[0].lineno, docstring)] if docstring is not None else []
    return module


def _names(node: ast.AST) -> Iterator[tuple[int, str]]:
    """The names that a node of a Python module defines, with their lines."""
    if isinstance(node, ast.Name | ast.Attribute):
        if isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id if isinstance(node, ast.Name) else node.attr
    elif isinstance(node, ast.arg):
        yield node.lineno, node.arg
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.lineno, node.name
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
        yield node.lineno, node.name or ""
    elif isinstance(node, ast.Import | ast.ImportFrom):
        yield from ((node.lineno, alias.asname) for alias in node.names if alias.asname)


def _comments(text: str) -> Iterator[tuple[int, str]]:
    """The comments of a Python module, those of consecutive lines as one text, with their first lines."""
    comments: list[str] = []
    previous = 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline) if "#" in text else ():
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
