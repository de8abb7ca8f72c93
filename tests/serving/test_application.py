"""What the server runs: Django's application, with room on Python's stack."""

from omuta_strategy.wsgi import with_room


def test_application_is_asked_and_its_answer_handed_on():
    def application(environ, start_response):
        start_response("200 OK", [])
        return [environ["PATH_INFO"].encode()]

    said = []
    answer = with_room(application)({"PATH_INFO": "/x"}, lambda *told: said.append(told))

    assert (answer, said) == ([b"/x"], [("200 OK", [])])


def test_its_frame_is_larger_than_a_piece_of_pythons_stack():
    room = with_room(lambda environ, start_response: []).__code__.co_stacksize * 8

    assert room > 32 * 16 * 1024
