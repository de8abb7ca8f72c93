"""With the keyboard alone: the order is the reading order, and one always sees where one is."""

from itertools import pairwise

import pytest
from playwright.sync_api import Page

from tests.browser.plan_in_use import log_in, make_plan_in_use

pytestmark = pytest.mark.django_db(transaction=True)

# The element that has the focus: its place in the document and on the page, how the focus is
# drawn, and whether something that stays in place lies over it.
FOCUSED = """() => {
  const one = document.activeElement;
  if (one === document.body) return null;
  const all = [...document.querySelectorAll("*")];
  const box = one.getBoundingClientRect();
  const style = getComputedStyle(one);
  const bar = document.querySelector(".sheet__bar, .assign__save");
  const over = bar && !bar.contains(one) ? bar.getBoundingClientRect() : null;
  return {
    name: one.outerHTML.slice(0, 120),
    place: all.indexOf(one),
    inMain: document.querySelector("main").contains(one),
    left: Math.round(box.left + scrollX), right: Math.round(box.right + scrollX),
    top: Math.round(box.top + scrollY), bottom: Math.round(box.bottom + scrollY),
    outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    isVisible: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
    // Of a tall field the browser shows the line with the caret, which is the first.
    isCovered: over !== null && getComputedStyle(bar).position === "sticky"
      && Math.min(box.bottom, box.top + 44) > over.top && box.top < over.bottom,
  };
}"""
_OF_PLAN = (
    "", "?view=meeting", "projects/P1/", "kpis/P1-1/", "entry/2025/",
    "entry/2025/initiatives/", "entry/2025/overview/", "departments/", "reports/",
    "reports/2024/editions/2/",
)  # fmt: skip
PATHS = [f"/plans/mihon/{page}" for page in _OF_PLAN]


@pytest.fixture
def desk(page, live_server):
    make_plan_in_use()
    log_in(page, live_server.url)
    return page


def tabbed(page: Page, key: str = "Tab") -> list[dict]:
    """Each element that the key reaches, from the page's beginning (or end) to the other."""
    stops = []
    for _press in range(400):
        page.keyboard.press(key)
        stop = page.evaluate(FOCUSED)
        if stop is None or (stops and stop["place"] == stops[0]["place"]):
            return stops
        stops.append(stop)
    raise AssertionError("the focus never comes round")


def leaps_back(before: dict, after: dict) -> bool:
    """Whether the focus jumps against the reading order.

    It goes on downwards, or to the right in the same line, or to the top of the next column.
    """
    is_above = after["bottom"] <= before["top"]
    is_beside = after["top"] < before["bottom"] and before["top"] < after["bottom"]
    is_to_the_left = after["right"] <= before["left"]
    in_next_column = after["left"] >= before["right"]
    return (is_above and not in_next_column) or (is_beside and is_to_the_left)


def named(stops: list[dict]) -> list[str]:
    return [stop["name"] for stop in stops]


@pytest.mark.parametrize("width", [1280, 390])
def test_focus_follows_the_reading_order_and_is_always_seen(desk, live_server, width):
    desk.set_viewport_size({"width": width, "height": 900})
    wrong = []
    for path in PATHS:
        desk.goto(live_server.url + path)
        stops = tabbed(desk)
        main = [stop for stop in stops if stop["inMain"]]
        assert len(main) > 3, path
        assert [stop["place"] for stop in stops] == sorted(stop["place"] for stop in stops), path
        wrong += [
            f"{path}: back from {before['name']} to {after['name']}"
            for before, after in pairwise(main)
            if leaps_back(before, after)
        ]
        wrong += [f"{path}: no outline: {one['name']}" for one in stops if one["outline"] < 2]
        wrong += [f"{path}: out of sight: {one['name']}" for one in stops if not one["isVisible"]]
        wrong += [f"{path}: covered: {one['name']}" for one in stops if one["isCovered"]]

    assert "\n".join(wrong) == ""


@pytest.mark.parametrize(
    "path", ["/plans/mihon/entry/2025/", "/plans/mihon/entry/2025/initiatives/"]
)
def test_going_back_is_not_covered_by_the_bar_either(desk, live_server, path):
    desk.goto(live_server.url + path)
    desk.get_by_role("button", name="すべて保存").focus()
    stops = tabbed(desk, "Shift+Tab")

    assert len(stops) > 20
    assert named([stop for stop in stops if stop["isCovered"]]) == []
    assert named([stop for stop in stops if not stop["isVisible"]]) == []


def test_first_stop_leads_past_the_menu_to_the_content(desk, live_server):
    desk.goto(live_server.url)
    desk.keyboard.press("Tab")
    assert "本文へ移動" in desk.evaluate(FOCUSED)["name"]
    desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")

    assert desk.evaluate(FOCUSED)["inMain"]
