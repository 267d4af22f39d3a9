-- Which lines of the audit chain are about whom, by pseudonym: see subjects.rs. `line` is counted
-- from the beginning of its span.
CREATE TABLE audit_subject (
    span INTEGER NOT NULL,
    subject INTEGER NOT NULL,
    line INTEGER NOT NULL,
    PRIMARY KEY (span, subject, line)
) STRICT, WITHOUT ROWID;
-- Lines from before there was this index, which are put into it when the store is opened: a row
-- while there are any.
CREATE TABLE audit_unindexed (
    first INTEGER NOT NULL,
    until INTEGER NOT NULL
) STRICT;
INSERT INTO audit_unindexed
SELECT 0, max(first + count) FROM audit_block HAVING count(*) > 0;
