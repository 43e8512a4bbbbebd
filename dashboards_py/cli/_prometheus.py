"""The option for the address of a Prometheus, shared by several commands."""

import os
import re
from typing import TYPE_CHECKING

import click

from dashboards_py.cli._modes import command_line_parameters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards_py.shapes import Ask

# Headers that name a tenant or a data type; any other may hold a credential.
NOT_SECRET = frozenset({"x-scope-orgid", "thanos-tenant", "accountid", "projectid", "accept", "user-agent"})
WITHOUT_BLANKS = re.compile(r"[A-Za-z0-9-]+:\S+")

prometheus_option = click.option(
    "--prometheus",
    "--prometheus-url",
    "prometheus_url",
    envvar="PROMETHEUS_URL",
    show_envvar=True,
    help="Prometheus to query.",
)

ca_file_option = click.option(
    "--prometheus-ca-file",
    envvar="PROMETHEUS_CA_FILE",
    show_envvar=True,
    help="File with the CA certificate that signed that of the Prometheus.",
)


class _Header(click.ParamType[str]):
    """The text of a header. The environment variable has one on each line, since values have blanks in them."""

    name = "NAME:VALUE"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002
        """The text as it is; `_headers` reads it."""
        return value

    def split_envvar_value(self, rv: str) -> list[str]:
        """The lines, or the words of one line where each is a header without blanks."""
        words = rv.split()
        lines = words if all(map(WITHOUT_BLANKS.fullmatch, words)) else rv.splitlines()
        return [line for line in lines if line.strip()]


def _headers(_ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """The headers by name; a value that cannot be sent is refused without being shown."""
    headers = {}
    for text in values:
        name, separator, value = text.partition(":")
        if not separator or not re.fullmatch(r"[A-Za-z0-9-]+", name.strip()) or not _is_sendable(value):
            raise click.BadParameter("a header is written NAME: VALUE, in printable ASCII", param=param)
        headers[name.strip()] = value.strip()
    return headers


def _is_sendable(value: str) -> bool:
    return value.isascii() and value.isprintable()


header_option = click.option(
    "--header",
    "headers",
    metavar="NAME:VALUE",
    type=_Header(),
    multiple=True,
    envvar="PROMETHEUS_HEADERS",
    show_envvar=True,
    callback=_headers,
    help="Header to send, such as X-Scope-OrgID: tenant; repeat it for several; in the environment one a line.",
)


# The parameters that say which Prometheus is asked, and how.
CONNECTION = frozenset({"prometheus_url", "prometheus_ca_file", "headers"})


def prometheus_at(url: str | None, ca_file: str | None, headers: "Mapping[str, str] | None" = None) -> "Ask | None":
    """The Prometheus at an address, with PROMETHEUS_TOKEN and these headers; None without an address.

    Warns if a secret is sent unencrypted.
    """
    from dashboards_py.prometheus import over_http, prometheus_address
    from dashboards_py.web.address import unencrypted_warning

    if not url:
        used = command_line_parameters()
        if option := used.get("prometheus_ca_file") or used.get("headers"):
            raise click.UsageError(f"{option.opts[0]} has no effect without {_address_option()}")
        return None
    setting = _setting()
    token, address = os.environ.get("PROMETHEUS_TOKEN", ""), prometheus_address(url, setting)
    secret_headers = [name for name in headers or () if name.lower() not in NOT_SECRET]
    secrets = ["PROMETHEUS_TOKEN"] if token else [f"the password in {setting}"] if address.password else []
    secrets += [f"the header {name}" for name in secret_headers]
    if secrets and (warning := unencrypted_warning(address, " and ".join(secrets), is_plural=len(secrets) > 1)):
        click.echo(f"Warning: {warning}", err=True)
    return over_http(
        url, token, url_setting=setting, ca_file=ca_file, ca_setting="--prometheus-ca-file", headers=headers
    )


def _address_option() -> str:
    """The option for the address, by the name that it has in this command."""
    (name,) = (param.opts[0] for param in click.get_current_context().command.params if param.name == "prometheus_url")
    return name


def _setting() -> str:
    """Where the address comes from: the option, by the name that it has in this command, or the environment."""
    from dashboards_py.prometheus import URL_SETTING

    return _address_option() if "prometheus_url" in command_line_parameters() else URL_SETTING
