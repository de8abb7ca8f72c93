"""What a run of the property test says at its end."""

from tests.law.tally import TALLY, told


def pytest_terminal_summary(terminalreporter):
    tallies = [
        value
        for report in terminalreporter.getreports("passed")
        for name, value in report.user_properties
        if name == TALLY
    ]
    if tallies:
        terminalreporter.section("acts")
        for line in told(tallies):
            terminalreporter.write_line(line)
