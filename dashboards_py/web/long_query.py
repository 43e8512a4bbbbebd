"""Queries that are too long for an address: they are sent again as a form, as Grafana sends all of them."""

from collections.abc import Mapping
from typing import Any

from requests import Response, Session

# What proxies and servers say of an address that is too long: nginx, Apache and Envoy 414 or 431, Go's net/http 431.
TOO_LONG = (414, 431)
# HAProxy says 400, with a page: for what is longer than tune.bufsize without tune.maxrewrite, 15 KB by default.
BAD_REQUEST, LONG = 400, 4000
READ_ONLY = (401, 403, 405)  # to a form, where GET alone is allowed


def get_or_post(session: Session, url: str, params: Mapping[str, str], *, may_post: bool, **options: Any) -> Response:
    """The response to GET, or to a form with the same parameters if the address is too long for what is on the way.

    `may_post`: the server takes the form as well, and only reads. `options` are those of requests.
    """
    response = session.get(url, params=params, **options)
    is_page = "json" not in response.headers.get("Content-Type", "")
    length = len(response.request.url or "") if is_page else 0
    if not (may_post and is_too_long(response.status_code, length)):
        return response
    form = session.post(url, data=params, **options)
    return response if form.status_code in READ_ONLY else form


def is_too_long(status: int, length: int) -> bool:
    """Whether a refusal says that an address of this length is too long; a server's own answer counts as no length."""
    return status in TOO_LONG or (status == BAD_REQUEST and length > LONG)
