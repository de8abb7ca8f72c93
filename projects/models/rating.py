"""By what a plan rates: the columns with which it begins, and the rows that revise them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from projects.bands import (
    bands_from_data,
    check_bounded,
    check_unbounded,
    default_bands,
    validate_bands,
)
from projects.scales import (
    Basis,
    Method,
    ProjectMethod,
    RateRounding,
    Scale,
    check_scale,
    steps_from_data,
    validate_steps,
)

MOST_RATE_DECIMALS = 2


def validate_bands_or_none(data: Any) -> None:
    """Raise ValidationError unless the data are bands, or an empty list for none of its own."""
    if data != []:
        validate_bands(data)


class ScaleColumns(models.Model):
    """A scale by which KPIs are rated."""

    rating_method = models.CharField(
        "評価の方法", max_length=20, choices=Method.choices, default=Method.RATE
    )
    rating_basis = models.CharField(
        "評価に使う率", max_length=20, choices=Basis.choices, default=Basis.PROGRESS
    )
    bands = models.JSONField("評価区分", default=default_bands, validators=[validate_bands])
    rating_steps = models.JSONField(
        "評価の条件", default=list, blank=True, validators=[validate_steps]
    )

    class Meta:
        abstract = True

    @property
    def scale(self) -> Scale:
        """The scale as a plain value."""
        return Scale(
            self.rating_method,
            self.rating_basis,
            bands_from_data(self.bands),
            steps_from_data(self.rating_steps),
        )

    def clean(self) -> None:
        super().clean()
        self.check_terms()

    def check_terms(self) -> None:
        """Raise ValidationError, by column, for bands and rows that don't fit the method."""
        # What is no scale at all was refused at its column.
        if _are_bands(self.bands) and _are_steps(self.rating_steps):
            check_scale(self.scale)


class RatingColumns(ScaleColumns):
    """All rules of rating: the scales, how means are made, how rates are written."""

    average_cap = models.DecimalField(
        "平均に入れる率の上限（%）",
        max_digits=6,
        decimal_places=1,
        null=True,
        blank=True,
        default=Decimal(100),
        validators=[MinValueValidator(Decimal(100))],
        help_text="100を超える率は平均ではこの値として数えます。空欄は上限なし。",
    )
    average_floor = models.DecimalField(
        "平均に入れる率の下限（%）",
        max_digits=6,
        decimal_places=1,
        null=True,
        blank=True,
        default=Decimal(0),
        validators=[MaxValueValidator(Decimal(100))],
        help_text="これより低い率は平均ではこの値として数えます。空欄は下限なし。",
    )
    rate_decimals = models.PositiveSmallIntegerField(
        "率の小数桁数", default=1, validators=[MaxValueValidator(MOST_RATE_DECIMALS)]
    )
    rate_rounding = models.CharField(
        "率の端数", max_length=20, choices=RateRounding.choices, default=RateRounding.HALF_UP
    )
    project_method = models.CharField(
        "プロジェクトの評価の方法",
        max_length=20,
        choices=ProjectMethod.choices,
        default=ProjectMethod.MEAN,
    )
    project_bands = models.JSONField(
        "プロジェクトの評価区分",
        default=list,
        blank=True,
        validators=[validate_bands_or_none],
        help_text="空欄は、指標の評価区分と同じ。",
    )
    external_bands = models.JSONField(
        "外部有識者の評価区分",
        default=list,
        blank=True,
        validators=[validate_bands_or_none],
        help_text="空欄は、外部有識者が評価しないとき。",
    )

    class Meta(ScaleColumns.Meta):
        abstract = True

    def check_terms(self) -> None:
        """Raise ValidationError, by column, also for bands that don't fit what rates projects."""
        super().check_terms()
        if not (_are_bands(self.bands) and _are_steps(self.rating_steps)):
            return
        for name in ("project_bands", "external_bands"):
            if getattr(self, name) and not _are_bands(getattr(self, name)):
                return
        try:
            self._check_project_bands()
        except ValidationError as error:
            raise ValidationError({"project_bands": error.messages}) from None
        try:
            check_unbounded(bands_from_data(self.external_bands))
        except ValidationError as error:
            raise ValidationError({"external_bands": error.messages}) from None

    def _check_project_bands(self) -> None:
        own = bands_from_data(self.project_bands)
        if self.project_method == ProjectMethod.MEAN:
            if not own and self.rating_method != Method.RATE:
                raise ValidationError(
                    "指標を率で評価しないときに、プロジェクトを平均で評価するには、"
                    "プロジェクトの評価区分に下限を書いてください。"
                )
            if own:
                check_bounded(own)


def _are_bands(data: Any) -> bool:
    return _is_valid(validate_bands, data)


def _are_steps(data: Any) -> bool:
    return _is_valid(validate_steps, data)


def _is_valid(validate: Any, data: Any) -> bool:
    try:
        validate(data)
    except ValidationError:
        return False
    return True


_OF_SCALES: dict[str, Any] = {"rating_method": Method, "rating_basis": Basis}
_OF_ALL = _OF_SCALES | {"project_method": ProjectMethod, "rate_rounding": RateRounding}


def known_choices(name: str, choices: Mapping[str, Any] = _OF_ALL) -> list[models.CheckConstraint]:
    """The conditions that a table's columns of rating hold known choices alone.

    `name` begins the constraints' names.
    """
    return [
        models.CheckConstraint(
            condition=Q(**{f"{column}__in": known.values}), name=f"{name}_{column}_known"
        )
        for column, known in choices.items()
    ]


def scale_choices(name: str) -> list[models.CheckConstraint]:
    """The same for a table that has a scale alone."""
    return known_choices(name, _OF_SCALES)


SCALE_COLUMNS = tuple(field.name for field in ScaleColumns._meta.fields)
RATING_COLUMNS = tuple(field.name for field in RatingColumns._meta.fields)
