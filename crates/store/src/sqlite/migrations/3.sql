-- Index rows of a load that is under way, in no order: see load.rs.
CREATE TABLE staged_term (
    parameter INTEGER NOT NULL,
    value BLOB NOT NULL,
    resource INTEGER NOT NULL,
    cover BLOB NOT NULL
) STRICT;
