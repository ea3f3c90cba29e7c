-- The number of a person's referrals in several rows, one for each of the connections that count: whose
-- sends are stored at the same time need not wait for each other's commits. Only the sum says anything.

-- +goose Up
ALTER TABLE referral_counts RENAME TO referral_count_parts;
ALTER TABLE referral_count_parts ADD COLUMN slot BIGINT NOT NULL DEFAULT 0;
ALTER TABLE referral_count_parts DROP CONSTRAINT referral_counts_pkey;
ALTER TABLE referral_count_parts ADD PRIMARY KEY (owner_id, slot);
CREATE VIEW referral_counts AS
SELECT owner_id, CAST(sum(own) AS BIGINT) AS own, CAST(sum(listed) AS BIGINT) AS listed
FROM referral_count_parts GROUP BY owner_id;

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION referrals_count() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    mine CONSTANT BIGINT := pg_backend_pid() % 16;
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO referral_count_parts AS c (owner_id, slot, own, listed)
        SELECT owner_id, mine, count(*), sum(a.listed) FROM added a
        WHERE kind = 'own' AND gone_at = 0 GROUP BY owner_id ORDER BY owner_id
        ON CONFLICT (owner_id, slot) DO UPDATE SET own = c.own + excluded.own,
            listed = c.listed + excluded.listed;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO referral_count_parts AS c (owner_id, slot, own, listed)
        SELECT owner_id, mine, sum(own), sum(d.listed) FROM (
            SELECT owner_id, 1 AS own, listed FROM added WHERE kind = 'own' AND gone_at = 0
            UNION ALL
            SELECT owner_id, -1, -listed FROM removed WHERE kind = 'own' AND gone_at = 0
        ) d GROUP BY owner_id HAVING sum(own) <> 0 OR sum(d.listed) <> 0 ORDER BY owner_id
        ON CONFLICT (owner_id, slot) DO UPDATE SET own = c.own + excluded.own,
            listed = c.listed + excluded.listed;
    ELSE
        -- The rows of a person who is removed are gone by now.
        INSERT INTO referral_count_parts AS c (owner_id, slot, own, listed)
        SELECT owner_id, mine, -count(*), -sum(r.listed) FROM removed r
        WHERE kind = 'own' AND gone_at = 0
            AND EXISTS (SELECT 1 FROM users u WHERE u.id = r.owner_id)
        GROUP BY owner_id ORDER BY owner_id
        ON CONFLICT (owner_id, slot) DO UPDATE SET own = c.own + excluded.own,
            listed = c.listed + excluded.listed;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
