-- With the texts that are searched before what is looked at less: of a row in an index, SQLite reads all
-- that comes before what it wants.

-- +goose Up
DROP INDEX referrals_owner;
DROP INDEX referrals_all;
CREATE INDEX referrals_owner ON referrals (owner_id, updated_at DESC, id DESC, status, search, substatus,
    conn_state, sender_id, country, closing_date, amount, team) WHERE kind = 'own' AND gone_at = 0;
CREATE INDEX referrals_all ON referrals (listed, updated_at DESC, id DESC, status, search, substatus,
    conn_state, sender_id, country, closing_date, amount, team) WHERE kind = 'own' AND gone_at = 0;
