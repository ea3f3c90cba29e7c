-- The processes that share the database, each with a number that it raises while it lives; and of an
-- attempt which of them makes it, and when that one had certainly ended its call if it died.

-- +goose Up
CREATE TABLE replicas (
    id    TEXT PRIMARY KEY,
    beats INTEGER NOT NULL
) STRICT;
ALTER TABLE attempts ADD COLUMN replica TEXT NOT NULL DEFAULT '';
ALTER TABLE attempts ADD COLUMN lost_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE change_attempts ADD COLUMN replica TEXT NOT NULL DEFAULT '';
ALTER TABLE change_attempts ADD COLUMN lost_at INTEGER NOT NULL DEFAULT 0;
