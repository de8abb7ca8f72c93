"""What is known of accounts beside Django's own columns, their sessions, and who did what."""

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone

from common.history import LONGEST_NAME
from common.written_once import Fixed


class Way(models.TextChoices):
    """How an account signs on."""

    PASSWORD = "password", "パスワード（このシステム）"
    LDAP = "ldap", "LDAP（庁内のディレクトリ）"
    OIDC = "oidc", "OpenID Connect（庁内の認証基盤）"
    PROXY = "proxy", "リバースプロキシーの認証"


class Account(models.Model):
    """What Django's user has no column for; a user without this row has a password and no mark.

    `is_demo`: made by the demo, with a published password; it gets in where DEMO is on, and
    nowhere else. `must_change_password`: somebody else chose the password, or a command did.
    `sign_on`: the one way in. `subject`: issuer, blank and what the OpenID provider never gives
    to another person; empty until the first login there.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="account",
        verbose_name="利用者",
    )
    is_demo = models.BooleanField("デモの利用者", default=False)
    must_change_password = models.BooleanField("パスワードの変更が必要", default=False)
    sign_on = models.CharField(
        "ログインの方法", max_length=20, choices=Way.choices, default=Way.PASSWORD
    )
    subject = models.TextField("認証基盤での識別子", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "利用者の状態"
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.user)


class Session(AbstractBaseSession):
    """Django's session with a column for when its user last did something."""

    seen_at = models.DateTimeField("最後の操作", default=timezone.now)

    class Meta(AbstractBaseSession.Meta):
        verbose_name = verbose_name_plural = "セッション"
        default_permissions = ()

    @classmethod
    def get_session_store_class(cls) -> type:
        """Django's own way to the engine, `accounts.sessions`."""
        from accounts.sessions import SessionStore  # noqa: PLC0415 - which needs this model

        return SessionStore


class KeptForm(models.Model):
    """What somebody sent after their session had ended, until they are back and decide.

    `fields` are pairs of name and text, in the form's order.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        verbose_name="利用者",
    )
    path = models.CharField("送り先", max_length=2000)
    fields = models.JSONField("欄")
    kept_at = models.DateTimeField("送った日時", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "預かった入力"
        ordering = ["id"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.path


class Kind(models.TextChoices):
    """What an audit entry is about."""

    LOGIN = "login", "ログイン"
    FAILURE = "failure", "ログインの失敗"
    LOCK_OUT = "lock_out", "ログインの停止"
    LOGOUT = "logout", "ログアウト"
    PASSWORD = "password", "パスワード"
    USER = "user", "利用者の登録"
    ROLE = "role", "役割と権限"
    IMPORT = "import", "取り込み"
    EXPORT = "export", "書き出し"
    DOWNLOAD = "download", "報告書のファイル"
    CLOSING = "closing", "年度締め"
    EDITION = "edition", "報告書の発行"
    PLAN = "plan", "計画の状態"


class AuditEntry(Fixed):
    """監査の記録: who did what, when and from where. The id is the sequence.

    `login` and `name` are those of the day. `person` is the account that acted, None for a
    command or a stranger; it stays when the account goes, so it is no constraint. `address`
    is the client's, None for a command. `before` and `after` are empty where nothing changed.
    """

    at = models.DateTimeField("日時", default=timezone.now, db_index=True)
    kind = models.CharField("種類", max_length=20, choices=Kind.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="+",
        verbose_name="利用者",
    )
    login = models.CharField("利用者名", max_length=150, blank=True, db_index=True)
    name = models.CharField("氏名", max_length=LONGEST_NAME, blank=True)
    address = models.GenericIPAddressField("アドレス", null=True)
    what = models.TextField("内容")
    before = models.TextField("変更前", blank=True)
    after = models.TextField("変更後", blank=True)

    class Meta(Fixed.Meta):
        verbose_name = verbose_name_plural = "監査の記録"
        ordering = ["-id"]
        default_permissions = ()
        permissions = [("view_audit", "監査の記録を見る")]

    def __str__(self) -> str:
        return f"{self.id} {self.what}"

    @property
    def who(self) -> str:
        """`山田太郎（yamada）`, the login alone where no name is kept, empty for a stranger."""
        if self.name in ("", self.login):
            return self.login
        return f"{self.name}（{self.login}）" if self.login else self.name
