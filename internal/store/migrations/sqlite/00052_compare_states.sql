-- The states of a send are compared one by one: of a list in a check SQLite builds a table for every row
-- that is written. A check changes nothing of what is stored, so that its text may be replaced
-- (sqlite.org/lang_altertable.html, section 8).

-- +goose Up
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql,
    'state IN (''queued'', ''sending'', ''waiting'',
                              ''needs-sign-in'', ''unknown'', ''accepted'', ''rejected'', ''cancelled'')',
    'state = ''queued'' OR state = ''sending'' OR state = ''waiting'' OR state = ''needs-sign-in''
        OR state = ''unknown'' OR state = ''accepted'' OR state = ''rejected'' OR state = ''cancelled''')
WHERE type = 'table' AND name = 'sends';
PRAGMA writable_schema = RESET;
