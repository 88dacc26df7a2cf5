"""The index's tables, and what of a header goes where."""

import hashlib
import json
import os
import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

SCHEMA = 2
"""The database's user_version; a greater one is only read, and one of the first version gets what it lacks."""
APPLICATION = 0x556E6958
"""The database's application_id, "UniX"."""
UNNAMED = "file:"
"""Begins what we call a study, series or image that has no UID."""
TABLES = """
    CREATE TABLE patients (
        id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,
        patient_id TEXT, issuer TEXT, name TEXT, birth_date TEXT, sex TEXT);
    CREATE TABLE studies (
        id INTEGER PRIMARY KEY, patient INTEGER NOT NULL REFERENCES patients, uid TEXT NOT NULL,
        date TEXT, time TEXT, description TEXT, accession TEXT, words TEXT, UNIQUE (patient, uid));
    CREATE INDEX studies_by_uid ON studies (uid);
    CREATE INDEX studies_by_date ON studies (date, time, id);
    CREATE TABLE series (
        id INTEGER PRIMARY KEY, study INTEGER NOT NULL REFERENCES studies, uid TEXT NOT NULL,
        number INTEGER, modality TEXT, description TEXT, body_part TEXT, UNIQUE (study, uid));
    CREATE TABLE instances (
        id INTEGER PRIMARY KEY, series INTEGER NOT NULL REFERENCES series, path BLOB NOT NULL, member TEXT NOT NULL,
        sop_uid TEXT, sop_class TEXT, number INTEGER, rows INTEGER, columns INTEGER, frames INTEGER,
        synthetic INTEGER, size INTEGER, modified_ns INTEGER, UNIQUE (path, member));
    CREATE INDEX instances_by_series ON instances (series);
    CREATE TABLE openings (path BLOB PRIMARY KEY);
"""
COPIES = """
    CREATE TABLE IF NOT EXISTS copies (
        path BLOB NOT NULL, member TEXT NOT NULL, content TEXT NOT NULL, PRIMARY KEY (path, member));
    CREATE INDEX IF NOT EXISTS instances_by_uid ON instances (sop_uid);
    CREATE TRIGGER IF NOT EXISTS copies_end AFTER DELETE ON instances
        BEGIN DELETE FROM copies WHERE path = old.path AND member = old.member; END;
"""
"""What files of one SOP Instance UID hold."""
PICTURES = """
    CREATE TABLE IF NOT EXISTS pictures (
        instance INTEGER PRIMARY KEY, study INTEGER NOT NULL REFERENCES studies, words TEXT NOT NULL);
    CREATE INDEX IF NOT EXISTS pictures_by_study ON pictures (study);
    CREATE TRIGGER IF NOT EXISTS pictures_end AFTER DELETE ON instances
        BEGIN DELETE FROM pictures WHERE instance = old.id; END;
"""
"""How PNG and JPEG files are called, each for itself: a folder may hold very many."""
LATER = COPIES + PICTURES
"""What an index of an earlier version may lack."""
_PARTED = str.maketrans("^=,\0", "    ")
_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_INTEGER = re.compile(r"[+-]?[0-9]{1,12}", re.ASCII)
_DIGITS = re.compile(r"([0-9]+)", re.ASCII)
_UID = re.compile(r"[0-9.]{1,64}", re.ASCII)


def add_file(
    connection: sqlite3.Connection,
    path: Path,
    member: str,
    size: int,
    modified_ns: int,
    kept: Mapping[str, str],
    ids: dict[tuple[object, ...], int],
) -> None:
    """Add a file that is not in the index; `ids` is one transaction's memory of patients, studies and series."""

    def find_or_add(statement: str, *row: object) -> int:
        key = (statement, *row)
        if key not in ids:
            ids[key] = int(connection.execute(statement, row).fetchone()[0])
        return ids[key]

    def uid(keyword: str) -> str:
        """Return a UID, or a name of ours of a file that has none or one that is none: it stands alone then."""
        if _UID.fullmatch(kept.get(keyword, "")):
            return kept[keyword]
        return f"{UNNAMED}{hashlib.sha256(os.fsencode(path) + b'/' + member.encode()).hexdigest()[:32]}"

    def text(*keywords: str) -> list[str]:
        return [kept.get(keyword, "") for keyword in keywords]

    patient_id, issuer, name, birth_date, sex = text(
        "PatientID", "IssuerOfPatientID", "PatientName", "PatientBirthDate", "PatientSex"
    )
    is_picture = "SOPClassUID" not in kept  # a PNG or JPEG
    folder, picture = _name_picture(path, member) if is_picture else ("", "")
    study = _name_folder(path, member) if is_picture else uid("StudyInstanceUID")
    key = json.dumps([patient_id, issuer, split_words(name), "" if patient_id else study])
    patient = find_or_add(
        "INSERT INTO patients (key, patient_id, issuer, name, birth_date, sex) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (key) DO UPDATE SET birth_date = iif(birth_date = '', excluded.birth_date, birth_date),"
        " sex = iif(sex = '', excluded.sex, sex) RETURNING id",
        *[key, patient_id, issuer, name, birth_date, sex],
    )
    date, time, description, accession = text("StudyDate", "StudyTime", "StudyDescription", "AccessionNumber")
    day = match.expand(r"\g<0> \1-\2-\3 \3.\2.\1") if (match := _DAY.fullmatch(date)) else date
    words = " ".join(split_words(" ".join([name, patient_id, day, description, accession, folder])))
    study_row = find_or_add(
        "INSERT INTO studies (patient, uid, date, time, description, accession, words) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (patient, uid) DO UPDATE SET description = iif(?8 = '', description, ?8) RETURNING id",
        *[patient, study, date, time, description or picture, accession, words, folder],
    )
    modality, description, body_part = text("Modality", "SeriesDescription", "BodyPartExamined")
    series = find_or_add(
        "INSERT INTO series (study, uid, number, modality, description, body_part) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (study, uid) DO UPDATE SET uid = uid RETURNING id",
        *[
            study_row,
            study if is_picture else uid("SeriesInstanceUID"),
            _number(kept, "SeriesNumber"),
            modality,
            description,
            body_part,
        ],
    )
    rows, columns, frames = (_number(kept, keyword) or 0 for keyword in ("Rows", "Columns", "NumberOfFrames"))
    added = connection.execute(
        "INSERT INTO instances (series, path, member, sop_uid, sop_class, number, rows, columns, frames, synthetic,"
        " size, modified_ns) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            *[series, os.fsencode(path), member, uid("SOPInstanceUID"), kept.get("SOPClassUID", "")],
            *[_number(kept, "InstanceNumber"), rows, columns, max(frames, 1) if rows else 0],
            *[kept.get("SyntheticData") == "YES", size, modified_ns],
        ],
    )
    if is_picture:
        connection.execute(
            "INSERT INTO pictures VALUES (?, ?, ?)", [added.lastrowid, study_row, " ".join(split_words(picture))]
        )


def remove_empty(connection: sqlite3.Connection, series: Iterable[int]) -> None:
    """Remove those of the series that have no files, then studies and patients that have nothing."""
    for number in series:
        chain = "SELECT studies.id, studies.patient FROM series JOIN studies ON studies.id = study WHERE series.id = ?"
        for study, patient in connection.execute(chain, [number]).fetchall():
            for table, row, below, link in (
                ("series", number, "instances", "series"),
                ("studies", study, "series", "study"),
                ("patients", patient, "studies", "patient"),
            ):
                connection.execute(
                    f"DELETE FROM {table} WHERE id = ? AND NOT EXISTS (SELECT 1 FROM {below} WHERE {link} = ?)",
                    [row, row],
                )


@lru_cache(maxsize=256)
def split_words(text: str) -> tuple[str, ...]:
    """Return text as words that are compared: without accents and case, names' components apart."""
    if not text.isascii():
        text = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    return tuple(text.casefold().translate(_PARTED).split())


def natural_order(name: str) -> tuple[tuple[str, int, str], ...]:
    """Return what sorts names as people do: 2 before 10, whatever the case."""
    *parts, end = _DIGITS.split(unicodedata.normalize("NFC", name).casefold())
    numbers = [each.lstrip("0") for each in parts[1::2]]
    return (*((text, len(each), each) for text, each in zip(parts[::2], numbers, strict=True)), (end, 0, ""))


def _name_folder(path: Path, member: str) -> str:
    """Return our name of the series that the pictures of a folder, or of a folder in an archive, are."""
    where = os.fsencode(path) + b"/" + member.rpartition("/")[0].encode() if member else os.fsencode(path.parent)
    return f"{UNNAMED}{hashlib.sha256(where + b'/').hexdigest()[:32]}"


def _name_picture(path: Path, member: str) -> tuple[str, str]:
    """Return how a picture's folder and the picture are called."""
    above, _, name = member.rpartition("/")
    folder = above.rpartition("/")[2] or path.name if member else path.parent.name
    folder, name = (os.fsencode(each).decode(errors="replace") for each in (folder, name or path.name))
    return folder, name


def _number(kept: Mapping[str, str], keyword: str) -> int | None:
    """Return a number as an integer column holds it."""
    text = kept.get(keyword, "").strip()
    return int(text) if _INTEGER.fullmatch(text) else None
