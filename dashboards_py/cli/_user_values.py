"""A user's values of the Cilium chart, from a file, a directory or standard input, in whatever documents they are."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dashboards_py.cli._input import read_input
from dashboards_py.errors import DashboardsError

if TYPE_CHECKING:
    from dashboards_py.documents.value import Document
    from dashboards_py.values.assemble import InputFile, UserValues
    from dashboards_py.values.read_stack import StackValues

# What `helm get values` prints without -o yaml for a release without any.
NO_VALUES = re.compile(rb"\s*(?:USER-SUPPLIED|COMPUTED) VALUES:\s*(?:null|\{\})\s*")
ENDINGS = (".yaml", ".yml", ".yaml.tpl", ".yml.tpl", ".json")
COMMAND = "helm get values cilium -n kube-system -o yaml"


def user_values_in(path: Path) -> "tuple[tuple[UserValues, ...], tuple[DashboardsError, ...]]":
    """The values in a file or the files of a directory, with warnings printed, and what could not be read.

    Raises DashboardsError if there are none.
    """
    from dashboards_py.values.assemble import UserValues
    from dashboards_py.values.read import read_user_values

    files, errors = files_in(path)
    if len(files) == 1 and not files[0].documents and not path.is_dir():
        return (UserValues({}, files[0].name),), ()  # as `helm get values` of a release without any
    if not files and errors:
        raise errors[0]
    values = read_user_values(files)
    for item in values:
        for text in (*item.notes, *item.unread):
            click.echo(f"warning: {item.file}: {f'{item.document}: ' if item.document else ''}{text}", err=True)
    fix = "name a directory that holds it too, or give all values: helm get values cilium -n kube-system -o yaml"
    unread = [DashboardsError(item.where, cause="; ".join(item.unread), fix=fix) for item in values if item.unread]
    return values, (*errors, *unread)


def one_of(path: Path) -> "UserValues":
    """The values in a file; several, or parts that are not known, raise DashboardsError."""
    values, errors = user_values_in(path)
    if len(values) > 1:
        names = "".join(f"\n  {item.where}" for item in values)
        cause = f"holds values of the Cilium chart {len(values)} times:{names}"
        raise DashboardsError(str(path), cause=cause, fix="give a file that holds them once")
    if errors:
        raise errors[0]
    return values[0]


def stacks_in(path: Path, command: str) -> "tuple[tuple[StackValues, ...], list[Mapping[str, Any]]]":
    """The values of kube-prometheus-stack in a file or directory, and the objects in it.

    `command` prints those of a cluster. What cannot be read, and parts of values that are elsewhere, raise
    DashboardsError.
    """
    from dashboards_py.values.assemble import documents_of, is_object
    from dashboards_py.values.read_stack import read_stack_values

    files, errors = files_in(path, command)
    if errors:
        raise errors[0]
    is_empty = len(files) == 1 and not files[0].documents
    stacks = read_stack_values([replace(files[0], documents=({},))] if is_empty else files)
    for stack in stacks:
        if stack.values.unread:
            raise DashboardsError(stack.values.where, cause="; ".join(stack.values.unread), fix=f"{command} prints all")
    return stacks, [document for item in files for document in documents_of(item) if is_object(document)]


def files_in(path: Path, command: str = COMMAND) -> "tuple[list[InputFile], list[DashboardsError]]":
    """The file, or those of a directory, with their warnings printed, and what could not be read.

    `command` prints the values of a cluster.
    """
    if not path.is_dir():
        return [_file(path, command)], []
    from dashboards_py.documents.walk import walk

    files: list[InputFile] = []
    errors: list[DashboardsError] = []
    for listed in walk(path, ENDINGS):
        if listed.why:
            errors.append(DashboardsError(str(listed.path), cause=listed.why))
            continue
        try:
            files.append(_file(listed.path, command))
        except DashboardsError as error:
            errors.append(error)
    if not files and not errors:
        raise DashboardsError(str(path), cause=f"is a directory without *{', *'.join(ENDINGS)}")
    return files, errors


def _file(path: Path, command: str) -> "InputFile":
    from dashboards_py.documents.languages import ensure_no_code
    from dashboards_py.documents.limits import VALUES
    from dashboards_py.documents.source import read_file
    from dashboards_py.documents.yaml import load_yaml_documents
    from dashboards_py.values.assemble import InputFile

    name, source = read_input(str(path), VALUES, f"{command} prints them")
    ensure_no_code(source, name)
    if not source.strip():
        click.echo(f"warning: {name}: is empty, and read as no values at all", err=True)
    source = b"" if NO_VALUES.fullmatch(source) else source
    documents = load_yaml_documents(source, name)
    for document in documents:
        for note in document.notes:
            click.echo(f"warning: {name}: {note}", err=True)

    def load_file(relative: str) -> bytes | None:
        try:
            return read_file(path.parent / relative, VALUES) if str(path) != "-" else None
        except DashboardsError:
            return None

    return InputFile(name, tuple(_values_of(document, name) for document in documents), load_file)


def _values_of(document: "Document", name: str) -> Any:
    if not isinstance(document.value, dict):
        from dashboards_py.board.wrong_types import kind
        from dashboards_py.documents.languages import language_of

        language, fix = language_of(document.value, name) if isinstance(document.value, str) else ("", "")
        raise DashboardsError(name, cause=language or f"holds {kind(document.value)}, not values of a chart", fix=fix)
    return document.value
