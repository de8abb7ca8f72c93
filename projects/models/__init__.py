"""The plan as the city printed it: who does what under which project.

Terms are those of docs/domain.md. Rules that need only one table are database
constraints; the rules across tables are in `projects.rules`.
"""

from projects.models.correction import Correction, CorrectionEnd, CorrectionKind
from projects.models.department import Department
from projects.models.initiative import Initiative, InitiativeListing
from projects.models.natural_keys import NaturalKeyManager
from projects.models.plan_row import (
    FISCAL_YEAR_RANGE,
    DatedRow,
    FormerRow,
    Lived,
    PlanRow,
    living_in,
    living_within,
)
from projects.models.project import Project, ProjectDirection
from projects.models.rating import RATING_COLUMNS, SCALE_COLUMNS, ScaleColumns
from projects.models.reorganisation import ChangeKind, Reorganisation, ReorganisationItem
from projects.models.strategy import (
    LONGEST_TERMS,
    EntryDeadline,
    FiscalYearClosing,
    FormerPeriod,
    Pillar,
    PlanChoice,
    PlanState,
    RatingRules,
    Strategy,
)
from projects.models.versioned import Versioned
from projects.models.yearly_texts import InitiativeProgress, InitiativeStatus, ProjectReview

__all__ = [
    "FISCAL_YEAR_RANGE",
    "LONGEST_TERMS",
    "RATING_COLUMNS",
    "SCALE_COLUMNS",
    "ChangeKind",
    "Correction",
    "CorrectionEnd",
    "CorrectionKind",
    "DatedRow",
    "Department",
    "EntryDeadline",
    "FiscalYearClosing",
    "FormerPeriod",
    "FormerRow",
    "Initiative",
    "InitiativeListing",
    "InitiativeProgress",
    "InitiativeStatus",
    "Lived",
    "NaturalKeyManager",
    "Pillar",
    "PlanChoice",
    "PlanRow",
    "PlanState",
    "Project",
    "ProjectDirection",
    "ProjectReview",
    "RatingRules",
    "Reorganisation",
    "ReorganisationItem",
    "ScaleColumns",
    "Strategy",
    "Versioned",
    "living_in",
    "living_within",
]
