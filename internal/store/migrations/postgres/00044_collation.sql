-- Ids are compared byte by byte, as they are ordered: where one column says so and the column that
-- refers to it does not, no index of the latter is of any use for finding what belongs together.

-- +goose Up
ALTER TABLE sends ALTER draft_id TYPE TEXT COLLATE "C", ALTER referral_id TYPE TEXT COLLATE "C";
ALTER TABLE attempts ALTER send_id TYPE TEXT COLLATE "C";
ALTER TABLE consents ALTER send_id TYPE TEXT COLLATE "C";
ALTER TABLE referrals ALTER draft_id TYPE TEXT COLLATE "C", ALTER send_id TYPE TEXT COLLATE "C",
    ALTER conn_send_id TYPE TEXT COLLATE "C", ALTER conn_referral_id TYPE TEXT COLLATE "C";
ALTER TABLE referral_answers ALTER referral_id TYPE TEXT COLLATE "C";
ALTER TABLE referral_versions ALTER referral_id TYPE TEXT COLLATE "C";
ALTER TABLE referral_fetches ALTER referral_id TYPE TEXT COLLATE "C";
ALTER TABLE referral_seen ALTER referral_id TYPE TEXT COLLATE "C";
ALTER TABLE connects ALTER referral_id TYPE TEXT COLLATE "C";
ALTER TABLE changes ALTER id TYPE TEXT COLLATE "C", ALTER referral_id TYPE TEXT COLLATE "C";
ALTER TABLE change_attempts ALTER send_id TYPE TEXT COLLATE "C";
ALTER TABLE events ALTER draft_id TYPE TEXT COLLATE "C", ALTER send_id TYPE TEXT COLLATE "C",
    ALTER referral_id TYPE TEXT COLLATE "C";
ALTER TABLE working_copies ALTER subject TYPE TEXT COLLATE "C";
ALTER TABLE stashes ALTER subject TYPE TEXT COLLATE "C";
