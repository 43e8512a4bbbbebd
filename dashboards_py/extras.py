"""How to install an extra of the package: from where it was installed, by the program that installed it."""

import json
import sys
from pathlib import Path
from shlex import quote
from urllib.parse import unquote, urlsplit

NAME = "cilium-dashboards"


def command_for(extra: str) -> str:
    """The command that adds an extra to this environment; the package is in no index that pip asks by itself."""
    from importlib.metadata import PackageNotFoundError, distribution  # takes longer than the rest of `--help`

    try:
        source = _source(distribution(NAME).read_text("direct_url.json") or "{}", extra)
    except PackageNotFoundError:
        source = ""
    wanted = quote(source or f".[{extra}]")
    if (Path(sys.prefix) / "pipx_metadata.json").is_file():
        command = f"pipx install --force {wanted}"
    else:
        command = f"{quote(sys.executable)} -m pip install {wanted}"
    return command if source else f"in a checkout: {command}"


def _source(direct_url: str, extra: str) -> str:
    """The package with the extra from where it was installed, as pip records it (PEP 610); "" if that is gone."""
    try:
        record = json.loads(direct_url)
    except ValueError:
        return ""
    url, version = str(record.get("url") or ""), record.get("vcs_info")
    if version:
        return f"{NAME}[{extra}] @ {version.get('vcs')}+{url}@{version.get('commit_id')}"
    path = unquote(urlsplit(url).path) if url.startswith("file:") else ""
    return f"{path}[{extra}]" if path and Path(path).exists() else ""
