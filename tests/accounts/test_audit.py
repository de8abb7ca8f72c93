"""The audit: what is noted by every door, who reads it, and that nobody changes it."""

import csv
import getpass
import importlib
import io

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.urls import NoReverseMatch, reverse

from accounts.audit import writing
from accounts.models import AuditEntry
from accounts.role_names import DEPARTMENT_EDITOR, MANAGER, PLANNER
from common.written_once import RowIsFixed
from entry.demo import seed_demo
from entry.plan_file.loading import load_plan
from kpis.recording import close_years_through, end_correction
from projects.models import Department
from reports.annual.editions import issue_edition
from tests.admin_forms import shown
from tests.factories import PASSWORD, correct_from, make_department, make_plan, make_user
from tests.page_text import text_of

NEW = "mado-no-soto-2027"


@pytest.fixture
def noted(db):
    """What has been noted since the last time it was asked, oldest first."""
    newest = 0

    def since():
        nonlocal newest
        rows = list(AuditEntry.objects.filter(pk__gt=newest).order_by("pk"))
        newest = rows[-1].pk if rows else newest
        return rows

    return since


def facts(rows):
    return [(row.kind, row.login, row.what, row.before, row.after) for row in rows]


def test_login_failure_and_logout_are_noted_with_name_and_address(client, kikaku, noted):
    kikaku.last_name, kikaku.first_name = "山田", "太郎"
    kikaku.save()
    noted()
    for password in ("wrong", PASSWORD):
        client.post(
            "/login/", {"username": "kikaku", "password": password}, REMOTE_ADDR="192.0.2.7"
        )
    client.post("/login/", {"username": "nobody", "password": "wrong"}, REMOTE_ADDR="192.0.2.8")
    client.post("/logout/", REMOTE_ADDR="192.0.2.9")

    assert [(row.kind, row.login, row.name, row.address) for row in noted()] == [
        ("failure", "kikaku", "山田太郎", "192.0.2.7"),
        ("login", "kikaku", "山田太郎", "192.0.2.7"),
        ("failure", "", "", "192.0.2.8"),
        ("logout", "kikaku", "山田太郎", "192.0.2.9"),
    ]


def test_lock_out_is_noted_once(client, kikaku, noted):
    noted()
    for _attempt in range(7):
        client.post("/login/", {"username": "kikaku", "password": "wrong"})

    assert [row.kind for row in noted()] == [*["failure"] * 5, "lock_out"]


def test_names_are_those_of_the_day(client, kikaku):
    kikaku.last_name, kikaku.first_name = "山田", "太郎"
    kikaku.save()
    client.force_login(kikaku)
    User.objects.filter(pk=kikaku.pk).update(last_name="鈴木", username="suzuki")

    assert AuditEntry.objects.filter(kind="login").values_list("login", "name").get() == (
        "kikaku",
        "山田太郎",
    )


def test_planner_makes_a_user_in_the_admin(planner, noted):
    noted()
    planner.post(
        reverse("admin:auth_user_add"),
        {
            "username": "sato",
            "password1": NEW,
            "password2": NEW,
            "last_name": "佐藤",
            "is_staff": "on",
            "groups": [Group.objects.get(name=PLANNER).pk],
        },
    )

    assert facts(noted()) == [
        ("user", "kikaku", "利用者「佐藤（sato）」を登録", "", "有効、スタッフ権限"),
        ("role", "kikaku", "利用者「佐藤（sato）」の役割", "なし", "企画担当"),
    ]


def test_planner_changes_role_flags_and_name_in_the_admin(planner, tantou, noted):
    at = reverse("admin:auth_user_change", args=[tantou.pk])
    data = shown(planner, at) | {
        "groups": [Group.objects.get(name=MANAGER).pk],
        "last_name": "山田",
    }
    data.pop("is_active")
    noted()

    planner.post(at, data)

    assert facts(noted()) == [
        (
            "user", "kikaku", "利用者「山田（tantou）」の氏名など",
            "利用者名：tantou", "利用者名：tantou、姓：山田",
        ),
        ("role", "kikaku", "利用者「山田（tantou）」の権限", "有効", "無効"),
        ("role", "kikaku", "利用者「山田（tantou）」の役割", "所管課担当", "なし"),
        ("role", "kikaku", "利用者「山田（tantou）」の役割", "なし", "管理職"),
    ]  # fmt: skip


def test_department_is_changed_from_both_sides(kikaku, tantou, noted):
    department = make_department("D01", kikaku)
    noted()
    department.members.add(tantou)
    tantou.departments.clear()

    assert [(row.what, row.before, row.after) for row in noted()] == [
        ("所管課「D01課」の課員", "kikaku", "kikaku、tantou"),
        ("所管課「D01課」の課員", "kikaku、tantou", "kikaku"),
    ]


def test_what_changes_nothing_is_not_noted(kikaku, noted):
    department = make_department("D01", kikaku)
    noted()
    department.members.add(kikaku)
    kikaku.groups.add(*kikaku.groups.all())
    kikaku.save()

    assert noted() == []


def test_shell_and_commands_are_the_systems_user(tantou, noted, monkeypatch):
    noted()
    permission = Permission.objects.get(codename="delete_user")
    tantou.user_permissions.add(permission)
    Group.objects.get(name=DEPARTMENT_EDITOR).permissions.remove(
        Permission.objects.get(codename="record_own_actuals")
    )
    monkeypatch.setattr("getpass.getpass", lambda prompt: NEW)
    call_command("changepassword", "tantou", verbosity=0)
    tantou.refresh_from_db()
    tantou.is_superuser = True
    tantou.save()
    tantou.delete()

    rows = noted()
    assert {(row.person_id, row.login, row.name, row.address) for row in rows} == {
        (None, getpass.getuser(), "コマンド", None)
    }
    assert [(row.kind, row.what) for row in rows] == [
        ("role", "利用者「tantou」に直接与えた権限"),
        ("role", "役割「所管課担当」の権限"),
        ("password", "利用者「tantou」のパスワードを決めた"),
        ("role", "利用者「tantou」の権限"),
        ("user", "利用者「tantou」を削除"),
    ]
    assert (rows[0].before, rows[0].after) == ("なし", "auth.delete_user")
    assert rows[1].before.replace("kpis.record_own_actuals、", "") == rows[1].after
    assert (rows[3].before, rows[3].after) == ("有効", "有効、スーパーユーザー")
    assert rows[4].before == "有効、スーパーユーザー（役割：所管課担当）"


def test_migrate_says_which_permission_a_role_has_back(noted):
    Group.objects.get(name=MANAGER).permissions.remove(
        Permission.objects.get(codename="close_fiscal_year")
    )
    noted()
    call_command("migrate", verbosity=0)

    assert [(row.name, row.what, row.before, row.after) for row in noted()] == [
        ("コマンド", "役割「管理職」に足りなかった権限", "", "close_fiscal_year"),
    ]


def test_loading_a_plan_and_the_demo_are_imports(db, settings, noted):
    settings.DEMO = True
    load_plan("omuta_2024_2028")
    assert seed_demo() == ""

    assert [row.what for row in noted() if row.kind == "import"] == [
        "計画「第3期大牟田市まち・ひと・しごと創生総合戦略」（omuta_2024_2028）",
        "デモの利用者と、架空の所管課・実績・進捗・総括",
    ]


def test_closing_reopening_and_issuing_are_noted_and_undone_with_the_act(kikaku, noted):
    plan = make_plan(kikaku)
    noted()
    close_years_through(plan, 2024, user=kikaku, reason="確認済み")
    issue_edition(plan, 2024, user=kikaku)
    correct_from(plan, 2024, user=kikaku, reason="数え間違い")
    with transaction.atomic():
        end_correction(plan, user=kikaku)
        transaction.set_rollback(True)

    assert facts(noted()) == [
        (
            "closing", "kikaku",
            "見本市総合戦略の令和6年度を締めた（理由：確認済み）", "", "",
        ),
        ("edition", "kikaku", "見本市総合戦略の令和6年度 第1版を発行した", "", ""),
        (
            "closing", "kikaku",
            "見本市総合戦略の締めた年度（令和6年度）を改め始めた（理由：訂正：数え間違い）", "", "",
        ),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "kind", "what"),
    [
        (
            "/plans/mihon/reports/2025/annual-report.csv",
            "download",
            "見本市総合戦略の令和7年度の案 annual-report.csv",
        ),
        (
            "/plans/mihon/reports/2024/editions/1/annual-report.csv",
            "download",
            "見本市総合戦略の令和6年度 第1版 annual-report.csv",
        ),
        ("/plans/mihon/history.csv", "export", "見本市総合戦略の変更の履歴"),
        ("/plans/mihon/initiatives/?_export=csv", "export", "見本市総合戦略の取組 initiatives.csv"),
        ("/audit.csv?kind=login", "export", "監査の記録（種類：login）"),
    ],
)
def test_what_leaves_the_app_is_noted(planner, kikaku, noted, path, kind, what):
    plan = make_plan(kikaku)
    close_years_through(plan, 2024, user=kikaku)
    issue_edition(plan, 2024, user=kikaku)
    noted()

    planner.get(path)

    assert facts(noted()) == [(kind, "kikaku", what, "", "")]


def test_edition_that_the_browser_has_already_is_no_download(planner, kikaku, noted):
    plan = make_plan(kikaku)
    close_years_through(plan, 2024, user=kikaku)
    issue_edition(plan, 2024, user=kikaku)
    path = "/plans/mihon/reports/2024/editions/1/annual-report.csv"
    etag = planner.get(path).headers["ETag"]
    noted()

    assert planner.get(path, headers={"If-None-Match": etag}).status_code == 304
    assert noted() == []


def test_download_whose_note_cannot_be_written_is_answered_and_logged(
    planner, kikaku, monkeypatch, caplog
):
    make_plan(kikaku)

    def read_only(*_args, **_options):
        raise DatabaseError("attempt to write a readonly database")

    monkeypatch.setattr(AuditEntry, "save", read_only)
    response = planner.get("/plans/mihon/reports/2025/annual-report.csv")

    assert response.content.decode("utf-8-sig").startswith("団体コード,団体名,指標コード,")
    (line,) = [record.getMessage() for record in caplog.records if record.name == writing.__name__]
    assert line.startswith("監査の記録を書けませんでした：報告書のファイル「見本市総合戦略の")


def test_page_and_file_show_what_is_filtered(planner, kikaku, tantou):
    kikaku.last_name = "=山田"
    kikaku.save()
    tantou.is_staff = True
    tantou.save()
    rows = list(
        csv.DictReader(
            io.StringIO(
                b"".join(planner.get("/audit.csv?kind=role").streaming_content).decode("utf-8-sig")
            )
        )
    )

    page = text_of(planner.get("/audit/?kind=role"))
    assert "利用者「tantou」の権限" in page
    assert "利用者「tantou」を登録" not in page
    assert {row["種類"] for row in rows} == {"役割と権限"}
    assert (rows[0]["内容"], rows[0]["変更前"], rows[0]["変更後"]) == (
        "利用者「tantou」の権限",
        "有効",
        "有効、スタッフ権限",
    )
    everything = b"".join(planner.get("/audit.csv").streaming_content).decode("utf-8-sig")
    assert ",kikaku,'=山田," in everything


def test_filters_take_person_and_days_and_refuse_what_they_cannot_read(planner, kikaku):
    AuditEntry.objects.bulk_create(
        [AuditEntry(kind="login", login="tantou", name="山田太郎", what="昔", at=moment)
         for moment in ("2025-06-29T14:59:59Z", "2025-06-29T15:00:00Z", "2025-06-30T14:59:59Z")]
    )  # fmt: skip

    def found(query):
        return planner.get(f"/audit/?{query}").context["page"].paginator.count

    assert found("person=tantou") == found("person=山田") == 3
    assert found("person=tantou&since=2025-06-30&until=令和7年6月30日") == 2
    assert found("since=1868-01-01&until=2999-12-31") == AuditEntry.objects.count()
    for query in (
        "since=abc",
        "until=9999-12-31",
        "kind=nothing",
        "since=2025-07-01&until=2025-06-01",
    ):
        for path in ("/audit/", "/audit.csv"):
            assert planner.get(f"{path}?{query}").status_code == 422
    assert planner.get("/audit/?page=-1").status_code == 400


@pytest.mark.parametrize("path", ["/audit/", "/audit.csv"])
def test_only_planners_and_superusers_read_it(client, kikaku, tantou, kanri, path):
    root = User.objects.create_superuser("root")
    statuses = {}
    for person in (kikaku, tantou, kanri, root):
        client.force_login(person)
        statuses[person.username] = client.get(path).status_code

    assert statuses == {"kikaku": 200, "tantou": 403, "kanri": 403, "root": 200}


def test_it_has_no_admin_page():
    with pytest.raises(NoReverseMatch):
        reverse("admin:accounts_auditentry_changelist")


@pytest.mark.parametrize(
    "attempt",
    [
        lambda row: row.save(),
        lambda row: row.delete(),
        lambda row: AuditEntry.objects.update(what="別"),
        lambda row: AuditEntry.objects.all().delete(),
        lambda row: AuditEntry.objects.bulk_update([row], ["what"]),
    ],
    ids=["save", "delete", "update", "delete all", "bulk update"],
)
def test_models_change_and_delete_nothing(tantou, attempt):
    before = list(AuditEntry.objects.values_list())
    sentence = "「監査の記録」は、変えることも削除することもできません。"
    with pytest.raises(RowIsFixed, match=sentence):
        attempt(AuditEntry.objects.first())

    assert list(AuditEntry.objects.values_list()) == before


def test_entries_stay_when_the_account_goes(client, tantou):
    client.force_login(tantou)
    kept = AuditEntry.objects.filter(kind="login").values_list("login", "person_id")
    before = list(kept)
    tantou.delete()

    assert list(kept) == before == [("tantou", before[0][1])]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE accounts_auditentry SET what = '別'", "DELETE FROM accounts_auditentry"],
)
def test_database_changes_and_deletes_nothing(tantou, statement):
    migration = importlib.import_module("accounts.migrations.0002_audit_is_only_added_to")
    before = list(AuditEntry.objects.values_list())
    assert before
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # The tests' own database goes without it (tests/conftest.py).
            cursor.execute(next(one for one in migration.SQLITE if "BEFORE DELETE" in one))
        with pytest.raises(DatabaseError, match="The audit is only added to"), transaction.atomic():
            cursor.execute(statement)

    assert list(AuditEntry.objects.values_list()) == before


def test_audit_page_takes_a_constant_number_of_queries(planner, django_assert_num_queries):
    planner.get("/audit/")
    with django_assert_num_queries(7):
        planner.get("/audit/")
    for number in range(20):
        make_user(f"user{number}", MANAGER)
    with django_assert_num_queries(7):
        planner.get("/audit/")


def test_members_of_a_department_made_in_the_admin_are_noted(planner, tantou, noted):
    noted()
    at = reverse("admin:projects_department_add")
    planner.post(
        at, shown(planner, at) | {"name": "新しい課", "code": "D09", "members": [tantou.pk]}
    )

    assert Department.objects.get(code="D09").members.get() == tantou
    assert facts(noted()) == [
        ("role", "kikaku", "所管課「新しい課」の課員", "なし", "tantou"),
    ]
