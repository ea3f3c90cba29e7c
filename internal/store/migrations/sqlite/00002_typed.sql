-- +goose Up

-- What a person typed on a page and has not saved, as it would be posted.
CREATE TABLE working_copies (
    user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    subject    TEXT NOT NULL, -- a draft or referral; empty for what is not begun
    page       TEXT NOT NULL,
    form       TEXT NOT NULL,
    signed_out INTEGER NOT NULL, -- 1 when it was posted after the session had ended
    typed_at   INTEGER NOT NULL,
    PRIMARY KEY (user_id, subject, page)
) STRICT;
CREATE INDEX working_copies_subject ON working_copies (subject);
CREATE INDEX working_copies_old ON working_copies (typed_at);

-- Pages posted by somebody whose session had ended, until he signs in again.
CREATE TABLE stashes (
    hash     BLOB NOT NULL, -- of the browser's secret
    subject  TEXT NOT NULL,
    page     TEXT NOT NULL,
    user_id  TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    sealed   BLOB NOT NULL,
    typed_at INTEGER NOT NULL,
    PRIMARY KEY (hash, subject, page)
) STRICT;
CREATE INDEX stashes_user ON stashes (user_id, typed_at);
CREATE INDEX stashes_subject ON stashes (subject);
