"""The guides say what the pages say, and their pictures are there.

`make guide` runs this with `--guide`, which takes the pictures anew.
"""

import pytest

from entry.demo import read_demo, seed_demo
from entry.plan_file.loading import load_plan
from tests.browser import guide_scenes, plan_guide_scenes
from tests.browser.guide import PLAN_GUIDE, USER_GUIDE, Desk, calendar
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db(transaction=True)

MOST_BYTES = 120 * 1024
GUIDES = [(USER_GUIDE, guide_scenes.SCENES), (PLAN_GUIDE, plan_guide_scenes.SCENES)]
of_each_guide = pytest.mark.parametrize(("guide", "scenes"), GUIDES, ids=["user", "plan"])


@pytest.fixture
def desk(page, live_server, settings, request):
    settings.DEMO = True
    page.set_viewport_size({"width": 1280, "height": 1600})

    def of(guide, password):
        folder = guide.pictures if request.config.getoption("guide") else None
        return Desk(page, live_server.url, days, password, folder)

    with calendar() as days:
        yield of


def wrong_in(guide, scenes, desk):
    """The chapters with words that no page shows, or with other pictures than are taken."""
    wrong = {}
    for chapter in guide.chapters():
        scenes[chapter.title](desk)
        pictures, desk.pictures = tuple(desk.pictures), []
        missing = desk.missing(chapter)
        if missing or pictures != chapter.pictures:
            wrong[chapter.title] = (missing, pictures)
    return wrong


@pytest.mark.refusals(401, 409)
def test_every_word_and_picture_of_the_user_guide_is_on_its_pages(desk):
    load_plan("omuta_2024_2028")
    seed_demo()
    at = desk(USER_GUIDE, read_demo()["password"])
    guide_scenes.prepare(at)

    assert wrong_in(USER_GUIDE, guide_scenes.SCENES, at) == {}


@pytest.mark.refusals(422)
def test_every_word_and_picture_of_the_plan_guide_is_on_its_pages(desk):
    make_user("kikaku")

    at = desk(PLAN_GUIDE, PASSWORD)

    assert wrong_in(PLAN_GUIDE, plan_guide_scenes.SCENES, at) == {}


@of_each_guide
def test_every_chapter_that_names_the_pages_has_its_scene(guide, scenes):
    assert [chapter.title for chapter in guide.chapters()] == list(scenes)


@of_each_guide
def test_every_picture_is_there_described_and_small(guide, scenes):
    named = guide.alternatives()

    assert sorted(named) == sorted(path.stem for path in guide.pictures.glob("*.png"))
    assert [name for name, text in named.items() if len(text) < 10] == []
    sizes = {path.name: path.stat().st_size for path in guide.pictures.glob("*.png")}
    assert {name: size for name, size in sizes.items() if size > MOST_BYTES} == {}
