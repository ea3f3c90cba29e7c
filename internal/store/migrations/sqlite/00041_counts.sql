-- How many referrals each person's list has, and how many of these stand for themselves in the lists of
-- those who see everybody's: counting them anew for every page takes longer the more there are.

-- +goose Up
CREATE TABLE referral_counts (
    owner_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    own      INTEGER NOT NULL,
    listed   INTEGER NOT NULL
) STRICT;
INSERT INTO referral_counts (owner_id, own, listed)
SELECT owner_id, count(*), sum(listed) FROM referrals
WHERE kind = 'own' AND gone_at = 0 GROUP BY owner_id;

-- +goose StatementBegin
CREATE TRIGGER referrals_counted AFTER INSERT ON referrals
WHEN NEW.kind = 'own' AND NEW.gone_at = 0
BEGIN
    INSERT INTO referral_counts (owner_id, own, listed) VALUES (NEW.owner_id, 1, NEW.listed)
    ON CONFLICT (owner_id) DO UPDATE SET own = own + 1, listed = listed + excluded.listed;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER referrals_uncounted AFTER DELETE ON referrals
WHEN OLD.kind = 'own' AND OLD.gone_at = 0
BEGIN
    UPDATE referral_counts SET own = own - 1, listed = listed - OLD.listed
    WHERE owner_id = OLD.owner_id;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER referrals_recounted AFTER UPDATE OF kind, gone_at, listed, owner_id ON referrals
WHEN NEW.kind <> OLD.kind OR NEW.gone_at <> OLD.gone_at OR NEW.listed <> OLD.listed
    OR NEW.owner_id <> OLD.owner_id
BEGIN
    UPDATE referral_counts SET own = own - 1, listed = listed - OLD.listed
    WHERE owner_id = OLD.owner_id AND OLD.kind = 'own' AND OLD.gone_at = 0;
    INSERT INTO referral_counts (owner_id, own, listed)
    SELECT NEW.owner_id, 1, NEW.listed WHERE NEW.kind = 'own' AND NEW.gone_at = 0
    ON CONFLICT (owner_id) DO UPDATE SET own = own + 1, listed = listed + excluded.listed;
END;
-- +goose StatementEnd
