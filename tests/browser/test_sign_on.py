"""Signing on by the city's OpenID provider, as a browser does it: cookies, policy and all."""

import copy

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, expect

from accounts.models import Session, Way
from accounts.sign_on import oidc, outages
from accounts.sign_on.configs import Ldap, ProxyUser
from accounts.sign_on.people import choose_way
from tests.accounts.provider import running_provider
from tests.browser.axe import NARROW, WIDE, complaints

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # The provider's own, of what authlib will rename.
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),
]


@pytest.fixture(scope="module")
def running():
    with running_provider() as one:
        yield one


@pytest.fixture
def with_provider(settings, running):
    outages.forget()
    oidc._described.clear()
    settings.OIDC = running.config()
    settings.AUTHENTICATION_BACKENDS = [
        *settings.AUTHENTICATION_BACKENDS[:2], "accounts.sign_on.backends.OidcBackend"
    ]  # fmt: skip
    policy = copy.deepcopy(settings.CONTENT_SECURITY_POLICY)
    policy["DIRECTIVES"]["form-action"] = ["'self'", settings.OIDC.origin]
    settings.CONTENT_SECURITY_POLICY = policy


@pytest.fixture
def someones_page(browser: Browser):
    """A browser that may go to another host than the app's: the provider's."""
    context = browser.new_context(locale="ja-JP")
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    yield page
    context.close()
    assert [line for line in said if "Content Security Policy" in line] == []


def test_colleague_goes_to_the_provider_and_comes_back_and_is_logged_out_at_both(
    someones_page, live_server, running, with_provider
):
    page = someones_page
    running.knows("0001", preferred_username="tanaka", family_name="田中")
    choose_way(User.objects.create_user("tanaka"), Way.OIDC)
    page.goto(f"{live_server.url}/login/?next=/password/")
    page.get_by_role("link", name="庁内の認証基盤でログイン").click()
    page.wait_for_url(f"{running.issuer}/**")
    page.locator("input[name=sub]").first.fill("0001")
    page.locator("input[name=sub]").first.press("Enter")

    page.wait_for_url(f"{live_server.url}/password/")
    expect(page.get_by_text("このシステムにはパスワードがありません。")).to_be_visible()
    page.get_by_role("button", name="ログアウト").click()
    page.wait_for_url(f"{running.issuer}/oauth2/end_session**")
    assert not Session.objects.exists()


def test_login_page_with_every_way_in_reads_at_any_width(page, live_server, settings, running):
    settings.OIDC, settings.REMOTE_USER = running.config(), ProxyUser("X-Remote-User", "x")
    settings.LDAP = Ldap(("ldaps://ldap.mihon.test",), "dc=mihon,dc=test")
    for view in (WIDE, NARROW):
        page.goto(f"{live_server.url}/login/?next=/plans/mihon/kpis/")
        assert list(complaints(page, view)) == []
