"""Path converters: what counts as a fiscal year, a project and a KPI in a URL."""

from projects.project_codes import KPI_CODE, PROJECT_CODE


class FiscalYearConverter:
    """`2024`: the western year in which the fiscal year begins."""

    regex = "[0-9]{4}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:04d}"


class ProjectCodeConverter:
    """`P1`: a project's code."""

    regex = PROJECT_CODE

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class KpiCodeConverter(ProjectCodeConverter):
    """`P1-2`: a project's code and the number of one of its KPIs."""

    regex = KPI_CODE
