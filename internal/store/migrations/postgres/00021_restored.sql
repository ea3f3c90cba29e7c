-- When the database was copied that this one was brought back from. What was sent between then and
-- now is not in it. A copy may have the table before it is migrated.

-- +goose Up
CREATE TABLE IF NOT EXISTS restored (
    at BIGINT NOT NULL
);
