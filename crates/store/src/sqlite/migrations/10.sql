-- A sender's name for a message is found by a label of the message: one index of random keys, not
-- two. Senders' names themselves stand in the order in which they came.
ALTER TABLE message_repeat RENAME TO message_repeat_by_key;
CREATE TABLE message_repeat (
    message INTEGER PRIMARY KEY,
    key BLOB NOT NULL,
    digest BLOB NOT NULL
) STRICT;
INSERT INTO message_repeat (message, key, digest)
SELECT message, key, digest FROM message_repeat_by_key ORDER BY message;
DROP TABLE message_repeat_by_key;
