"""Why a cluster or a chart repository refuses: missing rights are one reason of many, and each has its own fix.

The messages are those of Kubernetes 1.36 and Helm 4.3: tests/live/test_kubernetes_errors.py provokes them.
"""

import re
from dataclasses import dataclass

from dashboards_py.errors import DashboardsError, Denied, Refused, Remedy
from dashboards_py.remedies import LOG_IN_TO_REPOSITORY


@dataclass(frozen=True, slots=True)
class Denial:
    """A pattern of a message, and the error for it; `what` and `fix` may use `{name}`, which the pattern captures.

    `{where}` in `fix` is ` -n NAMESPACE`, or nothing if the namespace is not known. `cause` replaces the message, and
    `remedy` the fix.
    """

    pattern: str
    kind: type[DashboardsError]
    what: str
    fix: str = ""
    cause: str = ""
    remedy: Remedy | None = None


# What precedes the status text of a proxy's answer to CONNECT: Go's net/http says no more (dialConn in transport.go).
REQUEST = r'(?:Unable to connect to the server|(?:Get|Post|Put|Patch|Delete|Head) \\?"https://[^"]*"): '
AROUND = "or add the host to no_proxy (a kubeconfig may name a proxy of its own: proxy-url)"
DENIALS = (
    Denial(
        REQUEST + "Proxy Authentication Required",
        Refused,
        "the proxy",
        f"put user and password into https_proxy, {AROUND}",
    ),
    Denial(
        REQUEST + r"(?-i:[A-Z][a-z]+(?: [A-Z][a-z]+)*)[\s\"]*$",
        DashboardsError,
        "the proxy",
        f"ask whoever runs the proxy that https_proxy names, {AROUND}",
    ),
    Denial(
        r"proxyconnect tcp: (?P<name>[^\"\n]+)",
        DashboardsError,
        "the proxy",
        f"correct https_proxy, {AROUND}",
        "cannot be used: {name}",
    ),
    Denial(
        r"(?:in namespace (?P<name>\S+) because it )?is being terminated",
        DashboardsError,
        "namespace {name}",
        "wait until `kubectl get namespace` no longer shows it, create it again, then run the same command again",
        "is being terminated",
    ),
    Denial(
        r"(?:exceeded|failed) quota: (?P<name>[^,:\s]+)",
        Denied,
        "ResourceQuota {name}",
        "`kubectl describe resourcequota{where} {name}` shows it: raise it, or remove what it counts",
    ),
    Denial(
        r'violates PodSecurity "(?P<name>[^"]+)"',
        Denied,
        "Pod Security {name}",
        "the namespace's label pod-security.kubernetes.io/enforce forbids such pods: agents and node exporters need "
        "`privileged`, or another namespace",
    ),
    Denial(
        r"(?P<name>maximum|minimum) \S+ (?:usage|limit to request ratio) per (?:Container|Pod|PersistentVolumeClaim)",
        Denied,
        "LimitRange",
        "`kubectl describe limitrange{where}` shows it: change it, or give the pods other limits with Helm values",
    ),
    Denial(
        r"""admission webhook "(?P<name>[^"]+)" denied""",
        Denied,
        "admission webhook {name}",
        "a policy of this cluster refuses the object: change what it names, or ask whoever runs the policy",
    ),
    Denial(
        r"ValidatingAdmissionPolicy '(?P<name>[^']+)'.* denied",
        Denied,
        "ValidatingAdmissionPolicy {name}",
        "`kubectl get validatingadmissionpolicy {name} -o yaml` shows it: change what it names, or ask whoever runs it",
    ),
    Denial(
        r"""failed calling webhook "(?P<name>[^"]+)\"""",
        DashboardsError,
        "admission webhook {name}",
        "the service behind it must run: `kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations` "
        "says where it is",
    ),
    Denial(
        r"failed to fetch (?P<name>https?://\S+) : 40[137] ",
        Refused,
        "the chart repository {name}",
        remedy=Remedy(LOG_IN_TO_REPOSITORY),
    ),
    Denial(
        r"cannot (?P<name>[a-z]+) (?:resource|path) |attempting to grant RBAC permissions not currently held",
        Refused,
        "the cluster",
        "ask for that right (`kubectl auth can-i --list{where}` lists yours), or use another --context",
    ),
    Denial(
        r"forbidden",
        DashboardsError,
        "the cluster",
        "something in this cluster other than RBAC refuses it: see the message",
    ),
)


def denied(stderr: str, cause: str, namespace: str = "") -> DashboardsError | None:
    """The error if something was refused, else None. `cause` is the part of stderr to show."""
    for denial in DENIALS:
        if match := re.search(denial.pattern, stderr, re.IGNORECASE | re.MULTILINE):
            where = f" -n {namespace}" if namespace else ""
            names = {"name": match.groupdict().get("name") or namespace or "of the object", "where": where}
            return denial.kind(
                denial.what.format(**names),
                cause=denial.cause.format(**names) or cause,
                fix=denial.fix.format(**names),
                remedy=denial.remedy,
            )
    return None
