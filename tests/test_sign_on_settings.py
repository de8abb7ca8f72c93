"""What of signing on elsewhere stops the start, and what it becomes."""

import importlib.util

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from accounts.sign_on.configs import Ldap, OpenIdConnect, ProxyUser
from omuta_strategy import sign_on
from omuta_strategy.sign_on import Environment, backends, read_ldap, read_oidc, read_proxy_user
from tests.test_settings import KEY, PRODUCTION, python, setting

LDAP = {"LDAP_URL": "ldaps://dc1.mihon.test", "LDAP_SEARCH_BASE": "dc=mihon,dc=test"}
OIDC = {
    "OIDC_ISSUER": "https://sso.mihon.test/realms/city",
    "OIDC_CLIENT_ID": "strategy",
    "OIDC_CLIENT_SECRET": "only-they-know",
}
PROXY_USER = {"REMOTE_USER_HEADER": "X-Remote-User", "REMOTE_USER_SECRET": KEY[::-1]}


def environment(**values):
    return Environment(
        lambda name, default: values.get(name, default),  # noqa: PLW0108 - called by name
        lambda name: values.get(name) == "1",
    )


def read(values):
    env = environment(**values)
    return read_ldap(env), read_oidc(env), read_proxy_user(env, behind_proxy=True)


def refusal(values):
    with pytest.raises(ImproperlyConfigured) as refused:
        read(values)
    return str(refused.value)


def test_all_is_off_by_default():
    assert read({}) == (None, None, None)
    assert backends(ldap=None, oidc=None, proxy_user=None) == []
    assert settings.AUTHENTICATION_BACKENDS == [
        "axes.backends.AxesStandaloneBackend",
        "accounts.backends.PasswordBackend",
    ]
    assert (settings.LDAP, settings.OIDC, settings.REMOTE_USER) == (None, None, None)


def test_each_is_on_with_what_it_needs():
    assert read(LDAP)[0] == Ldap(("ldaps://dc1.mihon.test",), "dc=mihon,dc=test")
    assert read(OIDC)[1] == OpenIdConnect(*OIDC.values())
    assert read(PROXY_USER)[2] == ProxyUser("X-Remote-User", KEY[::-1])


def test_installation_with_all_of_them_starts_and_lets_the_provider_log_out():
    everything = {**LDAP, **OIDC, **PROXY_USER, "PROXY": "1"}
    assert len(backends(ldap=LDAP, oidc=OIDC, proxy_user=PROXY_USER)) == 3
    policy = setting("CONTENT_SECURITY_POLICY", **everything)
    assert "'form-action': [\"'self'\", 'https://sso.mihon.test']" in policy
    result = python(
        "manage.py", "check", "--deploy", "--fail-level", "DEBUG", **PRODUCTION | everything
    )

    assert (result.returncode, result.stderr) == (0, "")


def test_directory_s_attributes_and_roles_are_read():
    config, _, _ = read(
        LDAP
        | {
            "LDAP_URL": "ldap://dc1.mihon.test, ldap://dc2.mihon.test:3890",
            "LDAP_STARTTLS": "1",
            "LDAP_ATTRIBUTES": "sAMAccountName, sn, givenName, mail",
            "LDAP_ROLES": "企画担当=CN=A,DC=mihon; 管理職 = CN=B,DC=mihon ;",
            "LDAP_FILTER": "(&(objectCategory=person)(objectClass=user))",
            "LDAP_CREATE_USERS": "1",
        }
    )

    assert config == Ldap(
        servers=("ldap://dc1.mihon.test", "ldap://dc2.mihon.test:3890"),
        search_base="dc=mihon,dc=test",
        starttls=True,
        person_filter="(&(objectCategory=person)(objectClass=user))",
        attributes=("sAMAccountName", "sn", "givenName", "mail"),
        roles=(("企画担当", "CN=A,DC=mihon"), ("管理職", "CN=B,DC=mihon")),
        creates_users=True,
    )


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"LDAP_URL": "ldaps://a"}, "LDAP_URL is set and LDAP_SEARCH_BASE is not"),
        ({"LDAP_ROLES": "企画担当=cn=a"}, "LDAP_ROLES is set and LDAP_URL and LDAP_SEARCH_BASE"),
        ({"LDAP_CREATE_USERS": "0"}, "LDAP_CREATE_USERS is set and LDAP_URL"),
        ({"OIDC_CLIENT_ID": "x"}, "OIDC_CLIENT_ID is set and OIDC_ISSUER and OIDC_CLIENT_SECRET"),
        ({"REMOTE_USER_HEADER": "X-User"}, "REMOTE_USER_HEADER is set and REMOTE_USER_SECRET"),
        (LDAP | {"LDAP_BIND_DN": "cn=a"}, "LDAP_BIND_DN and LDAP_BIND_PASSWORD belong together"),
        (LDAP | {"LDAP_BIND_PASSWORD": "a"}, "LDAP_BIND_DN and LDAP_BIND_PASSWORD belong together"),
        (LDAP | {"LDAP_URL": "ldap://dc1.mihon.test"}, "would carry passwords in the clear"),
        (LDAP | {"LDAP_URL": "ldaps://a,ldap://b"}, "would carry passwords in the clear"),
        (LDAP | {"LDAP_URL": "dc1.mihon.test"}, "LDAP_URL has 'dc1.mihon.test'"),
        (LDAP | {"LDAP_URL": "https://dc1"}, "LDAP_URL has 'https://dc1'"),
        (LDAP | {"LDAP_URL": "ldaps://dc1:x"}, "LDAP_URL has 'ldaps://dc1:x'"),
        (LDAP | {"LDAP_URL": "ldaps://dc1,"}, "LDAP_URL has ''"),
        (LDAP | {"LDAP_URL": "ldaps://dc1/dc=a"}, "the search base goes into LDAP_SEARCH_BASE"),
        (LDAP | {"LDAP_STARTTLS": "1"}, "LDAP_STARTTLS is for ldap://"),
        (LDAP | {"LDAP_CA_FILE": "/no/ca.pem"}, "LDAP_CA_FILE is '/no/ca.pem', and there is no"),
        (LDAP | {"LDAP_FILTER": "objectClass=person"}, "write a filter in brackets"),
        (LDAP | {"LDAP_FILTER": "((a=b)"}, "write a filter in brackets"),
        (LDAP | {"LDAP_ATTRIBUTES": "uid,sn"}, "LDAP_ATTRIBUTES is 'uid,sn'"),
        (LDAP | {"LDAP_ATTRIBUTES": "uid,,a,b"}, "LDAP_ATTRIBUTES is 'uid,,a,b'"),
        (LDAP | {"LDAP_ROLES": "部長=cn=a"}, "LDAP_ROLES has '部長=cn=a'"),
        (LDAP | {"LDAP_ROLES": "企画担当=planners"}, "LDAP_ROLES has '企画担当=planners'"),
        (OIDC | {"OIDC_ISSUER": "http://sso.mihon.test"}, "write the provider's https:// address"),
        (OIDC | {"OIDC_ISSUER": "https://"}, "write the provider's https:// address"),
        (OIDC | {"OIDC_CA_FILE": "/no/ca.pem"}, "OIDC_CA_FILE is '/no/ca.pem', and there is no"),
        (PROXY_USER | {"REMOTE_USER_HEADER": "X User:"}, "REMOTE_USER_HEADER is 'X User:'"),
        (PROXY_USER | {"REMOTE_USER_SECRET": "short"}, "REMOTE_USER_SECRET has 5 characters"),
    ],
)
def test_what_is_half_configured_or_unsafe_is_refused(values, sentence):
    assert sentence in refusal(values)


def test_proxy_s_user_without_a_proxy_is_refused():
    with pytest.raises(ImproperlyConfigured, match="REMOTE_USER_HEADER is set and PROXY is off"):
        read_proxy_user(environment(**PROXY_USER), behind_proxy=False)


@pytest.mark.parametrize(
    ("values", "package"), [(LDAP, "ldap3"), (OIDC, "mozilla_django_oidc")], ids=["ldap", "oidc"]
)
def test_missing_package_is_named_with_the_command_that_installs_it(values, package, monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(sign_on, "find_spec", lambda name: None if name == package else found(name))

    said = refusal(values)
    assert f"the package {package} is not installed." in said
    assert "pip install --require-hashes -r requirements-sign-on.txt" in said


def test_secrets_are_in_no_description():
    config = (*read(LDAP | {"LDAP_BIND_DN": "cn=a", "LDAP_BIND_PASSWORD": "kaki-no-tane"}),)
    assert "kaki-no-tane" not in repr(config)
    assert "only-they-know" not in repr(read(OIDC))
    assert KEY[::-1] not in repr(read(PROXY_USER))
