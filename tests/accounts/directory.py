"""A directory of the tests' own: Debian's slapd on 127.0.0.1, with a certificate of its own."""

import datetime as dt
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from accounts.sign_on.configs import Ldap

BASE = "dc=mihon,dc=test"
READER = f"cn=reader,{BASE}"
READERS_PASSWORD = "the-app-reads-with-it"
PASSWORD = "kochira-no-10-moji"
PLANNERS = f"cn=planners,ou=groups,{BASE}"
EDITORS = f"cn=editors,ou=groups,{BASE}"

PLACES = (Path("/etc/ldap/schema"), Path("/etc/openldap/schema"))

CONFIG = """\
include {schema}/core.schema
include {schema}/cosine.schema
include {schema}/inetorgperson.schema
pidfile {folder}/slapd.pid
{module}
TLSCACertificateFile {folder}/ca.pem
TLSCertificateFile {folder}/server.pem
TLSCertificateKeyFile {folder}/server.key
# Active Directory lets whoever names somebody without a password in as nobody (RFC 4513, 5.1.2).
allow bind_anon_cred
database mdb
suffix "{base}"
rootdn "cn=root,{base}"
directory {folder}/data
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="{reader}" read by * none
"""

TREE = f"""\
dn: {BASE}
objectClass: domain
dc: mihon

dn: {READER}
objectClass: applicationProcess
objectClass: simpleSecurityObject
cn: reader
userPassword: {READERS_PASSWORD}

dn: ou=people,{BASE}
objectClass: organizationalUnit
ou: people

dn: ou=soumu,ou=people,{BASE}
objectClass: organizationalUnit
ou: soumu

dn: ou=groups,{BASE}
objectClass: organizationalUnit
ou: groups

dn: uid=tanaka,ou=soumu,ou=people,{BASE}
objectClass: inetOrgPerson
uid: tanaka
cn: Tanaka Hanako
sn: 田中
givenName: 花子
mail: tanaka@mihon.test
userPassword: {PASSWORD}

dn: uid=suzuki,ou=people,{BASE}
objectClass: inetOrgPerson
uid: suzuki
cn: Suzuki
sn: 鈴木
userPassword: {PASSWORD}

dn: uid=futari,ou=soumu,ou=people,{BASE}
objectClass: inetOrgPerson
uid: futari
cn: One
sn: 一
userPassword: {PASSWORD}

dn: uid=futari,ou=people,{BASE}
objectClass: inetOrgPerson
uid: futari
cn: Two
sn: 二
userPassword: {PASSWORD}

dn: {PLANNERS}
objectClass: groupOfNames
cn: planners
member: uid=tanaka,ou=soumu,ou=people,{BASE}

dn: {EDITORS}
objectClass: groupOfUniqueNames
cn: editors
uniqueMember: uid=tanaka,ou=soumu,ou=people,{BASE}
"""


@dataclass(frozen=True)
class Directory:
    """Where it listens. `ca` is the file of the authority that it has its certificate from."""

    port: int
    tls_port: int
    folder: Path

    @property
    def ca(self) -> str:
        return str(self.folder / "ca.pem")

    def config(self, **other) -> Ldap:
        """How the app is told of it, over TLS from the first byte."""
        return Ldap(
            **{
                "servers": (f"ldaps://localhost:{self.tls_port}",),
                "search_base": f"ou=people,{BASE}",
                "ca_file": self.ca,
                "bind_dn": READER,
                "bind_password": READERS_PASSWORD,
                "person_filter": "(objectClass=inetOrgPerson)",
            }
            | other
        )


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextmanager
def running_directory(folder: Path):
    """Start it, with these people and groups; it is ended by its process id."""
    slapd = shutil.which("slapd") or shutil.which("slapd", path="/usr/sbin:/usr/libexec:/sbin")
    schema = next((place for place in PLACES if (place / "inetorgperson.schema").exists()), None)
    if slapd is None or schema is None:
        pytest.skip("slapd is not installed (Debian: apt-get install slapd)")
    make_certificates(folder)
    (folder / "data").mkdir()
    config, tree = folder / "slapd.conf", folder / "tree.ldif"
    module = "moduleload back_mdb" if Path("/usr/lib/ldap/back_mdb.so").exists() else ""
    if module:
        module = f"modulepath /usr/lib/ldap\n{module}"
    config.write_text(
        CONFIG.format(folder=folder, schema=schema, module=module, base=BASE, reader=READER)
    )
    tree.write_text(TREE, encoding="utf-8")
    subprocess.run(
        [slapd, "-T", "add", "-f", config, "-l", tree], check=True, capture_output=True, text=True
    )
    directory = Directory(free_port(), free_port(), folder)
    urls = f"ldap://127.0.0.1:{directory.port}/ ldaps://127.0.0.1:{directory.tls_port}/"
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([slapd, "-d", "0", "-h", urls, "-f", config], stderr=log)
    try:
        wait_for(directory.tls_port, process, folder / "log")
        yield directory
    finally:
        process.terminate()
        process.wait(10)


def wait_for(port: int, process: subprocess.Popen, log: Path) -> None:
    for _attempt in range(200):
        assert process.poll() is None, log.read_text()
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"slapd does not listen: {log.read_text()}")


@contextmanager
def frozen_server():
    """A port that takes connections and never answers."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(20)
        yield listening.getsockname()[1]


def make_certificates(folder: Path) -> None:
    """An authority, another one, and a certificate of the first for `localhost` alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Mihon CA")])
    write(folder / "ca.pem", certificate(name, name, key, key, authority=True))
    other = ec.generate_private_key(ec.SECP256R1())
    write(folder / "other-ca.pem", certificate(name, name, other, other, authority=True))
    servers = ec.generate_private_key(ec.SECP256R1())
    host = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    write(folder / "server.pem", certificate(host, name, servers, key, authority=False))
    (folder / "server.key").write_bytes(
        servers.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
    )


def certificate(subject, issuer, key, signer, *, authority):
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if not authority:
        names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(signer, hashes.SHA256())


def write(path: Path, one) -> None:
    path.write_bytes(one.public_bytes(serialization.Encoding.PEM))
