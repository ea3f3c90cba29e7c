-- With the texts that are searched, so that a search reads the index alone, half of the table. A row of an
-- index has room for 2704 bytes. No text that was written in Tandem is longer than what stays of these.

-- +goose Up
DROP INDEX referrals_owner;
DROP INDEX referrals_all;
-- This writes the table anew. An update would leave the old rows in it, and they come into an index, too.
ALTER TABLE referrals
    ALTER search TYPE TEXT COLLATE "C"
        USING CASE WHEN octet_length(search) > 2000 THEN left(search, 500) ELSE search END,
    ALTER status TYPE TEXT COLLATE "C"
        USING CASE WHEN octet_length(status) > 64 THEN left(status, 16) ELSE status END,
    ALTER substatus TYPE TEXT COLLATE "C"
        USING CASE WHEN octet_length(substatus) > 64 THEN left(substatus, 16) ELSE substatus END,
    ALTER country TYPE TEXT
        USING CASE WHEN octet_length(country) > 64 THEN left(country, 16) ELSE country END,
    ALTER etag TYPE TEXT
        USING CASE WHEN octet_length(etag) > 256 THEN '' ELSE etag END;
CREATE INDEX referrals_owner ON referrals (owner_id, updated_at DESC, id DESC)
    INCLUDE (status, search, substatus, conn_state, sender_id, country, closing_date, amount)
    WHERE kind = 'own' AND gone_at = 0;
CREATE INDEX referrals_all ON referrals (listed, updated_at DESC, id DESC)
    INCLUDE (status, search, substatus, conn_state, sender_id, country, closing_date, amount)
    WHERE kind = 'own' AND gone_at = 0;
