"""Names as they are compared, whoever typed them where."""

from common.reading.characters import compatible


def compared(name: str) -> str:
    """A name in the one form in which equal names are equal: width, blanks and radicals aside."""
    return "".join(compatible(name).split())


def equal_names(one: str, other: str) -> bool:
    """Whether two names are the same to whoever reads them."""
    return compared(one) == compared(other)
