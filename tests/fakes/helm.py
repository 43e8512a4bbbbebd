"""A helm on releases in memory, for the arguments that the code under test uses."""

import json
import re
from collections.abc import Callable
from typing import Any

from dashboards_py.kubernetes import Completed
from dashboards_py.kubernetes.helm import FIRST_DEPLOYED
from tests.fakes.charts import CHARTS, ChartError
from tests.fakes.kubectl import CONTEXT, UnknownArguments, split
from tests.fakes.kubernetes import ApiError
from tests.fakes.objects import Json
from tests.fakes.releases import FakeRevision, HelmError, Releases

GLOBAL = {"kube-context", "kubeconfig"}
STATES = {
    "deployed": ("deployed",),
    "failed": ("failed",),
    "pending": ("pending-install", "pending-upgrade", "pending-rollback"),
    "uninstalling": ("uninstalling",),
}


class FakeHelm:
    """Answers the arguments of helm."""

    def __init__(self, releases: Releases) -> None:
        self.releases = releases
        self.version = "v4.3"
        self.verbs: dict[str, Callable[..., str]] = {
            "version": self._version,
            "list": self._list,
            "get": self._get,
            "history": self._history,
            "template": self._template,
            "upgrade": self._upgrade,
            "install": self._install,
            "rollback": self._rollback,
            "uninstall": self._uninstall,
        }

    def __call__(self, argv: list[str], stdin: str) -> Completed:
        """The output and exit code of helm."""
        words, flags = split(argv)
        if flags.get("kube-context", CONTEXT) != CONTEXT:
            error = f'kubernetes cluster unreachable: context "{flags["kube-context"]}" does not exist'
            return Completed(1, "", f"Error: {error}\n")
        rest = {flag: value for flag, value in flags.items() if flag not in GLOBAL}
        verb = self.verbs.get(words[0]) if words else None
        if verb is None:
            raise UnknownArguments(f"helm {' '.join(argv)}")
        self.releases.helm_3 = self.version.startswith("v3")
        if self.releases.helm_3 and "force-conflicts" in flags:
            return Completed(1, "", "Error: unknown flag: --force-conflicts\n")
        try:
            stdout = verb(words[1:], rest, rest.pop("namespace", "default"), stdin)
        except (HelmError, ChartError) as error:
            return Completed(1, "", f"Error: {error}\n")
        except ApiError as error:
            return Completed(1, "", f"Error: {words[0]}: failed to {words[0]}: {error.message}\n")
        if rest:
            raise UnknownArguments(f"helm {' '.join(argv)}: {sorted(rest)}")
        return Completed(0, stdout, "")

    def _version(self, words: list[str], flags: dict[str, str], namespace: str, stdin: str) -> str:
        assert flags.pop("template") == "{{.Version}}"
        return self.version

    def _list(self, words: list[str], flags: dict[str, str], namespace: str, stdin: str) -> str:
        self._need_secrets()
        assert flags.pop("output") == "json"
        flags.pop("max", None)
        states = {state for flag, states in STATES.items() if flags.pop(flag, None) is not None for state in states}
        everywhere, pattern = flags.pop("all-namespaces", None) is not None, flags.pop("filter", "")
        rows = [
            _row(space, name, revisions[-1])
            for (space, name), revisions in self.releases.revisions.items()
            if (everywhere or space == namespace) and re.search(pattern, name) and revisions[-1].status in states
        ]
        return json.dumps(sorted(rows, key=lambda row: row["name"]))

    def _get(self, words: list[str], flags: dict[str, str], namespace: str, stdin: str) -> str:
        self._need_secrets()
        revision = self._revision(words[1], namespace, flags.pop("revision", None))
        if words[0] == "values":
            assert flags.pop("output") == "json"
            return json.dumps(revision.values or None)
        if words[0] == "all":
            assert flags.pop("template") == FIRST_DEPLOYED
            return json.dumps(self.releases.first_deployed[namespace, words[1]])
        if words[0] == "hooks":
            return _yaml(self.releases.hooks(words[1], namespace, revision.chart, revision.values))
        assert words[0] == "manifest", words
        return _yaml(revision.manifest)

    def _history(self, words: list[str], flags: dict[str, str], namespace: str, stdin: str) -> str:
        self._need_secrets()
        assert flags.pop("output") == "json"
        self._revision(words[0], namespace, None)
        revisions = self.releases.revisions[namespace, words[0]]
        return json.dumps(
            [
                {
                    "revision": revision.number,
                    "updated": revision.updated,
                    "status": revision.status,
                    "chart": f"{revision.chart}-{revision.version}",
                    "app_version": revision.version,
                    "description": revision.description,
                }
                for revision in revisions
            ]
        )

    def _template(self, words: list[str], flags: dict[str, str], namespace: str, stdin: str) -> str:
        name, chart, version = self._chart(words, flags)
        flags.pop("is-upgrade", None)
        flags.pop("kube-version", None)
        has_crds = "monitoring.coreos.com/v1" in flags.pop("api-versions", "")
        return _yaml(self.releases.render(chart, version, name, namespace, _values(flags, stdin), has_crds))

    def _upgrade(self, words: list[str], flags: dict[str, str], namespace: str, stdin: str) -> str:
        self._need_secrets()
        name, chart, version = self._chart(words, flags)
        installing = flags.pop("install", None) is not None
        for required in ("reset-values", "wait"):
            if flags.pop(required, None) is None:
                raise UnknownArguments(f"helm upgrade without --{required}")
        if not installing and self.releases.last(namespace, name) is None:
            raise HelmError(f'UPGRADE FAILED: "{name}" has no deployed releases')
        flags.pop("timeout", None)
        force = flags.pop("force-conflicts", None) is not None
        if force and self.releases.helm_3:
            raise HelmError("unknown flag: --force-conflicts")
        skip = flags.pop("skip-crds", None) is not None
        values = _values(flags, stdin)
        self.releases.upgrade(chart, version, name, namespace, values, force=force, skip_crds=skip)
        return f'Release "{name}" has been upgraded. Happy Helming!\n'

    def _install(self, words: list[str], flags: dict[str, str], namespace: str, stdin: str) -> str:
        self._need_secrets()
        name, chart, version = self._chart(words, flags)
        flags.pop("wait", None)
        flags.pop("timeout", None)
        skip = flags.pop("skip-crds", None) is not None
        if (
            flags.pop("create-namespace", None) is not None
            and self.releases.api.get("Namespace", "", namespace) is None
        ):
            self.releases.api.create_namespace(namespace, "helm")
        if self.releases.last(namespace, name):
            raise HelmError("INSTALLATION FAILED: release name check failed: cannot reuse a name that is still in use")
        self.releases.upgrade(chart, version, name, namespace, _values(flags, stdin), force=False, skip_crds=skip)
        return f"NAME: {name}\n"

    def _rollback(self, words: list[str], flags: dict[str, str], namespace: str, stdin: str) -> str:
        flags.pop("wait", None)
        flags.pop("timeout", None)
        self.releases.rollback(words[0], namespace, int(words[1]) if len(words) > 1 else None)
        return "Rollback was a success! Happy Helming!\n"

    def _uninstall(self, words: list[str], flags: dict[str, str], namespace: str, stdin: str) -> str:
        self._need_secrets()
        flags.pop("wait", None)
        flags.pop("timeout", None)
        flags.pop("debug", None)
        self.releases.uninstall(words[0], namespace)
        return f'release "{words[0]}" uninstalled\n'

    def _chart(self, words: list[str], flags: dict[str, str]) -> tuple[str, str, str]:
        """Release, chart and version: from the flags, or from the file name of a packed chart."""
        name, chart = words[0], words[1]
        packed = re.match(r"(?:.*/)?(.+?)-(\d\S*)\.tgz$", chart)
        if packed:
            return name, packed[1], packed[2]
        repository, version = flags.pop("repo", ""), flags.pop("version", "")
        if chart not in CHARTS:
            raise HelmError(f'chart "{chart}" version "{version}" not found in {repository} repository')
        return name, chart, version

    def _revision(self, name: str, namespace: str, number: str | None) -> FakeRevision:
        revisions = self.releases.revisions.get((namespace, name), [])
        revisions = [revision for revision in revisions if number is None or revision.number == int(number)]
        if not revisions:
            raise HelmError("release: not found")
        return revisions[-1]

    def _need_secrets(self) -> None:
        """Helm stores releases in Secrets, which the user must be allowed to list."""
        self.releases.api.check_right("list", self.releases.api.kinds["Secret"], "")


def _values(flags: dict[str, str], stdin: str) -> Json:
    """The values, which have to be JSON: Helm reads a text of YAML that is not quoted in its own way."""
    source = flags.pop("values", flags.pop("filename", None))
    assert source in ("-", None), source
    return dict(json.loads(stdin or "{}")) if source else {}


def _yaml(objects: Any) -> str:
    return "".join(f"---\n{json.dumps(item)}\n" for item in objects)  # JSON is YAML, and written faster


def _row(namespace: str, name: str, revision: FakeRevision) -> Json:
    return {
        "name": name,
        "namespace": namespace,
        "revision": str(revision.number),
        "updated": revision.updated,
        "status": revision.status,
        "chart": f"{revision.chart}-{revision.version}",
        "app_version": revision.version,
    }
