"""Asking a directory (OpenLDAP, Active Directory) who somebody is, by name and password.

The app's own account there finds the person, then the person's password has to open the person's
entry. Every answer is waited for a few seconds; nothing is written, no referral is followed.
"""

import logging
import ssl
from contextlib import suppress
from typing import Any

from ldap3 import BASE, NONE, SUBTREE, Connection, Server, Tls
from ldap3.core.exceptions import (
    LDAPException,
    LDAPInvalidCredentialsResult,
    LDAPNoSuchObjectResult,
    LDAPOperationResult,
    LDAPSizeLimitExceededResult,
)
from ldap3.utils.conv import escape_filter_chars

from accounts.sign_on.configs import Ldap
from accounts.sign_on.outages import is_out, note_outage
from accounts.sign_on.people import Person
from accounts.sign_on.refusals import Unavailable

logger = logging.getLogger(__name__)

WAIT_SECONDS = 3  # to connect, and for each answer
# Active Directory finds members of groups within groups by this rule; other directories have none.
_IN_CHAIN = "1.2.840.113556.1.4.1941"

DOWN = (
    "庁内のディレクトリが応答しないため、ログインできません。しばらくしてから、もう一度お試しください。"
    "続くときは、システムの管理者に知らせてください。"
)


def find_person(config: Ldap, username: str, password: str) -> Person | None:
    """Somebody of exactly this name whose password this is; None for anybody else.

    `config` is `settings.LDAP`. Raises Unavailable where no server gives an answer.
    """
    if not username or not password:  # without a password a directory lets everybody "in"
        return None
    for url in config.servers:
        if is_out(url):
            continue
        try:
            return _ask(config, url, username, password)
        except (LDAPException, OSError) as error:
            note_outage(url)
            logger.error("%s could not be asked: %s: %s", url, type(error).__name__, error)  # noqa: TRY400 - an outage needs no traceback
    raise Unavailable(DOWN)


def _ask(config: Ldap, url: str, username: str, password: str) -> Person | None:
    connection = _connect(config, url)
    try:
        if config.starttls:
            connection.start_tls(read_server_info=False)
        connection.bind(read_server_info=False)
        entry = _entry(config, connection, username)
        if entry is None:
            return None
        roles = _roles(config, connection, entry["dn"], username)
        if not _opens(connection, entry["dn"], password):
            return None
    finally:
        _close(connection)
    _name, last_name, first_name, mail = config.attributes
    return Person(
        username=username,
        last_name=_first(entry, last_name),
        first_name=_first(entry, first_name),
        email=_first(entry, mail),
        roles=roles,
    )


class _Tls(Tls):  # type: ignore[misc] # untyped
    """TLS as Python itself checks it, host name and all.

    Left alone, ldap3 checks no certificate, and asks for the name what Python has given up.
    """

    def wrap_socket(self, connection: Connection, do_handshake: bool = False) -> None:  # noqa: FBT001, FBT002 - ldap3's
        context = ssl.create_default_context(cafile=self.ca_certs_file)
        host = connection.server.host
        connection.socket = context.wrap_socket(connection.socket, server_hostname=host)


def _close(connection: Connection) -> None:
    """Say goodbye if there is somebody, and close what ldap3 leaves open after a failure."""
    with suppress(LDAPException, OSError):
        connection.unbind()
    if connection.socket is not None:
        connection.socket.close()


def _connect(config: Ldap, url: str) -> Connection:
    tls = _Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=config.ca_file or None)
    server = Server(
        url, get_info=NONE, tls=tls, connect_timeout=WAIT_SECONDS, allowed_referral_hosts=[]
    )
    return Connection(
        server,
        user=config.bind_dn or None,
        password=config.bind_password or None,
        receive_timeout=WAIT_SECONDS,
        auto_referrals=False,
        raise_exceptions=True,
        read_only=True,
    )


def _entry(config: Ldap, connection: Connection, username: str) -> dict[str, Any] | None:
    """The one entry of this name.

    Directories compare without regard to case, width and blanks. Here the name has to be written
    as it stands there: each way of writing it would be counted apart when passwords are guessed.
    """
    name = config.attributes[0]
    found = f"(&{config.person_filter}({name}={escape_filter_chars(username)}))"
    try:
        connection.search(
            config.search_base,
            found,
            SUBTREE,
            attributes=list(config.attributes),
            size_limit=2,
            time_limit=WAIT_SECONDS,
        )
        entries = _entries(connection)
    except LDAPSizeLimitExceededResult:
        entries = []
        logger.warning("LDAP has more than two entries of one %s; nobody is let in by it.", name)
    if len(entries) > 1:
        logger.warning("LDAP has two entries of one %s; nobody is let in by it.", name)
    if len(entries) != 1 or username not in _texts(entries[0], name):
        return None
    return entries[0]


def _roles(config: Ldap, connection: Connection, dn: str, username: str) -> frozenset[str] | None:
    """The roles that the person's groups give; None where groups give none to anybody."""
    if not config.roles:
        return None
    safe, name = escape_filter_chars(dn), escape_filter_chars(username)
    is_member = (
        f"(|(member={safe})(uniqueMember={safe})(memberUid={name})(member:{_IN_CHAIN}:={safe}))"
    )
    return frozenset(
        role for role, group in config.roles if _has_member(connection, group, is_member)
    )


def _has_member(connection: Connection, group: str, is_member: str) -> bool:
    try:
        connection.search(group, is_member, BASE, attributes=["cn"], time_limit=WAIT_SECONDS)
    except LDAPNoSuchObjectResult:
        logger.error("LDAP_ROLES names the group %s, and the directory has none such.", group)  # noqa: TRY400
        return False
    return bool(_entries(connection))


def _opens(connection: Connection, dn: str, password: str) -> bool:
    """Whether this is the password of the entry."""
    try:
        connection.rebind(user=dn, password=password, read_server_info=False)
    except LDAPInvalidCredentialsResult:
        return False
    except LDAPOperationResult as error:  # locked, expired, not allowed at this hour
        logger.info("LDAP refuses %s: %s", dn, error)
        return False
    return True


def _entries(connection: Connection) -> list[dict[str, Any]]:
    """What was found, without the references to other directories."""
    return [row for row in connection.response or [] if row["type"] == "searchResEntry"]


def _texts(entry: dict[str, Any], attribute: str) -> list[str]:
    values = entry["attributes"].get(attribute) or []
    return [
        value for value in (values if isinstance(values, list) else [values]) if _is_text(value)
    ]


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _first(entry: dict[str, Any], attribute: str) -> str:
    texts = _texts(entry, attribute)
    return texts[0] if texts else ""
