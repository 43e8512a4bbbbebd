"""Names for texts that are neither JSON nor YAML: a template, a program, encrypted, or a web page."""

import re
from collections.abc import Iterator

from dashboards_py.errors import DashboardsError

# Each line of a template, as far as it is not quoted: YAML and JSON allow no value that begins like this.
ACTION = re.compile(r"^(?![\s-]*#)(?:[^\"'`]*[:\s-]|)(?:\{\{|\{%|%\{)", re.M)
YTT = re.compile(r"^(?:\s*#@ ?(?!data/values|schema|overlay|library|@)\S|[^#\"']*[:-] +#@ )", re.M)
OPENING = ("{{", "{%", "%{")
RENDER = "render it, and give the result"
# By the end of a name: the language, and what to do.
SUFFIXES = {
    (".tf", ".hcl", ".tofu"): ("is Terraform", "give the values in it as a file, or those of the cluster"),
    (".jsonnet", ".libsonnet"): ("is Jsonnet", "evaluate it, and give the result: jsonnet FILE"),
    (".cue",): ("is CUE", "export it, and give the result: cue export FILE"),
    (".nix", ".dhall", ".pkl", ".k", ".star"): ("is a program", "run it, and give what it prints"),
    (".py", ".ts", ".js", ".go", ".rb", ".sh", ".bash"): ("is a program", "run it, and give what it prints"),
    (".toml", ".ini", ".properties"): ("is a configuration file, neither JSON nor YAML", ""),
    (".md", ".rst", ".adoc"): ("is documentation", "give the file that it describes"),
    (".j2", ".jinja", ".jinja2", ".gotmpl", ".tmpl"): ("is a template", RENDER),
}
# By how a text begins.
STARTS = (
    (r"\$ANSIBLE_VAULT", "is encrypted with Ansible Vault", "decrypt it: ansible-vault view FILE | ... -"),
    (r"ENC\[AES256", "is encrypted with SOPS", "decrypt it: sops --decrypt FILE | ... -"),
    (r"-----BEGIN AGE ENCRYPTED|age-encryption\.org/", "is encrypted with age", "decrypt it: age -d FILE | ... -"),
    (r"-----BEGIN PGP MESSAGE", "is encrypted with PGP", "decrypt it: gpg --decrypt FILE | ... -"),
    (r"version https://git-lfs", "is a pointer of Git LFS, not the file", "git lfs pull"),
    (r"(?i)<!doctype html|<html", "is an HTML page", ""),
    (r"(?i)error[: ]", "is the error of a program", ""),
    (r"#!", *SUFFIXES[".py", ".ts", ".js", ".go", ".rb", ".sh", ".bash"]),
    (r"(?:resource|module|provider|variable|locals|terraform)\s[^:\n]*\{\s*$", *SUFFIXES[".tf", ".hcl", ".tofu"]),
    (r"local \w+ = ", *SUFFIXES[".jsonnet", ".libsonnet"]),
    (r"(?:import|from) .*(?:import|['\"])", "is a program", "run it, and give what it prints"),
)


def language_of(text: str, name: str, position: int = -1) -> tuple[str, str]:
    """Name a text that could not be parsed ("is Terraform"), with a fix; "" and "" if that is not known.

    `position` is that of the error in JSON, where templates are between and in quotes, too.
    """
    return next(_languages(text, name, position), ("", ""))


def _languages(text: str, name: str, position: int) -> Iterator[tuple[str, str]]:
    start = text[:4096].lstrip()
    yield from ((what, fix) for pattern, what, fix in STARTS if re.match(pattern, start, re.M))
    yield from (language for suffixes, language in SUFFIXES.items() if name.endswith(suffixes))
    is_at_action = position >= 0 and any(mark in text[max(position - 1, 0) : position + 2] for mark in OPENING)
    if is_at_action or ACTION.search(text):
        yield "is a template, not what it renders to", RENDER


def ensure_no_code(source: bytes, name: str) -> None:
    """Raise DashboardsError for a template of ytt: it is YAML, but its values are in comments, and read as empty."""
    if b"#@" in source and YTT.search(source.decode(errors="replace")):
        raise DashboardsError(name, cause="is a template of ytt", fix="render it, and give the result: ytt -f FILE")
