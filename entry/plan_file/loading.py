"""Loads a plan from a fixture once: checked as strictly as a form, and with its history.

Plain `loaddata` asks no rule, writes no history and, run again, overwrites
what users have edited.
"""

from collections.abc import Iterable
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
from kpis.plan_acts import take_free_mark
from kpis.plan_check import check_everything
from projects.models import Department, InitiativeListing, PlanState, Strategy
from projects.plan_check import error_sentences
from projects.words import OWN_WORDS, PlanWords

CHANGE_REASON = "計画書の読み込み"


@dataclass(frozen=True, slots=True)
class LoadedPlan:
    """The strategy of a fixture; `is_new` is False if it was there and nothing was touched."""

    strategy: Strategy
    is_new: bool


def load_plan(fixture: str, *, user: User | None = None) -> LoadedPlan:
    """Load a plan with its history and put it into force, unless its strategy is there already.

    It is the main plan where no running plan is, whatever the file says of `state` and
    `is_current`. `fixture` is a name in FIXTURE_DIRS or the path of a YAML file; the history
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
    with transaction.atomic():
        strategy = save_plan(code, rows, user=user, reason=CHANGE_REASON, is_in_force=True)
        note(Kind.IMPORT, f"計画「{strategy}」（{fixture}）", user=user)
    return LoadedPlan(strategy, is_new=True)


def save_plan(
    code: str,
    rows: list[Row],
    *,
    user: User | None,
    reason: str,
    known: Iterable[Any] = (),
    is_in_force: bool = False,
) -> Strategy:
    """Save the rows of a plan that is not there yet, in the caller's transaction; return it.

    The history names `user` and `reason`; `known` are rows of other plans that these refer to
    and that need not be looked up. `is_in_force`: whatever its row says, the plan is running,
    and the main plan where no other is. Raises PlanRefused with every problem.
    """
    loading = _Loading(code, user, reason, is_in_force)
    for instance in known:
        loading.keep(instance)
    loading.save(rows)
    strategy = Strategy.objects.get(code=code)
    problems = check_everything(strategy)
    if problems:
        raise PlanRefused(*problems)
    return strategy


@dataclass
class _Loading:
    """One load under way, inside a transaction, and what was wrong so far."""

    code: str
    user: User | None
    reason: str
    is_in_force: bool
    words: PlanWords = OWN_WORDS
    problems: list[str] = field(default_factory=list)
    keys: set[tuple[type[Model], tuple[str, ...]]] = field(default_factory=set)
    there: dict[tuple[type[Model], tuple[str, ...]], Any] = field(default_factory=dict)

    def keep(self, instance: Any) -> None:
        """Remember a row that stands in the database, for those that refer to it."""
        self.there[type(instance), as_key(list(instance.natural_key()))] = instance

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
        return self._built_of_what_is_there(row) or self._looked_up(row)

    def _built_of_what_is_there(self, row: Row) -> Any:
        """The same without a query, if all that the row refers to has been seen; else None."""
        if row.key[0] != self.code or row.model is Strategy:
            return None
        values = {}
        try:
            for name, value in row.columns.items():
                column: Any = row.model._meta.get_field(name)
                if column.is_relation and value is not None:
                    values[name] = self.there[column.related_model, as_key(value)]
                else:
                    values[name] = column.to_python(value)
        except (KeyError, ValidationError):
            return None
        return row.model(**values)

    def _looked_up(self, row: Row) -> Any:
        entry = {"model": row.model._meta.label_lower, "fields": row.columns}
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
        if isinstance(instance, Strategy):
            self.words = instance.words
        place = f"{self.words.put(row.place)}「{instance}」"
        wrong: list[str] = []
        if self.is_in_force and isinstance(instance, Strategy):
            instance.state, instance.is_current = PlanState.RUNNING, False
            take_free_mark(instance, user=self.user)
        try:
            instance.full_clean()
        except ValidationError as error:
            wrong = error_sentences(instance, error, place=place, words=self.words)
        sign_change(instance, self.user, self.reason)
        try:
            with transaction.atomic():
                instance.save()
            self.keep(instance)
            wrong += self._link(row, instance, place)
        except (DatabaseError, ValueError, OverflowError) as error:
            wrong = wrong or [f"{place}：データベースに入れられません（{error}）。"]
        self.problems += wrong

    def _link(self, row: Row, instance: Any, place: str) -> list[str]:
        """Lead a saved row to the several that it names; sentences on those that aren't there."""
        wrong = []
        for name, keys in row.links.items():
            model = instance._meta.get_field(name).related_model
            found = [self._row_of(model, key) for key in keys]
            wrong += [
                f"{place}：{name} の {key} に当たる{model._meta.verbose_name}がありません。"
                f"書き間違いを直すか、その{model._meta.verbose_name}の行を加えてください。"
                for key, one in zip(keys, found, strict=True)
                if one is None
            ]
            if any(found):
                getattr(instance, name).set([one for one in found if one is not None])
        return wrong

    def _row_of(self, model: Any, key: list[Any]) -> Any:
        """The row of a natural key, kept or looked up; None where there is none."""
        known = self.there.get((model, as_key(key)))
        if known is not None:
            return known
        try:
            return model.objects.get_by_natural_key(*key)
        except ObjectDoesNotExist:
            return None

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
