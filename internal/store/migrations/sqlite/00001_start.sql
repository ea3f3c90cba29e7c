-- Times are Unix microseconds UTC; 0 means never.

-- +goose Up
CREATE TABLE users (
    id           TEXT PRIMARY KEY,
    key          TEXT NOT NULL UNIQUE,
    name         TEXT NOT NULL,
    given_name   TEXT NOT NULL,
    family_name  TEXT NOT NULL,
    email        TEXT NOT NULL,
    login_hint   TEXT NOT NULL,
    admin        INTEGER NOT NULL,
    last_answers TEXT NOT NULL DEFAULT '{}',
    created_at   INTEGER NOT NULL,
    signed_in_at INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
    hash       BLOB PRIMARY KEY,
    user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    id_token   BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE tokens (
    user_id    TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    sealed     BLOB NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

-- What one process at a time may do. A lock that is not renewed ends by itself.
CREATE TABLE locks (
    name       TEXT PRIMARY KEY,
    owner      TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE drafts (
    id         TEXT PRIMARY KEY,
    owner_id   TEXT NOT NULL REFERENCES users (id),
    name       TEXT NOT NULL,
    customer   TEXT NOT NULL,
    deal       TEXT NOT NULL,
    reached    INTEGER NOT NULL,
    revision   INTEGER NOT NULL,
    doc        TEXT NOT NULL,
    sent       INTEGER NOT NULL DEFAULT 0, -- 1 once its own referral was accepted
    deleted_by TEXT NOT NULL DEFAULT '',
    deleted_at INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX drafts_owner ON drafts (owner_id, updated_at DESC)
    WHERE deleted_at = 0 AND sent = 0;
CREATE INDEX drafts_all ON drafts (updated_at DESC)
    WHERE deleted_at = 0 AND sent = 0;

CREATE TABLE sends (
    id                    TEXT PRIMARY KEY,
    kind                  TEXT NOT NULL CHECK (kind IN ('own', 'microsoft')),
    draft_id              TEXT NOT NULL REFERENCES drafts (id),
    revision              INTEGER NOT NULL,
    owner_id              TEXT NOT NULL REFERENCES users (id),
    state                 TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'waiting',
                              'needs-sign-in', 'unknown', 'accepted', 'rejected', 'cancelled')),
    name                  TEXT NOT NULL,
    customer              TEXT NOT NULL,
    external_reference_id TEXT NOT NULL,
    engagement_id         TEXT NOT NULL,
    referral_id           TEXT NOT NULL,
    body                  BLOB NOT NULL,
    outcome               TEXT NOT NULL DEFAULT '{}',
    wait_until            INTEGER NOT NULL DEFAULT 0,
    superseded            INTEGER NOT NULL DEFAULT 0, -- 1 once a later send took its place
    created_at            INTEGER NOT NULL,
    updated_at            INTEGER NOT NULL
) STRICT;
-- The guard against doubles: at most one send that may have reached, or may yet reach, Microsoft.
CREATE UNIQUE INDEX sends_once ON sends (kind, draft_id)
    WHERE state NOT IN ('rejected', 'cancelled');
CREATE INDEX sends_draft ON sends (draft_id, kind);
CREATE INDEX sends_owner_attention ON sends (owner_id, updated_at DESC)
    WHERE superseded = 0 AND state IN ('rejected', 'unknown', 'needs-sign-in');
CREATE INDEX sends_attention ON sends (updated_at DESC)
    WHERE superseded = 0 AND state IN ('rejected', 'unknown', 'needs-sign-in');
CREATE INDEX sends_sending ON sends (id) WHERE state = 'sending';
CREATE INDEX sends_unfinished ON sends (id)
    WHERE superseded = 0 AND state IN ('queued', 'sending', 'waiting', 'unknown');

CREATE TABLE attempts (
    send_id        TEXT NOT NULL REFERENCES sends (id),
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

CREATE TABLE referrals (
    id                    TEXT PRIMARY KEY,
    remote_id             TEXT NOT NULL,
    owner_id              TEXT NOT NULL REFERENCES users (id),
    engagement_id         TEXT NOT NULL,
    kind                  TEXT NOT NULL CHECK (kind IN ('own', 'microsoft')),
    draft_id              TEXT NOT NULL,
    send_id               TEXT NOT NULL,
    deal                  TEXT NOT NULL,
    name                  TEXT NOT NULL,
    customer              TEXT NOT NULL,
    external_reference_id TEXT NOT NULL,
    country               TEXT NOT NULL,
    deal_value            TEXT NOT NULL,
    amount                REAL NOT NULL, -- deal_value, for sorting only
    currency              TEXT NOT NULL,
    closing_date          TEXT NOT NULL,
    status                TEXT NOT NULL,
    substatus             TEXT NOT NULL,
    etag                  TEXT NOT NULL,
    search                TEXT NOT NULL, -- lower-cased, the name first
    conn_state            TEXT NOT NULL DEFAULT '',
    conn_send_id          TEXT NOT NULL DEFAULT '',
    conn_referral_id      TEXT NOT NULL DEFAULT '',
    created_at            INTEGER NOT NULL,
    updated_at            INTEGER NOT NULL,
    UNIQUE (remote_id, owner_id)
) STRICT;
CREATE INDEX referrals_owner ON referrals (owner_id, updated_at DESC, id DESC) WHERE kind = 'own';
CREATE INDEX referrals_all ON referrals (updated_at DESC, id DESC) WHERE kind = 'own';
CREATE INDEX referrals_connected ON referrals (conn_referral_id) WHERE conn_referral_id <> '';

-- Microsoft's answers are large; in a table of their own they do not slow the lists down.
CREATE TABLE referral_answers (
    referral_id TEXT PRIMARY KEY REFERENCES referrals (id) ON DELETE CASCADE,
    raw         BLOB NOT NULL
) STRICT;

CREATE TABLE connects (
    referral_id TEXT PRIMARY KEY REFERENCES referrals (id) ON DELETE CASCADE,
    doc         TEXT NOT NULL,
    revision    INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE events (
    id          INTEGER PRIMARY KEY,
    at          INTEGER NOT NULL,
    user_id     TEXT NOT NULL,
    kind        TEXT NOT NULL,
    draft_id    TEXT NOT NULL,
    send_id     TEXT NOT NULL,
    referral_id TEXT NOT NULL,
    detail      TEXT NOT NULL
) STRICT;
CREATE INDEX events_draft ON events (draft_id) WHERE draft_id <> '';
CREATE INDEX events_referral ON events (referral_id) WHERE referral_id <> '';

-- +goose StatementBegin
CREATE TRIGGER events_keep BEFORE DELETE ON events
BEGIN
    SELECT RAISE(ABORT, 'events are append-only');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER events_as_written BEFORE UPDATE ON events
BEGIN
    SELECT RAISE(ABORT, 'events are append-only');
END;
-- +goose StatementEnd
