-- The page's request that asked for a change last, and its place in a distributed trace.

-- +goose Up
ALTER TABLE changes ADD COLUMN request_id TEXT NOT NULL DEFAULT '';
ALTER TABLE changes ADD COLUMN trace TEXT NOT NULL DEFAULT '';
