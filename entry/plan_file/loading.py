"""Loads a plan from a fixture once: checked as strictly as a form, and with its history.

Plain `loaddata` asks no rule, writes no history and, run again, overwrites
what users have edited.
"""

from dataclasses import dataclass, field
from typing import Any

from django.core import serializers
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.serializers.base import DeserializationError
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from accounts.audit import Kind, note
from common.history import sign_change
from entry.plan_file.fixture import (
    PLAN_MODELS,
    PlanRefused,
    Row,
    as_key,
    find_fixture,
    read_rows,
    strategy_row,
)
from kpis.permissions import User
from kpis.plan_check import check_everything
from projects.models import Department, InitiativeListing, Strategy
from projects.plan_check import error_sentences

CHANGE_REASON = "計画書の読み込み"


@dataclass(frozen=True, slots=True)
class LoadedPlan:
    """The strategy of a fixture; `is_new` is False if it was there and nothing was touched."""

    strategy: Strategy
    is_new: bool


def load_plan(fixture: str, *, user: User | None = None) -> LoadedPlan:
    """Load a plan with its history, unless its strategy is there already.

    `fixture` is a name in FIXTURE_DIRS or the path of a YAML file; the history
    names `user`. Raises PlanRefused with all problems, having changed nothing.
    """
    rows = read_rows(find_fixture(fixture))
    described = strategy_row(rows)
    if Strategy._meta.db_table not in connection.introspection.table_names():
        raise PlanRefused(
            "データベースの用意がまだです。先に python manage.py migrate を実行してください。"
        )
    code = str(described.fields["code"])
    present = Strategy.objects.filter(code=code).first()
    if present is not None:
        return LoadedPlan(present, is_new=False)
    if described.fields.get("is_current"):
        _refuse_second_current()
    with transaction.atomic():
        _Loading(code, user).save(rows)
        strategy = Strategy.objects.get(code=code)
        problems = check_everything(strategy)
        if problems:
            raise PlanRefused(*problems)
        note(Kind.IMPORT, f"計画「{strategy}」（{fixture}）", user=user)
    return LoadedPlan(strategy, is_new=True)


def _refuse_second_current() -> None:
    current = Strategy.objects.filter(is_current=True).first()
    if current is not None:
        raise PlanRefused(
            f"いまの現行の計画は「{current}」（{current.code}）です。現行の計画はひとつだけなので、"
            "管理画面の「総合戦略」でその計画の「現行の計画」の印を外すか、"
            "ファイルの is_current を false にしてください。"
        )


@dataclass
class _Loading:
    """One load under way, inside a transaction, and what was wrong so far."""

    code: str
    user: User | None
    problems: list[str] = field(default_factory=list)
    keys: set[tuple[type[Model], tuple[str, ...]]] = field(default_factory=set)

    def save(self, rows: list[Row]) -> None:
        """Save all rows, whatever their order in the file. PlanRefused with every problem."""
        self.keys = {(row.model, row.key) for row in rows}
        for model in PLAN_MODELS.values():
            found = [(row, self._build(row)) for row in rows if row.model is model]
            built = [(row, instance) for row, instance in found if instance is not None]
            if model is InitiativeListing:
                # Nothing can be re-listed that its home doesn't list yet.
                built.sort(key=lambda pair: pair[1].is_relisted)
            for row, instance in built:
                self._save(row, instance)
        if self.problems:
            raise PlanRefused(*self.problems)

    def _build(self, row: Row) -> Any:
        """The unsaved instance of a row; None, and a problem more, if it can't be had."""
        entry = {"model": row.model._meta.label_lower, "fields": row.fields}
        try:
            (deserialized,) = serializers.deserialize("python", [entry])
        except (DeserializationError, ObjectDoesNotExist) as error:
            self._tell_why_not_built(row, error)
            return None
        instance: Any = deserialized.object
        if instance.pk is not None:
            self.problems.append(
                f"{row.place}「{instance}」：すでにあります。上書きしないので、ファイルから消してください。"
            )
            return None
        if row.model is not Department and instance.natural_key()[0] != self.code:
            self.problems.append(
                f"{row.place}「{instance}」：別の計画（{instance.natural_key()[0]}）の行です。"
                f"{self.code} に直すか、ファイルから消してください。"
            )
            return None
        return instance

    def _save(self, row: Row, instance: Any) -> None:
        """Check and save; a row that fails is saved if it can be, so that others don't fail too."""
        place = f"{row.place}「{instance}」"
        wrong: list[str] = []
        try:
            instance.full_clean()
        except ValidationError as error:
            wrong = error_sentences(instance, error, place=place)
        sign_change(instance, self.user, CHANGE_REASON)
        try:
            with transaction.atomic():
                instance.save()
        except (DatabaseError, ValueError, OverflowError) as error:
            wrong = wrong or [f"{place}：データベースに入れられません（{error}）。"]
        self.problems += wrong

    def _tell_why_not_built(self, row: Row, error: Exception) -> None:
        cause = error.__context__ if isinstance(error, DeserializationError) else error
        if isinstance(cause, ObjectDoesNotExist):
            missing = _missing_field(row.model, cause)
            value = row.fields.get(missing.name)
            if self.problems and value and (missing.related_model, as_key(value)) in self.keys:
                return  # The row it refers to is in the file and failed: that has been told.
            kind = missing.related_model._meta.verbose_name
            remedy = (
                "元の指標のある計画を先に読み込んで"
                if missing.name == "source"
                else f"その{kind}の行を加えて"
            )
            why = (
                f"{missing.name} の {value} に当たる{kind}がありません。"
                f"書き間違いを直すか、{remedy}ください。"
                if value
                else f"{missing.verbose_name}（{missing.name}）を書いてください。"
            )
        elif isinstance(cause, ValidationError):
            why = "".join(cause.messages)
        else:
            why = f"値の書き方を確かめてください（{cause or error}）。"
        self.problems.append(f"{row.place}：{why}")


def _missing_field(model: type[Model], cause: ObjectDoesNotExist) -> Any:
    """The field whose related object was not found; a model of the plan has one of each kind."""
    related: list[Any] = [field for field in model._meta.fields if field.related_model]
    return next(one for one in related if isinstance(cause, one.related_model.DoesNotExist))
