"""Words that are marked for translation where there is no Qt; lupdate knows the function by its name."""


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: N802 - lupdate's
    """Return the text as it is; it is translated where it is shown."""
    return text
