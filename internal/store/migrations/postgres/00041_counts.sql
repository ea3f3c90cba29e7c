-- How many referrals each person's list has, and how many of these stand for themselves in the lists of
-- those who see everybody's: counting them anew for every page takes longer the more there are.

-- +goose Up
CREATE TABLE referral_counts (
    owner_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    own      BIGINT NOT NULL,
    listed   BIGINT NOT NULL
);
INSERT INTO referral_counts (owner_id, own, listed)
SELECT owner_id, count(*), sum(listed) FROM referrals
WHERE kind = 'own' AND gone_at = 0 GROUP BY owner_id;

-- A statement changes each person's number once, and only if it differs.
-- +goose StatementBegin
CREATE FUNCTION referrals_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO referral_counts AS c (owner_id, own, listed)
        SELECT owner_id, count(*), sum(a.listed) FROM added a
        WHERE kind = 'own' AND gone_at = 0 GROUP BY owner_id ORDER BY owner_id
        ON CONFLICT (owner_id) DO UPDATE SET own = c.own + excluded.own,
            listed = c.listed + excluded.listed;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO referral_counts AS c (owner_id, own, listed)
        SELECT owner_id, sum(own), sum(d.listed) FROM (
            SELECT owner_id, 1 AS own, listed FROM added WHERE kind = 'own' AND gone_at = 0
            UNION ALL
            SELECT owner_id, -1, -listed FROM removed WHERE kind = 'own' AND gone_at = 0
        ) d GROUP BY owner_id HAVING sum(own) <> 0 OR sum(d.listed) <> 0 ORDER BY owner_id
        ON CONFLICT (owner_id) DO UPDATE SET own = c.own + excluded.own,
            listed = c.listed + excluded.listed;
    ELSE
        UPDATE referral_counts c SET own = c.own - d.own, listed = c.listed - d.listed
        FROM (SELECT owner_id, count(*) AS own, sum(listed) AS listed FROM removed
            WHERE kind = 'own' AND gone_at = 0 GROUP BY owner_id) d
        WHERE c.owner_id = d.owner_id;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd

CREATE TRIGGER referrals_counted AFTER INSERT ON referrals
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION referrals_count();
CREATE TRIGGER referrals_uncounted AFTER DELETE ON referrals
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION referrals_count();
CREATE TRIGGER referrals_recounted AFTER UPDATE ON referrals
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION referrals_count();
