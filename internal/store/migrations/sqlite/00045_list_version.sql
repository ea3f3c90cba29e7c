-- A number for what each person's list shows, which grows whenever a row of it changes: a page made before
-- is the same as long as the number is. It grows by steps of random length, so that a database that was
-- brought back from a copy does not come to a number that it had before.

-- +goose Up
ALTER TABLE referral_counts ADD COLUMN version INTEGER NOT NULL DEFAULT 0;

DROP TRIGGER referrals_counted;
DROP TRIGGER referrals_uncounted;
DROP TRIGGER referrals_recounted;

-- +goose StatementBegin
CREATE TRIGGER referrals_counted AFTER INSERT ON referrals
WHEN NEW.kind = 'own' AND NEW.gone_at = 0
BEGIN
    INSERT INTO referral_counts (owner_id, own, listed, version)
    VALUES (NEW.owner_id, 1, NEW.listed, 1 + abs(random() % 1000000))
    ON CONFLICT (owner_id) DO UPDATE SET own = own + 1, listed = listed + excluded.listed,
        version = version + excluded.version;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER referrals_uncounted AFTER DELETE ON referrals
WHEN OLD.kind = 'own' AND OLD.gone_at = 0
BEGIN
    UPDATE referral_counts SET own = own - 1, listed = listed - OLD.listed,
        version = version + 1 + abs(random() % 1000000)
    WHERE owner_id = OLD.owner_id;
END;
-- +goose StatementEnd

-- Whatever a list shows, searches or sorts by.
-- +goose StatementBegin
CREATE TRIGGER referrals_recounted AFTER UPDATE OF owner_id, kind, gone_at, listed, sender_id, draft_id,
    deal, name, customer, deal_value, amount, currency, closing_date, status, substatus, direction,
    conn_state, conn_send_id, conn_substatus, created_at, updated_at, country, team, search ON referrals
WHEN OLD.kind = 'own' AND OLD.gone_at = 0 OR NEW.kind = 'own' AND NEW.gone_at = 0
BEGIN
    UPDATE referral_counts SET own = own - 1, listed = listed - OLD.listed,
        version = version + 1 + abs(random() % 1000000)
    WHERE owner_id = OLD.owner_id AND OLD.kind = 'own' AND OLD.gone_at = 0;
    INSERT INTO referral_counts (owner_id, own, listed, version)
    SELECT NEW.owner_id, 1, NEW.listed, 1 + abs(random() % 1000000)
    WHERE NEW.kind = 'own' AND NEW.gone_at = 0
    ON CONFLICT (owner_id) DO UPDATE SET own = own + 1, listed = listed + excluded.listed,
        version = version + excluded.version;
END;
-- +goose StatementEnd

-- The same for the names of people, which are in the lists of others.
CREATE TABLE name_versions (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL
) STRICT;
INSERT INTO name_versions (id, version) VALUES (1, 1);

-- +goose StatementBegin
CREATE TRIGGER users_renamed AFTER UPDATE OF name ON users WHEN NEW.name <> OLD.name
BEGIN
    UPDATE name_versions SET version = version + 1 + abs(random() % 1000000);
END;
-- +goose StatementEnd
