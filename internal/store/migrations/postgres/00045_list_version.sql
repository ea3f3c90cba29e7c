-- A number for what each person's list shows, which grows whenever a row of it changes: a page made before
-- is the same as long as the number is. It is the sum of that person's rows, like the other numbers. It
-- grows by steps of random length, so that a database that was brought back from a copy does not come to a
-- number that it had before.

-- +goose Up
ALTER TABLE referral_count_parts ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
CREATE OR REPLACE VIEW referral_counts AS
SELECT owner_id, CAST(sum(own) AS BIGINT) AS own, CAST(sum(listed) AS BIGINT) AS listed,
    CAST(sum(version) AS BIGINT) AS version
FROM referral_count_parts GROUP BY owner_id;

-- A statement changes each person's numbers once, and only if a row differs in what a list shows, searches
-- or sorts by.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION referrals_count() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    mine CONSTANT BIGINT := pg_backend_pid() % 16;
    step CONSTANT BIGINT := 1 + floor(random() * 1000000);
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO referral_count_parts AS c (owner_id, slot, own, listed, version)
        SELECT owner_id, mine, count(*), sum(a.listed), step FROM added a
        WHERE kind = 'own' AND gone_at = 0 GROUP BY owner_id ORDER BY owner_id
        ON CONFLICT (owner_id, slot) DO UPDATE SET own = c.own + excluded.own,
            listed = c.listed + excluded.listed, version = c.version + excluded.version;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO referral_count_parts AS c (owner_id, slot, own, listed, version)
        SELECT d.owner_id, mine, sum(d.own), sum(d.listed), step
        FROM added a JOIN removed r ON r.id = a.id CROSS JOIN LATERAL (VALUES
            (a.owner_id, a.kind, a.gone_at, 1, a.listed),
            (r.owner_id, r.kind, r.gone_at, -1, -r.listed)
        ) d (owner_id, kind, gone_at, own, listed)
        WHERE d.kind = 'own' AND d.gone_at = 0 AND
            (a.owner_id, a.kind, a.gone_at, a.listed, a.sender_id, a.draft_id, a.deal, a.name,
            a.customer, a.deal_value, a.amount, a.currency, a.closing_date, a.status, a.substatus,
            a.direction, a.conn_state, a.conn_send_id, a.conn_substatus, a.created_at, a.updated_at,
            a.country, a.team, a.search) IS DISTINCT FROM
            (r.owner_id, r.kind, r.gone_at, r.listed, r.sender_id, r.draft_id, r.deal, r.name,
            r.customer, r.deal_value, r.amount, r.currency, r.closing_date, r.status, r.substatus,
            r.direction, r.conn_state, r.conn_send_id, r.conn_substatus, r.created_at, r.updated_at,
            r.country, r.team, r.search)
        GROUP BY d.owner_id ORDER BY d.owner_id
        ON CONFLICT (owner_id, slot) DO UPDATE SET own = c.own + excluded.own,
            listed = c.listed + excluded.listed, version = c.version + excluded.version;
    ELSE
        -- The rows of a person who is removed are gone by now.
        INSERT INTO referral_count_parts AS c (owner_id, slot, own, listed, version)
        SELECT owner_id, mine, -count(*), -sum(r.listed), step FROM removed r
        WHERE kind = 'own' AND gone_at = 0
            AND EXISTS (SELECT 1 FROM users u WHERE u.id = r.owner_id)
        GROUP BY owner_id ORDER BY owner_id
        ON CONFLICT (owner_id, slot) DO UPDATE SET own = c.own + excluded.own,
            listed = c.listed + excluded.listed, version = c.version + excluded.version;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- The same for the names of people, which are in the lists of others.
CREATE TABLE name_versions (
    id      BIGINT PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL
);
INSERT INTO name_versions (id, version) VALUES (1, 1);

-- +goose StatementBegin
CREATE FUNCTION users_rename() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE name_versions SET version = version + 1 + floor(random() * 1000000);
    RETURN NULL;
END $$;
-- +goose StatementEnd

CREATE TRIGGER users_renamed AFTER UPDATE OF name ON users FOR EACH ROW
    WHEN (NEW.name <> OLD.name) EXECUTE FUNCTION users_rename();
