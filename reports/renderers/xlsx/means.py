"""Both means of a group of KPIs, with the KPIs behind each, as cells."""

from reports.annual.document import AnnualReport, ReportStanding
from reports.renderers.wording import of_all_text
from reports.renderers.xlsx.figures import Content, rate

MEAN_HEADS = [
    *("達成率の\n平均（%）", "達成率の\n対象指標"),
    *("進捗率の\n平均（%）", "進捗率の\n対象指標"),
]
# Where they are figures, behind two columns that say of whom.
MEAN_FIGURES = (2, 4)


def mean_cells(standing: ReportStanding, report: AnnualReport) -> list[Content]:
    """Both means with the KPIs behind each."""
    return [
        rate(standing.achievement_mean, report),
        of_all_text(standing.achievement_count, standing, report.words),
        rate(standing.progress_mean, report),
        of_all_text(standing.progress_count, standing, report.words),
    ]
