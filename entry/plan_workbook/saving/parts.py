"""Saves a plan's parts: departments, pillars, projects with their directions, initiatives."""

from datetime import date

from common.reading.names import comparable
from entry.plan_workbook import forms
from entry.plan_workbook.saving.lives import set_life
from entry.plan_workbook.saving.rows import NotThere, SavedRows
from entry.plan_workbook.standing import Record
from projects.models import (
    Department,
    Initiative,
    InitiativeListing,
    Pillar,
    Project,
    ProjectDirection,
)

_PROJECT_TEXTS = {"名称": "name", "目的": "purpose", "種別": "kind", "表記": "printed_sign"}


def save_department(rows: SavedRows, key: str) -> None:
    """Save a new department; without a code it gets the next free one."""
    record = rows.after[forms.DEPARTMENTS][key]
    code = record.get("コード") or _free_department_code(rows)
    valid = {
        column: date.fromisoformat(record[heading]) if record.get(heading) else None
        for heading, column in (("設置日", "valid_from"), ("廃止日", "valid_until"))
    }
    department = Department(code=code, name=record["名称"], **valid)
    rows.save(department)
    rows.standing.departments[code] = department


def save_pillar(rows: SavedRows, number: str) -> None:
    """Save a pillar."""
    record = rows.after[forms.PILLARS][number]
    pillar = rows.standing.pillars.get(number) or Pillar(number=int(number))
    pillar.strategy = rows.plan
    pillar.name, pillar.slogan = record.get("名称", ""), record.get("標語", "")
    rows.save(pillar)
    rows.standing.pillars[number] = pillar


def save_project(rows: SavedRows, code: str) -> None:
    """Save a project; a new one stands behind those there are."""
    record = rows.after[forms.PROJECTS][code]
    project = rows.standing.projects.get(code)
    if project is None:
        last = max((one.position for one in rows.standing.projects.values()), default=0)
        project = Project(code=code, position=last + 1)
    pillar = rows.standing.pillars.get(record.get("柱", ""))
    if pillar is None and rows.is_lenient:
        pillar = rows.pillar_in_its_place()
    if pillar is None:
        message = "この番号の柱がありません。"
        raise NotThere({"pillar": message}, forms.PILLARS, record.get("柱", ""))
    project.strategy, project.pillar = rows.plan, pillar
    for heading, column in _PROJECT_TEXTS.items():
        setattr(project, column, record.get(heading, ""))
    rows.save(project)
    rows.standing.projects[code] = project
    _save_directions(rows, project, record.get("方向性", ""))


def save_listing(rows: SavedRows, key: str) -> None:
    """Save a row of the sheet 取組: an initiative with its home, or a 再掲."""
    record = rows.after[forms.INITIATIVES][key]
    listing = rows.standing.listings.get(key)
    project = rows.project(record["プロジェクト"])
    if listing is None:
        listing = InitiativeListing(number=int(record["番号"].partition("（")[0]))
    listing.project = project
    home = record.get("再掲元", "")
    if home:
        if home not in rows.standing.listings:
            message = f"再掲元の{home}がありません。"
            raise NotThere({"initiative": message}, forms.INITIATIVES, home)
        listing.initiative = rows.standing.listings[home].initiative
        name = record.get("取組名", "")
        same = comparable(name) == comparable(listing.initiative.name)
        listing.printed_name = "" if same else name
        set_life(listing, record)
    else:
        listing.initiative = _initiative(rows, listing, project, record)
        listing.printed_name = record.get("掲載名", "")
        set_life(listing, record)
    rows.save(listing)
    rows.standing.listings[key] = listing


def _save_directions(rows: SavedRows, project: Project, text: str) -> None:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    standing = list(rows.standing.directions.get(project.pk, ()))
    saved = []
    for number, line in enumerate(lines, start=1):
        row = standing.pop(0) if standing else ProjectDirection(project=project)
        if (row.number, row.text) != (number, line):
            row.number, row.text = number, line
            rows.save(row)
        saved.append(row)
    for gone in standing:
        rows.delete(gone)
    rows.standing.directions[project.pk] = saved


def _initiative(
    rows: SavedRows, listing: InitiativeListing, project: Project, record: Record
) -> Initiative:
    """The initiative of a row at its home, saved."""
    initiative = listing.initiative if listing.pk else Initiative(home_project=project)
    initiative.strategy = rows.plan
    initiative.name = record.get("取組名", "")
    owners = rows.departments(record.get("所管課", ""))
    initiative.department = owners[0] if owners else None
    set_life(initiative, record)
    rows.save(initiative)
    return initiative


def _free_department_code(rows: SavedRows) -> str:
    number = len(rows.standing.departments) + 1
    while f"D{number:02d}" in rows.standing.departments:
        number += 1
    return f"D{number:02d}"
