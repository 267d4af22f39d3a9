-- Messages, as they were accepted. Ids come nearly in order.
CREATE TABLE message (
    id INTEGER PRIMARY KEY,
    content INTEGER,
    envelope BLOB NOT NULL,
    body BLOB NOT NULL
) STRICT;

-- Where each delivery of a message stands. `events` says how many lines of history it has.
CREATE TABLE delivery (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    events INTEGER NOT NULL,
    lane INTEGER NOT NULL,
    state INTEGER NOT NULL,
    listed INTEGER NOT NULL,
    wake INTEGER,
    recipient TEXT NOT NULL,
    topic TEXT NOT NULL,
    detail BLOB NOT NULL
) STRICT;
-- What waits for whom, and what must be looked at when: as small as the work that is left. Both
-- end in the delivery's id, as every index of such a table does.
CREATE INDEX delivery_listed ON delivery (recipient) WHERE listed = 1;
CREATE INDEX delivery_due ON delivery (lane, wake) WHERE wake IS NOT NULL;

-- The history of deliveries. Rows are added and never changed.
CREATE TABLE event (
    delivery INTEGER NOT NULL,
    n INTEGER NOT NULL,
    at INTEGER NOT NULL,
    state INTEGER NOT NULL,
    note BLOB NOT NULL,
    PRIMARY KEY (delivery, n)
) STRICT, WITHOUT ROWID;

-- What messages can be found by.
CREATE TABLE message_label (
    label INTEGER NOT NULL,
    message INTEGER NOT NULL,
    PRIMARY KEY (label, message)
) STRICT, WITHOUT ROWID;

-- The senders' own names for messages.
CREATE TABLE message_repeat (
    key BLOB NOT NULL,
    message INTEGER NOT NULL,
    digest BLOB NOT NULL,
    PRIMARY KEY (key)
) STRICT, WITHOUT ROWID;

-- Who works on which lane.
CREATE TABLE lane (
    id INTEGER PRIMARY KEY,
    owner TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    until INTEGER NOT NULL
) STRICT;

-- Large bodies, and the files that their parts are in.
CREATE TABLE content (
    id INTEGER PRIMARY KEY,
    parts INTEGER NOT NULL
) STRICT;
CREATE TABLE content_part (
    content INTEGER NOT NULL,
    n INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    digest BLOB NOT NULL,
    note TEXT NOT NULL,
    checksums BLOB NOT NULL,
    file TEXT NOT NULL,
    PRIMARY KEY (content, n)
) STRICT, WITHOUT ROWID;
