"""The user guide says what the pages say, and its pictures are there.

`make guide` runs this with `--guide`, which takes the pictures anew.
"""

import pytest

from entry.demo import read_demo, seed_demo
from entry.plan_file.loading import load_plan
from tests.browser.guide import PICTURES, Desk, alternatives, calendar, chapters
from tests.browser.guide_scenes import SCENES, prepare

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.refusals(401, 409)]

MOST_BYTES = 120 * 1024


@pytest.fixture
def desk(page, live_server, settings, request):
    settings.DEMO = True
    page.set_viewport_size({"width": 1280, "height": 1600})
    with calendar() as days:
        load_plan("omuta_2024_2028")
        seed_demo()
        password = read_demo()["password"]
        yield Desk(page, live_server.url, days, password, request.config.getoption("guide"))


def test_every_word_and_picture_of_the_guide_is_on_its_pages(desk):
    prepare(desk)
    wrong = {}
    for chapter in chapters():
        SCENES[chapter.title](desk)
        pictures, desk.pictures = tuple(desk.pictures), []
        missing = desk.missing(chapter)
        if missing or pictures != chapter.pictures:
            wrong[chapter.title] = (missing, pictures)

    assert wrong == {}


def test_every_chapter_that_names_the_pages_has_its_scene():
    assert [chapter.title for chapter in chapters()] == list(SCENES)


def test_every_picture_is_there_described_and_small():
    named = alternatives()

    assert sorted(named) == sorted(path.stem for path in PICTURES.glob("*.png"))
    assert [name for name, text in named.items() if len(text) < 10] == []
    sizes = {path.name: path.stat().st_size for path in PICTURES.glob("*.png")}
    assert {name: size for name, size in sizes.items() if size > MOST_BYTES} == {}
