-- What travelled, by conversation: kept for a while, so that people can see it. `legs` counts also
-- those that were too many to keep.
CREATE TABLE conversation (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    began INTEGER NOT NULL,
    latest INTEGER NOT NULL,
    legs INTEGER NOT NULL
) STRICT;
CREATE INDEX conversation_latest ON conversation (latest);
CREATE TABLE leg (
    conversation INTEGER NOT NULL,
    n INTEGER NOT NULL,
    at INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (conversation, n)
) STRICT, WITHOUT ROWID;
