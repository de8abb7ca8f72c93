"""The names of the three roles, which are Groups; what each may is in `omuta_strategy.roles`."""

PLANNER = "企画担当"
DEPARTMENT_EDITOR = "所管課担当"
MANAGER = "管理職"

ROLES = (PLANNER, DEPARTMENT_EDITOR, MANAGER)
