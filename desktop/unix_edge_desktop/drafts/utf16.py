"""Places in a text as Qt counts them, in UTF-16 units: an emoji has two."""


def to_utf16(text: str, position: int) -> int:
    """Return how many units there are before a character."""
    return position + sum(letter > "\uffff" for letter in text[:position])


def from_utf16(text: str, units: int) -> int:
    """Return how many characters there are before a unit; one within a pair belongs to the pair's character."""
    passed = 0
    for position, letter in enumerate(text):
        if passed >= units:
            return position
        passed += 2 if letter > "\uffff" else 1
        if passed > units:
            return position
    return len(text)
