-- Which version a resource began with: one that comes from elsewhere brings its version along.
-- Without it nobody could tell a history that begins late from one that lost its beginning.
ALTER TABLE resource ADD COLUMN first INTEGER NOT NULL DEFAULT 1;
UPDATE resource
SET first = coalesce(
    (SELECT min(h.version) FROM history h WHERE h.resource = resource.row), version);
