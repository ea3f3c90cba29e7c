-- The page's request that asked for a send last, and its place in a distributed trace.

-- +goose Up
ALTER TABLE sends ADD COLUMN request_id TEXT NOT NULL DEFAULT '';
ALTER TABLE sends ADD COLUMN trace TEXT NOT NULL DEFAULT '';
