"""Files with alerting and recording rules, shared by several commands."""

from typing import TYPE_CHECKING

import click

from dashboards_py.cli._input import read_input

if TYPE_CHECKING:
    from dashboards_py.documents.rule_files import Rule

rules_option = click.option(
    "--rules", "rule_files", metavar="FILE", multiple=True, help="Alerting and recording rules; repeat it for several."
)


def rules_of_file(path: str) -> "tuple[str, tuple[Rule, ...]]":
    """The name of the file, and its rules: groups of Prometheus, or PrometheusRules; notes go to standard error."""
    from dashboards_py.documents.limits import VALUES
    from dashboards_py.documents.rule_files import FIX, rules_of
    from dashboards_py.documents.yaml import load_yaml_documents

    name, source = read_input(path, VALUES, FIX)
    documents = load_yaml_documents(source, name)
    for note in (note for document in documents for note in document.notes):
        click.echo(f"warning: {name}: {note}", err=True)
    return name, rules_of(documents, name)
