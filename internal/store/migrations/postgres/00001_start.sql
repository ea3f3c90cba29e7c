-- Times are Unix microseconds UTC; 0 means never. What lists sort by is ordered by its bytes, as in
-- SQLite, whatever the database's own collation.

-- +goose Up
CREATE TABLE users (
    id           TEXT PRIMARY KEY,
    key          TEXT NOT NULL UNIQUE,
    name         TEXT NOT NULL,
    given_name   TEXT NOT NULL,
    family_name  TEXT NOT NULL,
    email        TEXT NOT NULL,
    login_hint   TEXT NOT NULL,
    admin        BIGINT NOT NULL,
    last_answers TEXT NOT NULL DEFAULT '{}',
    created_at   BIGINT NOT NULL,
    signed_in_at BIGINT NOT NULL
);

CREATE TABLE sessions (
    hash       BYTEA PRIMARY KEY,
    user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    id_token   BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE tokens (
    user_id    TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    sealed     BYTEA NOT NULL,
    updated_at BIGINT NOT NULL
);

-- What one process at a time may do. A lock that is not renewed ends by itself.
CREATE TABLE locks (
    name       TEXT PRIMARY KEY,
    owner      TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE drafts (
    id         TEXT COLLATE "C" PRIMARY KEY,
    owner_id   TEXT NOT NULL REFERENCES users (id),
    name       TEXT NOT NULL,
    customer   TEXT NOT NULL,
    deal       TEXT NOT NULL,
    reached    BIGINT NOT NULL,
    revision   BIGINT NOT NULL,
    doc        TEXT NOT NULL,
    sent       BIGINT NOT NULL DEFAULT 0, -- 1 once its own referral was accepted
    deleted_by TEXT NOT NULL DEFAULT '',
    deleted_at BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX drafts_owner ON drafts (owner_id, updated_at DESC)
    WHERE deleted_at = 0 AND sent = 0;
CREATE INDEX drafts_all ON drafts (updated_at DESC)
    WHERE deleted_at = 0 AND sent = 0;

CREATE TABLE sends (
    id                    TEXT COLLATE "C" PRIMARY KEY,
    kind                  TEXT NOT NULL CHECK (kind IN ('own', 'microsoft')),
    draft_id              TEXT NOT NULL REFERENCES drafts (id),
    revision              BIGINT NOT NULL,
    owner_id              TEXT NOT NULL REFERENCES users (id),
    state                 TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'waiting',
                              'needs-sign-in', 'unknown', 'accepted', 'rejected', 'cancelled')),
    name                  TEXT NOT NULL,
    customer              TEXT NOT NULL,
    external_reference_id TEXT NOT NULL,
    engagement_id         TEXT NOT NULL,
    referral_id           TEXT NOT NULL,
    body                  BYTEA NOT NULL,
    outcome               TEXT NOT NULL DEFAULT '{}',
    wait_until            BIGINT NOT NULL DEFAULT 0,
    superseded            BIGINT NOT NULL DEFAULT 0, -- 1 once a later send took its place
    created_at            BIGINT NOT NULL,
    updated_at            BIGINT NOT NULL
);
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
    number         BIGINT NOT NULL,
    request_id     TEXT NOT NULL,
    correlation_id TEXT NOT NULL,
    started_at     BIGINT NOT NULL,
    sent_at        BIGINT NOT NULL DEFAULT 0,
    ended_at       BIGINT NOT NULL DEFAULT 0,
    status         BIGINT NOT NULL DEFAULT 0,
    headers        TEXT NOT NULL DEFAULT 'null',
    body           BYTEA, -- NULL until an answer came
    PRIMARY KEY (send_id, number)
);

CREATE TABLE referrals (
    id                    TEXT COLLATE "C" PRIMARY KEY,
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
    amount                DOUBLE PRECISION NOT NULL, -- deal_value, for sorting only
    currency              TEXT NOT NULL,
    closing_date          TEXT COLLATE "C" NOT NULL,
    status                TEXT COLLATE "C" NOT NULL,
    substatus             TEXT COLLATE "C" NOT NULL,
    etag                  TEXT NOT NULL,
    search                TEXT COLLATE "C" NOT NULL, -- lower-cased, the name first
    conn_state            TEXT NOT NULL DEFAULT '',
    conn_send_id          TEXT NOT NULL DEFAULT '',
    conn_referral_id      TEXT NOT NULL DEFAULT '',
    created_at            BIGINT NOT NULL,
    updated_at            BIGINT NOT NULL,
    UNIQUE (remote_id, owner_id)
);
CREATE INDEX referrals_owner ON referrals (owner_id, updated_at DESC, id DESC) WHERE kind = 'own';
CREATE INDEX referrals_all ON referrals (updated_at DESC, id DESC) WHERE kind = 'own';
CREATE INDEX referrals_connected ON referrals (conn_referral_id) WHERE conn_referral_id <> '';

-- Microsoft's answers are large; in a table of their own they do not slow the lists down.
CREATE TABLE referral_answers (
    referral_id TEXT PRIMARY KEY REFERENCES referrals (id) ON DELETE CASCADE,
    raw         BYTEA NOT NULL
);

CREATE TABLE connects (
    referral_id TEXT PRIMARY KEY REFERENCES referrals (id) ON DELETE CASCADE,
    doc         TEXT NOT NULL,
    revision    BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL
);

CREATE TABLE events (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          BIGINT NOT NULL,
    user_id     TEXT NOT NULL,
    kind        TEXT NOT NULL,
    draft_id    TEXT NOT NULL,
    send_id     TEXT NOT NULL,
    referral_id TEXT NOT NULL,
    detail      TEXT NOT NULL
);
CREATE INDEX events_draft ON events (draft_id) WHERE draft_id <> '';
CREATE INDEX events_referral ON events (referral_id) WHERE referral_id <> '';

-- +goose StatementBegin
CREATE FUNCTION events_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are append-only';
END $$;
-- +goose StatementEnd

CREATE TRIGGER events_keep BEFORE DELETE OR UPDATE ON events
    FOR EACH ROW EXECUTE FUNCTION events_refuse();
CREATE TRIGGER events_stay BEFORE TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION events_refuse();
