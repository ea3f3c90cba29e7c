-- +goose Up

-- Since when a limit is in force, so that people are told in time before it takes something away.
CREATE TABLE retention (
    what  TEXT PRIMARY KEY,
    keep  INTEGER NOT NULL, -- microseconds; 0 means for good
    since INTEGER NOT NULL
) STRICT;

-- When an answer came, and when it was taken away again: the row stays.
ALTER TABLE referral_answers ADD COLUMN stored_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE referral_answers ADD COLUMN removed_at INTEGER NOT NULL DEFAULT 0;
UPDATE referral_answers SET stored_at =
    (SELECT r.created_at FROM referrals r WHERE r.id = referral_answers.referral_id);
CREATE INDEX referral_answers_kept ON referral_answers (stored_at) WHERE removed_at = 0;
CREATE INDEX attempts_answered ON attempts (ended_at) WHERE length(body) > 0;

-- A person whose data was erased keeps the row, so that what was sent has an owner.
ALTER TABLE users ADD COLUMN erased_at INTEGER NOT NULL DEFAULT 0;
