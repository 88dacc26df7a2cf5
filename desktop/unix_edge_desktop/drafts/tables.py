"""The tables of drafts; what a machine wrote, each edit and each event are only ever added."""

SCHEMA = 1
"""The database's user_version; a greater one is only read."""
APPLICATION = 0x556E6944
"""The database's application_id, "UniD"."""
_ONLY_ADDED = ("machine_drafts", "operations", "events")
TABLES = """
    CREATE TABLE drafts (
        run TEXT PRIMARY KEY, version INTEGER NOT NULL,
        sop_uid TEXT NOT NULL, gray_sha256 TEXT NOT NULL, study_uid TEXT NOT NULL, series_uid TEXT NOT NULL,
        patient_id TEXT NOT NULL, issuer TEXT NOT NULL, patient_name TEXT NOT NULL, study_date TEXT NOT NULL,
        accession TEXT NOT NULL, synthetic INTEGER NOT NULL,
        state TEXT NOT NULL, is_edited INTEGER NOT NULL, edit_noted INTEGER NOT NULL DEFAULT 0,
findings TEXT NOT NULL, impression TEXT NOT NULL,
        began TEXT NOT NULL, changed TEXT NOT NULL, closed TEXT NOT NULL,
        signer TEXT NOT NULL, reason TEXT NOT NULL, note TEXT NOT NULL, UNIQUE (sop_uid, version));
    CREATE INDEX drafts_by_study ON drafts (study_uid);
    CREATE TABLE machine_drafts (
        run TEXT PRIMARY KEY REFERENCES drafts, text TEXT NOT NULL, findings TEXT NOT NULL, impression TEXT NOT NULL,
        ended TEXT NOT NULL, tokens TEXT NOT NULL, log_probabilities TEXT NOT NULL, provenance TEXT NOT NULL,
        warnings TEXT NOT NULL, in_domain INTEGER);
    CREATE TABLE operations (
        run TEXT NOT NULL REFERENCES drafts, number INTEGER NOT NULL, operation TEXT NOT NULL,
        PRIMARY KEY (run, number)) WITHOUT ROWID;
    CREATE TABLE events (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT, time TEXT NOT NULL, event TEXT NOT NULL, edit_distance INTEGER,
        reason TEXT NOT NULL, model TEXT NOT NULL, sop_uid_sha256 TEXT NOT NULL);
    CREATE TRIGGER closed_drafts BEFORE UPDATE ON drafts WHEN OLD.state IN ('signed', 'rejected')
        BEGIN SELECT RAISE(ABORT, 'a draft that is signed or rejected changes no more'); END;
    CREATE TRIGGER kept_drafts BEFORE DELETE ON drafts BEGIN SELECT RAISE(ABORT, 'drafts are kept'); END;
""" + "".join(
    f"CREATE TRIGGER {table}_{what} BEFORE {what} ON {table} BEGIN SELECT RAISE(ABORT, '{table} only grow'); END;\n"
    for table in _ONLY_ADDED
    for what in ("update", "delete")
)
