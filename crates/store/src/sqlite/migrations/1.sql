-- Words that repeat on every row (kinds, parameters), as small integers.
CREATE TABLE word (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
) STRICT;

-- What zstd learnt from the bodies of a kind. Never removed: old bodies need it.
CREATE TABLE dictionary (
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    bytes BLOB NOT NULL
) STRICT;

-- The current version of each resource. `terms` repeats its rows in `term`, so that a put can tell
-- which of them changed. It stands before the body, which may overflow onto other pages.
CREATE TABLE resource (
    row INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    terms BLOB NOT NULL,
    dictionary INTEGER NOT NULL,
    body BLOB NOT NULL,
    UNIQUE (kind, id)
) STRICT;

-- The versions before the current one, moved here by the commit that replaced them.
CREATE TABLE history (
    resource INTEGER NOT NULL,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    dictionary INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (resource, version)
) STRICT, WITHOUT ROWID;

-- The one ordered index.
CREATE TABLE term (
    parameter INTEGER NOT NULL,
    value BLOB NOT NULL,
    resource INTEGER NOT NULL,
    cover BLOB NOT NULL,
    PRIMARY KEY (parameter, value, resource)
) STRICT, WITHOUT ROWID;

-- The audit chain: the lines that shared a commit share a block.
CREATE TABLE audit_block (
    first INTEGER PRIMARY KEY,
    count INTEGER NOT NULL,
    link BLOB NOT NULL,
    dictionary INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;

-- Organisations, systems, clients, as JSON.
CREATE TABLE directory (
    kind INTEGER NOT NULL,
    id TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

-- Requests taken on, and their answers.
CREATE TABLE job (
    key TEXT NOT NULL UNIQUE,
    digest BLOB NOT NULL,
    at INTEGER NOT NULL,
    request BLOB NOT NULL,
    answer BLOB
) STRICT;
