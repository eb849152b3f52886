"""An OpenID Connect provider on loopback: it knows one person and asks nothing."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT_ID = "kakehashi"


@dataclass
class Provider:
    """`claims` are what it says about whoever comes by."""

    url: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def return_address(self, departure: str) -> str:
        """Where the provider sends a browser that arrived at `departure`."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(departure).query).items()}
        self.asked.append(asked)
        query = urlencode({"code": "a-code", "state": asked["state"]})
        return f"{urlsplit(asked['redirect_uri']).path}?{query}"

    def answer(self, path: str) -> dict[str, Any]:
        answers: dict[str, dict[str, Any]] = {
            "/.well-known/openid-configuration": {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "userinfo_endpoint": f"{self.url}/userinfo",
                "jwks_uri": f"{self.url}/jwks",
            },
            "/token": {"access_token": "t", "token_type": "Bearer", "id_token": self._id_token()},
            "/userinfo": self.claims,
        }
        return answers[path]

    def _id_token(self) -> str:
        content = {"iss": self.url, "aud": CLIENT_ID, "iat": 1, "exp": 9_999_999_999, **self.claims}
        parts = [{"alg": "RS256", "typ": "JWT"}, content]
        return ".".join([_encoded(json.dumps(part).encode()) for part in parts] + [_encoded(b"unsigned")])


@contextmanager
def running_provider() -> Iterator[Provider]:
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(provider.answer(urlsplit(self.path).path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the standard library
            """Keep the test's output quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
