"""kubectl and helm on one cluster in memory, with hooks for whatever else should happen during a run.

    cluster = FakeCluster()
    clients = tools(None, None, None, runner=cluster)
    cluster.before("helm upgrade cilium", lambda: cluster.api.patch("ConfigMap", "kube-system", "x", {...}))
    cluster.before("helm apply DaemonSet cilium", kill)            # while Helm applies its objects
    cluster.after("kubectl apply", lambda: Completed(1, "", "Error from server: ..."))

An action runs once, at the first call or step that contains its text (every time with `always=True`). If it returns a
Completed, that replaces the result of the program; `kill` ends everything, as SIGKILL does.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dashboards_py.kubernetes import Completed
from tests.fakes.helm import FakeHelm
from tests.fakes.kubectl import FakeKubectl
from tests.fakes.kubernetes import FakeKubernetes
from tests.fakes.objects import Json
from tests.fakes.releases import Releases

Action = Callable[[], Completed | None]
Program = Callable[[list[str], str], Completed]


class Killed(BaseException):
    """The program under test was killed here, and helm or kubectl with it."""


def kill() -> None:
    """An action: nothing after this point happens."""
    raise Killed


@dataclass(slots=True)
class Hook:
    """An action before or after a call whose command line contains `text`."""

    when: str
    text: str
    action: Action
    always: bool
    done: bool = False


class FakeCluster:
    """A Runner. `log` has every command line so far, without the options that name a cluster."""

    charts: Path | None = None  # the directory of packed charts; the stand-in knows its charts by name

    def __init__(self) -> None:
        self.api = FakeKubernetes()
        self.releases = Releases(self.api, self._reached)
        self.kubectl, self.helm = FakeKubectl(self.api), FakeHelm(self.releases)
        self._programs: dict[str, Program] = {"kubectl": self.kubectl, "helm": self.helm}
        self.log: list[str] = []
        self.hooks: list[Hook] = []

    def __call__(self, argv: Sequence[str], *, stdin: str = "", seconds: int | None = 120) -> Completed:
        """Run kubectl or helm."""
        line = " ".join(word for word in argv if not word.startswith(("--request-timeout", "--context", "--kube")))
        self.log.append(line)
        if instead := self._fire("before", line):
            return instead
        completed = self._programs[argv[0]](list(argv[1:]), stdin)
        return self._fire("after", line) or completed

    def run(self, line: str, stdin: str = "") -> str:
        """The output of someone else's command, which must succeed. Runs no hook."""
        program, *argv = line.split()
        completed = self._programs[program](argv, stdin)
        assert completed.code == 0, f"{line}: {completed.stderr}"
        return completed.stdout

    def before(self, text: str, action: Action, *, always: bool = False) -> None:
        """Run an action before a call: `helm upgrade cilium`, `helm apply DaemonSet cilium`, `kubectl`."""
        self.hooks.append(Hook("before", text, action, always))

    def after(self, text: str, action: Action, *, always: bool = False) -> None:
        """Run an action after a call."""
        self.hooks.append(Hook("after", text, action, always))

    def install(self, name: str, namespace: str, chart: str, version: str, values: Json | None = None) -> None:
        """Install a chart as someone else would."""
        line = f"helm install {name} {chart} --repo=x --version={version} -n {namespace} --create-namespace --values=-"
        self.run(line, stdin=json.dumps(values or {}))

    def upgrade(self, name: str, namespace: str, chart: str, version: str, values: Json) -> None:
        """Upgrade a release as someone else would."""
        line = (
            f"helm upgrade --install {name} {chart} --repo=x --version={version} -n {namespace} --reset-values --wait"
        )
        self.run(f"{line} --values=-", stdin=json.dumps(values))

    def changes(self) -> list[str]:
        """The command lines so far that change something."""
        verbs = ("apply", "create", "delete", "patch", "rollout restart", "upgrade", "uninstall", "rollback", "scale")
        return [line for line in self.log if any(f" {verb} " in f"{line} " for verb in verbs)]

    def _reached(self, point: str) -> None:
        """Helm is about to change an object; the result of an action is ignored here."""
        self._fire("before", f"helm {point}")

    def _fire(self, when: str, line: str) -> Completed | None:
        for hook in self.hooks:
            if hook.when == when and hook.text in line and not hook.done:
                hook.done = not hook.always
                if isinstance(answer := hook.action(), Completed):
                    return answer
        return None
