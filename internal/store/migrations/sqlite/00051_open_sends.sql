-- One index of the sends that are not done for good, in place of one for each question that is asked of
-- them: each send comes into it and leaves it again. A condition of two states is compared, while SQLite
-- builds a table of a longer list whenever it writes a row.

-- +goose Up
DROP INDEX sends_owner_attention;
DROP INDEX sends_attention;
DROP INDEX sends_sending;
DROP INDEX sends_unfinished;
CREATE INDEX sends_open ON sends (owner_id, updated_at DESC, state)
    WHERE superseded = 0 AND state NOT IN ('accepted', 'cancelled');
