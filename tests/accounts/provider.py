"""An OpenID provider on this machine: oidc-provider-mock, which insists on PKCE here.

`alter` changes what it says in an ID token, and `sign` how it signs it: a provider gone wrong,
or somebody in its place.
"""

import base64
import hashlib
import io
import json
import threading
import time
import warnings
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from werkzeug.serving import make_server

from accounts.sign_on.configs import OpenIdConnect

CLIENT = "strategy"
SECRET = "known-to-app-and-provider"
KID = "tests"


class Provider:
    """The provider as a WSGI application around the mock's."""

    def __init__(self):
        with warnings.catch_warnings(record=True):  # of what authlib will rename
            import oidc_provider_mock  # noqa: PLC0415 - only these tests need it

        self.app = oidc_provider_mock.app()
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.forget()

    def forget(self):
        self.challenges, self.asked = {}, []
        self.alter = self.sign = self.say = None

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        query = parse_qs(environ["QUERY_STRING"])
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        self.asked.append((path, parse_qs(body.decode())))
        kept = []
        answer = b"".join(self.app(environ, lambda *head, **_: kept.append(head)))
        status, headers = kept[0][:2]
        if path == "/oauth2/authorize":
            self._remember(query, dict(headers).get("Location", ""))
        elif path == "/oauth2/token":
            status, answer = self._token(status, answer, parse_qs(body.decode()))
        elif path == "/jwks" and self.alter:
            public = json.loads(RSAAlgorithm.to_jwk(self.key.public_key()))
            answer = json.dumps({"keys": [public | {"kid": KID, "alg": "RS256"}]}).encode()
        if self.say and path in self.say:
            status, answer = self.say[path]
        headers = [(name, text) for name, text in headers if name != "Content-Length"]
        start_response(status, [*headers, ("Content-Length", str(len(answer)))])
        return [answer]

    def _remember(self, query, location):
        code = parse_qs(urlsplit(location).query).get("code")
        if code:
            assert query["code_challenge_method"] == ["S256"]
            self.challenges[code[0]] = query["code_challenge"][0]

    def _token(self, status, answer, form):
        verifier = form.get("code_verifier", [""])[0]
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
        if self.challenges.get(form["code"][0]) != digest.rstrip(b"=").decode():
            return "400 BAD REQUEST", b'{"error": "invalid_grant"}'
        if self.alter:
            said = json.loads(answer)
            claims = jwt.decode(said["id_token"], options={"verify_signature": False})
            sign = self.sign or {"key": self.key, "algorithm": "RS256"}
            said["id_token"] = jwt.encode(self.alter(claims), **sign, headers={"kid": KID})
            answer = json.dumps(said).encode()
        return status, answer


class Running:
    """The provider at its address, and somebody's browser there."""

    def __init__(self, provider, port):
        self.provider = provider
        self.issuer = f"http://localhost:{port}"

    def config(self, **other):
        return OpenIdConnect(
            **{"issuer": self.issuer, "client_id": CLIENT, "client_secret": SECRET} | other
        )

    def knows(self, subject, **claims):
        requests.put(f"{self.issuer}/users/{subject}", json=claims, timeout=5).raise_for_status()

    def signs_on(self, address, subject):
        """Where the provider sends the browser of somebody who has proved who they are."""
        answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=5)
        return answer.headers["Location"]


@contextmanager
def running_provider():
    provider = Provider()
    server = make_server("127.0.0.1", 0, provider, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield Running(provider, server.server_port)
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()


def expired(claims):
    return claims | {"exp": int(time.time()) - 120}
