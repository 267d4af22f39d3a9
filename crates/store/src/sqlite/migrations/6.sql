-- Signed checkpoints of the audit chain, each as the line that it also is in the file beside. Rows
-- are added and never changed.
CREATE TABLE audit_checkpoint (
    count INTEGER PRIMARY KEY,
    line TEXT NOT NULL
) STRICT;
