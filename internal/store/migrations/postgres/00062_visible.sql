-- A table that was just written has no map of what is visible to all, without which no search reads the
-- index alone, and no statistics. A quiet table might wait long for both.

-- +goose NO TRANSACTION
-- +goose Up
VACUUM (ANALYZE) referrals;
