-- Referrals are kept for each person to whom Microsoft shows them, whoever sent them.

-- +goose Up
ALTER TABLE referrals ADD COLUMN sender_id TEXT NOT NULL DEFAULT ''; -- who sent it from here
ALTER TABLE referrals ADD COLUMN team TEXT NOT NULL DEFAULT ''; -- addresses, lower-cased, a line each
ALTER TABLE referrals ADD COLUMN direction TEXT NOT NULL DEFAULT '';
ALTER TABLE referrals ADD COLUMN opened_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE referrals ADD COLUMN decided_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE referrals ADD COLUMN expires_at BIGINT NOT NULL DEFAULT 0;
-- When Microsoft last listed it to its owner, and since when it does so no longer.
ALTER TABLE referrals ADD COLUMN fetched_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE referrals ADD COLUMN gone_at BIGINT NOT NULL DEFAULT 0;
-- 1 for the one row of a referral that stands for it in the lists of those who see everybody's.
ALTER TABLE referrals ADD COLUMN listed BIGINT NOT NULL DEFAULT 1;
-- What the connected referral says, on the row of the own one.
ALTER TABLE referrals ADD COLUMN conn_status TEXT NOT NULL DEFAULT '';
ALTER TABLE referrals ADD COLUMN conn_substatus TEXT NOT NULL DEFAULT '';
ALTER TABLE referrals ADD COLUMN conn_opened_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE referrals ADD COLUMN conn_decided_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE referrals ADD COLUMN conn_expires_at BIGINT NOT NULL DEFAULT 0;

UPDATE referrals SET sender_id = owner_id;
UPDATE referrals SET listed = 0 WHERE EXISTS (SELECT 1 FROM referrals o
    WHERE o.remote_id = referrals.remote_id AND o.id < referrals.id);

DROP INDEX referrals_owner;
DROP INDEX referrals_all;
-- Each holds all that filters look at, so that counting reads the index alone.
CREATE INDEX referrals_owner ON referrals (owner_id, updated_at DESC, id DESC, status, substatus,
    conn_state, sender_id, country, closing_date, amount) WHERE kind = 'own' AND gone_at = 0;
CREATE INDEX referrals_all ON referrals (listed, updated_at DESC, id DESC, status, substatus,
    conn_state, sender_id, country, closing_date, amount) WHERE kind = 'own' AND gone_at = 0;
CREATE INDEX referrals_engagement ON referrals (engagement_id, owner_id);

-- How far the fetching of a person's referrals has come.
CREATE TABLE listings (
    user_id    TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    pass       BIGINT NOT NULL,
    pages      BIGINT NOT NULL, -- read in this pass
    state      TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'needs-sign-in')),
    entire     BIGINT NOT NULL, -- 1 when the pass reads everything
    next       TEXT NOT NULL,    -- the query of the page that comes next
    seen       BIGINT NOT NULL,
    newest     BIGINT NOT NULL, -- updated_at of the newest one seen in this pass
    since      BIGINT NOT NULL, -- newest of the last pass that came to its end
    tries      BIGINT NOT NULL, -- that failed since a page was read
    outcome    TEXT NOT NULL,
    wait_until BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    moved_at   BIGINT NOT NULL,
    fresh_at   BIGINT NOT NULL, -- start of the last pass that came to its end
    entire_at  BIGINT NOT NULL  -- start of the last one of these that read everything
);
