-- The lines of the audit chain that replace the key which signs checkpoints: see signing_keys.rs.
CREATE TABLE audit_key (
    line INTEGER PRIMARY KEY
) STRICT;
