"""What a run of the property test says at its end."""

from tests.law.tally import TALLY, told


def pytest_terminal_summary(terminalreporter):
    properties = [
        one for report in terminalreporter.getreports("passed") for one in report.user_properties
    ]
    tallies = [value for name, value in properties if name == TALLY]
    if tallies:
        terminalreporter.section("acts")
        for line in told(tallies):
            terminalreporter.write_line(line)
    for name, value in properties:
        if name == "weakened":
            weaker, tried, broken = value
            terminalreporter.write_line(f"{weaker}: noticed by sequence {tried}: {broken[:200]}")
