"""How credentials are sent to a server."""

from base64 import b64decode

import pytest
from requests import Request

from dashboards_py.web.session import basic_auth


@pytest.mark.parametrize(
    ("password", "sent"), [("ключ", "ключ".encode()), ("s3cret/@:%", b"s3cret/@:%"), ("\udcff", b"\xff")]
)
def test_a_password_in_any_script(password: str, sent: bytes) -> None:
    """It goes in UTF-8, as Go's servers read it; bytes from the environment that are not UTF-8 are sent unchanged."""
    request = Request("GET", "http://127.0.0.1").prepare()
    header = str(basic_auth("ann", password)(request).headers["Authorization"])
    assert b64decode(header.removeprefix("Basic ")) == b"ann:" + sent
