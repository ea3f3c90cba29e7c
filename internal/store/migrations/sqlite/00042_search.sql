-- With the texts that are searched, so that a search, too, reads the index alone: it is a third of the
-- table.

-- +goose Up
DROP INDEX referrals_owner;
DROP INDEX referrals_all;
CREATE INDEX referrals_owner ON referrals (owner_id, updated_at DESC, id DESC, status, substatus,
    conn_state, sender_id, country, closing_date, amount, team, search) WHERE kind = 'own' AND gone_at = 0;
CREATE INDEX referrals_all ON referrals (listed, updated_at DESC, id DESC, status, substatus,
    conn_state, sender_id, country, closing_date, amount, team, search) WHERE kind = 'own' AND gone_at = 0;
