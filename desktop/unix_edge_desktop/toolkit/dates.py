"""Dates as the reader's system writes them; what leaves for others, and DICOM's own, stays as it is."""

from PySide6.QtCore import QDate, QLocale

_ISO = "yyyy-MM-dd"


def show_date(text: str) -> str:
    """Return a DA value as the system writes a date; anything else as it is."""
    day = QDate.fromString(text, "yyyyMMdd")
    return _system().toString(day, _form()) if day.isValid() else text


def search_dates(text: str) -> str:
    """Return what is searched for with its dates as they are indexed, however the reader's system writes them."""
    days = [(word, _system().toDate(word, _form())) for word in text.split(" ")]
    return " ".join(day.toString(_ISO) if day.isValid() else word for word, day in days)


def _form() -> str:
    """Return how the system writes a date in figures, its year in full: a birth may be a hundred years ago."""
    locale = _system()
    if locale.language() is QLocale.Language.C:
        return _ISO
    form = "".join(filter(str.isprintable, locale.dateFormat(QLocale.FormatType.ShortFormat)))
    return form if "yyyy" in form else form.replace("yy", "yyyy")


def _system() -> QLocale:
    return QLocale.system()
