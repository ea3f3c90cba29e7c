-- Changes of referrals that were sent. Times are Unix microseconds UTC; 0 means never.

-- +goose Up
-- What Microsoft said of a referral before it said something else.
CREATE TABLE referral_versions (
    referral_id TEXT NOT NULL REFERENCES referrals (id) ON DELETE CASCADE,
    etag        TEXT NOT NULL,
    raw         BLOB NOT NULL,
    replaced_at INTEGER NOT NULL,
    PRIMARY KEY (referral_id, etag)
) STRICT;

-- The version that a person has looked at.
CREATE TABLE referral_seen (
    referral_id TEXT NOT NULL REFERENCES referrals (id) ON DELETE CASCADE,
    user_id     TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    etag        TEXT NOT NULL,
    seen_at     INTEGER NOT NULL,
    PRIMARY KEY (referral_id, user_id)
) STRICT;

-- When a referral was last asked for at Microsoft, and how that ended.
CREATE TABLE referral_fetches (
    referral_id TEXT PRIMARY KEY REFERENCES referrals (id) ON DELETE CASCADE,
    asked_at    INTEGER NOT NULL,
    done_at     INTEGER NOT NULL DEFAULT 0,
    outcome     TEXT NOT NULL DEFAULT '{}'
) STRICT;

CREATE TABLE changes (
    id          TEXT PRIMARY KEY,
    referral_id TEXT NOT NULL REFERENCES referrals (id),
    owner_id    TEXT NOT NULL REFERENCES users (id),
    section     TEXT NOT NULL,
    deal        TEXT NOT NULL,
    base_etag   TEXT NOT NULL,
    digest      TEXT NOT NULL,
    edits       TEXT NOT NULL,
    body        BLOB NOT NULL,
    replaces    TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'waiting',
                    'needs-sign-in', 'unknown', 'accepted', 'rejected', 'cancelled')),
    outcome     TEXT NOT NULL DEFAULT '{}',
    their_etag  TEXT NOT NULL DEFAULT '',
    wait_until  INTEGER NOT NULL DEFAULT 0,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT;
-- The same change of the same version is made once, and one change at a time.
CREATE UNIQUE INDEX changes_once ON changes (referral_id, base_etag, digest)
    WHERE state NOT IN ('rejected', 'cancelled');
CREATE UNIQUE INDEX changes_open ON changes (referral_id)
    WHERE state IN ('queued', 'sending', 'waiting', 'needs-sign-in', 'unknown');
CREATE INDEX changes_referral ON changes (referral_id, created_at);
CREATE INDEX changes_attention ON changes (owner_id, updated_at DESC)
    WHERE state IN ('rejected', 'unknown', 'needs-sign-in');
CREATE INDEX changes_unfinished ON changes (id)
    WHERE state IN ('queued', 'sending', 'waiting', 'unknown');

CREATE TABLE change_attempts (
    send_id        TEXT NOT NULL REFERENCES changes (id),
    number         INTEGER NOT NULL,
    request_id     TEXT NOT NULL,
    correlation_id TEXT NOT NULL,
    started_at     INTEGER NOT NULL,
    sent_at        INTEGER NOT NULL DEFAULT 0,
    ended_at       INTEGER NOT NULL DEFAULT 0,
    status         INTEGER NOT NULL DEFAULT 0,
    headers        TEXT NOT NULL DEFAULT 'null',
    body           BLOB NOT NULL DEFAULT x'',
    PRIMARY KEY (send_id, number)
) STRICT;
