from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who uses it: logging in, passwords, people and their roles."""

    name = "accounts"
    verbose_name = "利用者"
