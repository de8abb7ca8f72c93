"""Reports that are hard to set: long, empty, and with texts that would like to run."""

from dataclasses import replace

from reports.annual.document import AnnualReport
from tests.reports.sample_report import kpi, sample_report, year

LONG_NAME = "支援を受けて新しい取組を始めた市内の中小企業及び個人事業者の数" * 4
PARAGRAPH = (
    "相談会を早め、周知を強めました。物価の高騰は続いていますが、持ち直しの動きもみられます。"
)
LONG_TEXT = "\n".join([PARAGRAPH * 5, "", PARAGRAPH * 40, *[PARAGRAPH] * 16])
FORMULAS = ("=1+1", "@cmd", "+81-944", "-5", "{=SUM(A1)}", "https://example.test/", "0123")


def crowded_report(kpis: int = 30) -> AnnualReport:
    """One project of many KPIs, the first with a long name and a long explanation."""
    plain = sample_report()
    known = plain.projects[0].kpis[0]
    many = tuple(replace(known, code=f"P1-{number}") for number in range(1, kpis + 1))
    explained = replace(known.latest, analysis=LONG_TEXT, next_steps=PARAGRAPH)
    first = replace(many[0], name=LONG_NAME, years=(*known.years[:-1], explained))
    project = replace(plain.projects[0], kpis=(first, *many[1:]))
    return replace(plain, projects=(project,))


def empty_report() -> AnnualReport:
    """A plan in its first year, of which nobody has entered anything."""
    plain = sample_report()
    missing = year(2024, "missing", expected="10", final_target="50", absence=(1, "未入力"),
                   updated_on=None)  # fmt: skip
    nothing = {"achievement_mean": None, "achievement_count": 0}
    standing = replace(plain.standing, **nothing, progress_mean=None, progress_count=0)
    project = replace(
        plain.projects[0],
        purpose="",
        directions=(),
        kpis=(kpi("P1-1", "支援件数", "件", missing),),
        initiatives=(),
        initiative_statuses=(),
        review="",
        external_opinion="",
        standing=standing,
    )
    return replace(
        plain,
        fiscal_year=2024,
        standing=standing,
        projects=(project,),
        previous=None,
        movements=None,
        revisions=(),
        compared_with="",
        compared_year=None,
        changes=(),
    )


def named_report(*names: str) -> AnnualReport:
    """A KPI of each name, which is also its unit, department, explanation and so on."""
    plain = sample_report()
    kpis = tuple(
        kpi(
            f"P1-{number}", name, name[:20],
            year(2025, "unmeasured", absence=(3, "未測定"), remarks=(name,), analysis=name,
                 next_steps=name),
            department=name, definition=name, data_source=name, note=name,
        )
        for number, name in enumerate(names, start=1)
    )  # fmt: skip
    initiatives = tuple(
        replace(plain.projects[0].initiatives[0], name=name, summary=name, next_steps=name)
        for name in names
    )
    project = replace(
        plain.projects[0],
        purpose=names[0],
        review=names[0],
        external_opinion=names[0],
        kpis=kpis,
        initiatives=initiatives,
    )
    return replace(plain, projects=(project,), headline=names[0])
