CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    started TEXT NOT NULL,
    finished TEXT,
    status TEXT NOT NULL CHECK (status IN ('running', 'done', 'failed', 'interrupted', 'killed')),
    data_hash TEXT NOT NULL,
    version TEXT NOT NULL,
    engine TEXT NOT NULL,
    processes INTEGER NOT NULL,
    planned INTEGER NOT NULL,
    up_to_date INTEGER NOT NULL,
    pid INTEGER NOT NULL,
    host TEXT NOT NULL
);
CREATE TABLE libraries (
    hash TEXT PRIMARY KEY,
    versions TEXT NOT NULL
);
CREATE TABLE result (
    run INTEGER NOT NULL REFERENCES run,
    name TEXT NOT NULL,
    cause TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('made', 'failed')),
    seconds REAL NOT NULL,
    error TEXT,
    fingerprint TEXT NOT NULL,
    PRIMARY KEY (run, name)
) WITHOUT ROWID;
CREATE TABLE report (
    name TEXT PRIMARY KEY,
    parameters TEXT NOT NULL,
    made TEXT,
    made_run INTEGER REFERENCES run,
    fingerprint TEXT,
    files TEXT,
    failed_run INTEGER REFERENCES run,
    error TEXT
);
CREATE TABLE state (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run,
    data_hash TEXT NOT NULL,
    tables BLOB,
    changes TEXT
);
