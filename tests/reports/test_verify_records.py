"""`verify` on records: what somebody with the database's password changes is found and named."""

import hashlib
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from django.db import connection, transaction

from kpis.models import Kpi, YearlyActual
from kpis.plan_changes.kpi_rules import revise_kpi_rules
from kpis.recording import close_years_through, record_actual
from projects.models import (
    Department,
    FiscalYearClosing,
    Initiative,
    InitiativeListing,
    Strategy,
)
from reports.annual.editions import issue_edition
from reports.models import Edition, Seal, SealedRow
from reports.seals import Occasion, make_seal, newest_seal
from reports.seals.hashes import NOTHING_BEFORE, RowsHash, row_hash, seal_hash
from reports.seals.tables import sealed_tables
from tests.clock import on
from tests.factories import (
    final,
    make_department,
    make_plan,
    record_progress,
)
from tests.reports.verifying import notes, problems, verified, written

YEAR = 2025
CLOSED = "令和6年度 第1回の締め、令和7年度 第1回の締め"
ACTUAL = "実績値「P1-1 2025年度の実績」"


@pytest.fixture
def plan(kikaku, tantou):
    strategy = make_plan(kikaku)
    department = Department.objects.get()
    department.members.add(tantou)
    record_actual(Kpi.objects.get(number=1), 2026, final(24), user=kikaku, version=0)
    close_years_through(strategy, YEAR, user=kikaku)
    return Strategy.objects.get()


@pytest.fixture
def actual(plan):
    return YearlyActual.objects.get(kpi__number=1, fiscal_year=YEAR)


def last_history(row):
    return type(row).history.filter(id=row.pk).latest("history_id").history_id


def corrected(actual, user, value):
    """令和8年度 of the same KPI, which is open, is put right, as people do."""
    other = YearlyActual.objects.get(kpi=actual.kpi, fiscal_year=2026)
    return record_actual(actual.kpi, 2026, final(value), user=user, version=other.version)


def test_records_as_they_were_written_are_fine(plan, actual, kikaku):
    corrected(actual, kikaku, 25)
    make_seal(Occasion.BACKUP)
    corrected(actual, kikaku, 26)
    code, said = verified()

    assert code == 0
    tables, seals, *_editions, newest, last = said.splitlines()
    # Plan, pillar, project, two initiatives with their listings, department, two KPIs with a target
    # and two actuals each, one of 2026, and two closings.
    assert tables == "23の表の19件を、それぞれの最後の履歴と照らし合わせました。"
    assert seals.startswith("2の封印と、封印した")
    assert seals.endswith("（次の封印を待つもの：1件）。")
    assert newest.startswith(f"最新の封印：{newest_seal().short_form}　第2号（バックアップ、")
    assert last == "問題はありません。"


def test_figure_changed_alone_is_named_with_both_values(actual):
    written("UPDATE kpis_yearlyactual SET value=99 WHERE id=%s", actual.pk)

    (found,) = problems()
    assert found == (
        f"{ACTUAL}：実績値は、表では「99.0000」、"
        f"最後の履歴（{last_history(actual)}番）では「31.0000」です。"
    )


def test_figure_changed_with_its_history_row_deleted_is_found_twice(actual):
    history = last_history(actual)
    written("UPDATE kpis_yearlyactual SET value=99 WHERE id=%s", actual.pk)
    written("DELETE FROM kpis_historicalyearlyactual WHERE history_id=%s", history)

    first, second = problems()
    assert first.startswith(f"{ACTUAL}：履歴がありません。")
    assert second.startswith(f"実績値の履歴 {history}番（{ACTUAL}、封印の第1号（締め　")
    assert second.endswith("：消えています。")


def test_figure_set_back_with_its_history_row_deleted_is_found_by_the_seal_alone(actual, kikaku):
    other = corrected(actual, kikaku, 25)
    make_seal(Occasion.DAILY)
    history = last_history(other)
    written("DELETE FROM kpis_historicalyearlyactual WHERE history_id=%s", history)
    before = YearlyActual.history.filter(id=other.pk).latest("history_id")
    written(
        "UPDATE kpis_yearlyactual SET value=%s, version=%s, updated_at=%s WHERE id=%s",
        before.value, before.version, before.updated_at, other.pk,
    )  # fmt: skip

    (found,) = problems()
    assert found.startswith(
        f"実績値の履歴 {history}番（実績値「P1-1 2026年度の実績」、封印の第2号（日次、"
    )


def test_history_row_changed_together_with_its_figure_is_found(actual):
    history = last_history(actual)
    written("UPDATE kpis_yearlyactual SET value=99 WHERE id=%s", actual.pk)
    written("UPDATE kpis_historicalyearlyactual SET value=99 WHERE history_id=%s", history)

    (found,) = problems()
    assert found.startswith(f"実績値の履歴 {history}番（{ACTUAL}、封印の第1号（締め　")
    assert found.endswith("：封印のあとで書き換えられています。")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("acted_by", "だれか"),
        ("history_change_reason", "別の理由"),
        ("history_date", "2024-01-01 00:00:00+00:00"),
        ("analysis", "別の分析"),
    ],
)
def test_any_word_of_a_history_row_that_is_changed_is_found(actual, column, value):
    last = last_history(actual)
    written(
        f"UPDATE kpis_historicalyearlyactual SET {column}=%s WHERE history_id=%s",  # noqa: S608
        value, last,
    )  # fmt: skip

    assert any(f"実績値の履歴 {last}番" in one and "書き換え" in one for one in problems())


def test_row_that_came_or_went_without_a_history_is_found(actual, kikaku):
    written("DELETE FROM kpis_yearlyactual WHERE id=%s", actual.pk)
    other = YearlyActual.objects.get(kpi=actual.kpi, fiscal_year=2024)
    written(
        "INSERT INTO kpis_yearlyactual (version, updated_at, updated_by_name, fiscal_year, state,"
        " value, value_words, unmeasured_reason, analysis, next_steps, confirmation, kpi_id,"
        " updated_by_id)"
        " SELECT version, updated_at, updated_by_name, 2027, state, 7, '', '', '', '', '', kpi_id,"
        " updated_by_id FROM kpis_yearlyactual WHERE id=%s",
        other.pk,
    )

    gone, come = problems()
    assert gone == (
        f"{ACTUAL}：最後の履歴（{last_history(actual)}番）では残っているのに、表から消えています。"
    )
    assert come.startswith("実績値「P1-1 2027年度の実績」：履歴がありません。")


def test_row_that_stands_although_its_history_says_deleted_is_found(plan, kikaku):
    project = plan.projects.get()
    initiative = Initiative.objects.create(
        strategy=plan, name="新しい取組", home_project=project, first_year=2026, begin_reason="拡充"
    )
    listing = InitiativeListing.objects.create(
        project=project, number=9, initiative=initiative, first_year=2026, begin_reason="拡充"
    )
    columns = (
        "id, project_id, number, initiative_id, printed_name, first_year, begin_reason, end_reason"
    )
    kept = (listing.pk, project.pk, 9, initiative.pk, "", 2026, "拡充", "")
    listing.delete()
    places = ", ".join(["%s"] * len(kept))
    written(f"INSERT INTO projects_initiativelisting ({columns}) VALUES ({places})", *kept)  # noqa: S608

    (found,) = problems()
    assert "では削除されているのに、表に残っています。" in found


@pytest.mark.parametrize(
    ("table", "column", "value", "noun"),
    [
        ("kpis_finaltarget", "value", 1, "最終目標値"),
        ("kpis_kpi", "unit", "人", "重要業績評価指標"),
        ("projects_fiscalyearclosing", "closed_by_name", "別人", "年度締め"),
        ("projects_strategy", "rating_basis", "achievement", "総合戦略"),
        ("projects_initiative", "name", "別の名", "取組"),
        ("projects_initiativeprogress", "cost", 9, "取組の進捗"),
        ("kpis_kpiratingrules", "rating_basis", "achievement", "指標ごとの評価のきまり"),
    ],
)
def test_every_kind_of_record_is_held_against_its_history(plan, kikaku, table, column, value, noun):
    record_progress(plan.initiatives.first(), kikaku, 2026)
    kpi = Kpi.objects.filter(project__strategy=plan).first()
    revise_kpi_rules(kpi, effective_from=2026, user=kikaku, reason="改定", rating_method="none")
    first = f"(SELECT MIN(id) FROM {table})"  # noqa: S608
    written(f"UPDATE {table} SET {column}=%s WHERE id={first}", value)  # noqa: S608

    (found,) = problems()
    assert found.startswith(f"{noun}「")


def test_member_of_a_department_who_came_or_went_without_a_history_is_found(plan, tantou, kanri):
    department = Department.objects.get()
    written("DELETE FROM projects_department_members WHERE user_id=%s", tantou.pk)
    written(
        "INSERT INTO projects_department_members (department_id, user_id) VALUES (%s, %s)",
        department.pk, kanri.pk,
    )  # fmt: skip

    assert sorted(problems()) == sorted(
        f"所管課「D01課」：課員のユーザー「{name}」は、{place}。"
        for name, place in (
            ("kanri", "最後の履歴にはありません"),
            ("tantou", "最後の履歴にしかありません"),
        )
    )


def test_account_that_is_deleted_leaves_no_problem(plan, tantou, kpi_of_tantou):
    tantou.delete()

    assert problems() == []


@pytest.fixture
def kpi_of_tantou(plan, tantou):
    """A figure that the department's editor recorded, sealed with their name."""
    kpi = Kpi.objects.get(number=2)
    record_actual(kpi, 2026, final(77), user=tantou, version=0)
    make_seal(Occasion.DAILY)
    return kpi


def test_deleted_last_edition_is_named(plan, kikaku):
    edition = issue_edition(plan, YEAR, user=kikaku)
    written("DELETE FROM reports_editionfile WHERE edition_id=%s", edition.pk)
    written("DELETE FROM reports_edition WHERE id=%s", edition.pk)

    found = problems()
    assert any(
        one.startswith(f"報告書の版 {edition.pk}番（")
        and "封印の第2号（発行　見本市総合戦略 令和7年度 第1版、" in one
        and one.endswith("：消えています。")
        for one in found
    ), found


def test_seal_in_the_middle_that_is_changed_or_deleted_breaks_the_chain(plan):
    for _again in range(3):
        make_seal(Occasion.BACKUP)
    written("UPDATE reports_seal SET subject='別の年度' WHERE number=2")
    (changed,) = problems()
    assert changed.startswith("封印の第2号（バックアップ　別の年度、")
    assert "書き換えられている" in changed

    written("DELETE FROM reports_seal WHERE number=2")
    assert problems() == ["封印の第2号が消えています。"]


@pytest.mark.parametrize("tables", [[1], {}, {"kpis.historicalkpi": 5}, {"kpis.historicalkpi": {}}])
def test_seal_that_says_something_else_of_its_tables_is_a_problem_and_not_a_crash(plan, tables):
    written("UPDATE reports_seal SET tables=%s", as_json(tables))

    first, *others = problems()
    assert first.startswith(f"封印の第1号（締め　見本市総合戦略 {CLOSED}、")
    assert any("封印した行の控え（重要業績評価指標の履歴）が、" in one for one in others)


def test_sealed_rows_that_are_forgotten_are_missed(plan, actual):
    written(
        "DELETE FROM reports_sealedrow WHERE \"table\"='kpis.historicalyearlyactual' AND row_id=%s",
        last_history(actual),
    )

    (found,) = problems()
    assert found.startswith(f"封印の第1号（締め　見本市総合戦略 {CLOSED}、")
    assert "封印した行の控え（実績値の履歴）が、書き換えられているか消されています。" in found


def test_whole_chain_made_anew_over_a_forged_past_is_found_by_a_printed_seal(actual):
    """Nothing in the database gives it away: only what was written down elsewhere."""
    printed = newest_seal().short_form
    written("UPDATE kpis_yearlyactual SET value=99 WHERE id=%s", actual.pk)
    written(
        "UPDATE kpis_historicalyearlyactual SET value=99 WHERE history_id=%s", last_history(actual)
    )
    forge_all_seals()

    assert problems() == []
    (found,) = problems("--seal", printed)
    assert found.startswith(f"封印「{printed}」は、このデータベースにありません。")


def forge_all_seals():
    before = NOTHING_BEFORE
    for seal in Seal.objects.order_by("number"):
        for table in sealed_tables():
            if table.label not in seal.tables:
                continue
            rows = RowsHash()
            kept = SealedRow.objects.filter(seal=seal, table=table.label).order_by("row_id")
            for one in kept:
                values = table.model.objects.filter(pk=one.row_id).values_list(*table.columns).get()
                sha256 = row_hash(table.label, table.columns, values)
                rows.add(one.row_id, one.object_id, sha256)
                written("UPDATE reports_sealedrow SET sha256=%s WHERE id=%s", sha256, one.pk)
            seal.tables[table.label]["sha256"] = rows.hexdigest()
        before = seal_hash(seal, before)
        written(
            "UPDATE reports_seal SET sha256=%s, tables=%s WHERE number=%s",
            before, as_json(seal.tables), seal.number,
        )  # fmt: skip


def as_json(value):
    return Seal._meta.get_field("tables").get_db_prep_value(value, connection)


def test_printed_seal_that_stands_is_named_in_any_spelling(plan):
    seal = newest_seal()
    for spelt in (
        seal.short_form,
        str(seal),
        seal.short_form.upper().replace("-", "－"),
        seal.short_form.replace("-", ""),
        seal.sha256,
    ):
        code, said = verified("--seal", spelt)
        assert code == 0
        assert f"封印「{spelt}」は、第1号（締め　見本市総合戦略 {CLOSED}、" in said
    assert "封印「1a2b」を読み取れません。" in verified("--seal", "1a2b")[1]


def test_edition_whose_printed_seal_is_gone_is_found(plan, kikaku):
    """The database was set back to before its closing, and the edition written into it again."""
    edition = issue_edition(plan, YEAR, user=kikaku)
    printed = Seal.objects.get(number=1)
    written("DELETE FROM reports_sealedrow")
    written("DELETE FROM reports_seal")
    make_seal(Occasion.DAILY)

    assert (
        f"発行の前の封印（{printed}）が、このデータベースにありません。"
        "封印が消されたか、記録が書き換えられています。"
    ) in problems()
    assert Edition.objects.get() == edition


def test_older_backup_beneath_is_found_by_a_newer_printed_seal(plan, actual, kikaku):
    """What stands after the older backup is whole; what was written since is not known to it."""
    with rolled_back():
        corrected(actual, kikaku, 25)
        printed = make_seal(Occasion.DAILY).short_form

    assert problems() == []
    (found,) = problems("--seal", printed)
    assert "古いバックアップに戻された" in found


class rolled_back:  # noqa: N801 - reads as what it does
    """What is written within is not in the database afterwards, nor does it know that it was."""

    def __enter__(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.point = transaction.savepoint()

    def __exit__(self, *error):
        transaction.savepoint_rollback(self.point)
        self.atomic.__exit__(*error)
        reset_sequences()


def reset_sequences():
    """As a restored backup has them; PostgreSQL counts on over what is rolled back."""
    if connection.vendor == "postgresql":
        written(
            "SELECT setval(pg_get_serial_sequence('reports_seal', 'id'),"
            " (SELECT MAX(id) FROM reports_seal))"
        )


def test_newest_seal_deleted_with_its_rows_is_found_as_far_as_the_database_knows(
    plan, actual, kikaku
):
    other = corrected(actual, kikaku, 25)
    seal = make_seal(Occasion.DAILY)
    history = last_history(other)
    written("DELETE FROM kpis_historicalyearlyactual WHERE history_id=%s", history)
    before = YearlyActual.history.filter(id=other.pk).latest("history_id")
    written(
        "UPDATE kpis_yearlyactual SET value=%s, version=%s, updated_at=%s WHERE id=%s",
        before.value, before.version, before.updated_at, other.pk,
    )  # fmt: skip
    written("DELETE FROM reports_sealedrow WHERE seal_id=%s", seal.number)
    written("DELETE FROM reports_seal WHERE number=%s", seal.number)

    assert problems() == []
    gone = [f"記録の封印：最後の行（{seal.pk}番）がありません。"]
    if connection.vendor == "sqlite":
        gone.append(f"実績値の履歴：最後の行（{history}番）がありません。")
    assert [note.partition("。")[0] + "。" for note in notes()] == gone
    assert any(seal.short_form in one for one in problems("--seal", seal.short_form))


def test_row_written_with_a_date_before_the_last_seal_is_noted(plan, actual):
    written(
        "INSERT INTO kpis_historicalyearlyactual (id, version, updated_at, updated_by_name,"
        " fiscal_year, state, value, value_words, unmeasured_reason, analysis, next_steps,"
        " confirmation, kpi_id, updated_by_id, history_date, history_type, acted_by)"
        " SELECT id, version, updated_at, updated_by_name, fiscal_year, state, value,"
        " value_words, unmeasured_reason, analysis, next_steps, confirmation, kpi_id,"
        " updated_by_id, '2025-01-06 00:00:00+00:00', '~', acted_by"
        " FROM kpis_historicalyearlyactual"
        " WHERE history_id=%s",
        last_history(actual),
    )

    (note,) = notes()
    assert note.startswith(
        f"実績値の履歴 {last_history(actual)}番（{ACTUAL}）：日時は令和7年1月6日 "
    )
    assert "封印の第1号（締め　" in note


def test_seals_that_stopped_are_noted(plan):
    assert notes() == []
    at = newest_seal().made_at
    with on(f"{at.year + 1}-{at.month:02}-01 09:00"):
        assert any("日前のものです。manage.py daily が毎日動いているか" in one for one in notes())


def test_many_faults_of_a_kind_are_counted_and_twenty_named(plan, kikaku):
    department = make_department("D99")
    for number in range(10, 40):
        # After the closed years.
        kpi = Kpi(
            project=plan.projects.get(),
            first_year=2026,
            number=number,
            name=f"指標{number}",
            unit="件",
        )
        kpi.department = department
        kpi.save()
    written("UPDATE kpis_kpi SET name='同じ名'")
    code, said = verified()

    assert code == 1
    assert said.count("指標名は、表では「同じ名」") == 20
    assert "・重要業績評価指標：ほかに12件あります。" in said
    assert said.endswith("問題が32件あります。")


def test_the_same_content_has_the_same_hash_on_every_database():
    """What SQLite and PostgreSQL hand out differs in zeros and zones, not in what it says."""
    tokyo = timezone(timedelta(hours=9))
    columns = ["value", "at", "on", "bands", "is_current", "text"]
    one = [
        Decimal("100.0000"), datetime(2026, 6, 1, 0, 0, 0, 5, UTC), date(2026, 6, 1),
        [{"symbol": "A", "bound": "100"}], True, "日本語",
    ]  # fmt: skip
    other = [
        Decimal(100), datetime(2026, 6, 1, 9, 0, 0, 5, tokyo), date(2026, 6, 1),
        [{"bound": "100", "symbol": "A"}], True, "日本語",
    ]  # fmt: skip

    assert row_hash("kpis.x", columns, one) == row_hash("kpis.x", columns, other)
    assert (
        row_hash("kpis.x", columns, one)
        == hashlib.sha256(
            '["kpis.x",[["value","100"],["at","2026-06-01T00:00:00.000005+00:00"],["on","2026-06-01"],'
            '["bands",[{"bound":"100","symbol":"A"}]],["is_current",true],["text","日本語"]]]'.encode()
        ).hexdigest()
    )
    assert row_hash("kpis.y", columns, one) != row_hash("kpis.x", columns, one)


def test_closings_are_part_of_what_is_held_against_the_history(plan):
    assert FiscalYearClosing.objects.count() == 2
    written("DELETE FROM projects_fiscalyearclosing WHERE fiscal_year=2025")

    (found,) = problems()
    assert found.startswith("年度締め「令和7年度の締め」：最後の履歴（")
