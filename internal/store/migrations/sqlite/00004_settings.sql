-- Times are Unix microseconds UTC; 0 means never. Days are YYYY-MM-DD; '' is no limit.

-- +goose Up
CREATE TABLE entries (
    id          TEXT PRIMARY KEY,
    kind        TEXT NOT NULL CHECK (kind IN ('solutions', 'partner-roles', 'solution-areas',
                    'solution-plays')),
    code        TEXT NOT NULL,
    name        TEXT NOT NULL,
    area        TEXT NOT NULL,
    valid_from  TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    position    INTEGER NOT NULL,
    revision    INTEGER NOT NULL DEFAULT 1,
    UNIQUE (kind, code)
) STRICT;

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE settings_history (
    id      INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    user_id TEXT NOT NULL,
    what    TEXT NOT NULL,
    kind    TEXT NOT NULL,
    was     TEXT NOT NULL,
    became  TEXT NOT NULL
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER settings_history_keep BEFORE DELETE ON settings_history
BEGIN
    SELECT RAISE(ABORT, 'the history of the settings is append-only');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER settings_history_as_written BEFORE UPDATE ON settings_history
BEGIN
    SELECT RAISE(ABORT, 'the history of the settings is append-only');
END;
-- +goose StatementEnd

CREATE TABLE preferences (
    user_id    TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    doc        TEXT NOT NULL,
    zone       TEXT NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

-- What a rep said about the customer's consent, as it stood when the deal was sent.
CREATE TABLE consents (
    send_id TEXT PRIMARY KEY REFERENCES sends (id),
    doc     TEXT NOT NULL
) STRICT;

-- What partners can choose from until an admin changes it: Microsoft's fiscal year 2026, which began
-- in July 2025. Microsoft has published the names and not the ids.
INSERT INTO entries (id, kind, code, name, area, valid_from, valid_until, position) VALUES
    ('role-1', 'partner-roles', 'Presales envisioning', 'Presales envisioning', '', '', '', 1),
    ('role-2', 'partner-roles', 'Solution design', 'Solution design', '', '', '', 2),
    ('role-3', 'partner-roles', 'Proof of concept', 'Proof of concept', '', '', '', 3),
    ('role-4', 'partner-roles', 'Business strategy', 'Business strategy', '', '', '', 4),
    ('role-5', 'partner-roles', 'Deployment services', 'Deployment services', '', '', '', 5),
    ('role-6', 'partner-roles', 'Adoption and change management', 'Adoption and change management', '', '', '', 6),
    ('role-7', 'partner-roles', 'Transaction', 'Transaction', '', '', '', 7),
    ('role-8', 'partner-roles', 'Managed services', 'Managed services', '', '', '', 8),
    ('area-1', 'solution-areas', 'Cloud and AI Platforms', 'Cloud and AI Platforms', '', '2025-07-01', '', 1),
    ('area-2', 'solution-areas', 'AI Business Solutions', 'AI Business Solutions', '', '2025-07-01', '', 2),
    ('area-3', 'solution-areas', 'Security', 'Security', '', '2025-07-01', '', 3),
    ('play-1', 'solution-plays', 'Migrate and Modernize Your Estate', 'Migrate and Modernize Your Estate', 'Cloud and AI Platforms', '2025-07-01', '', 1),
    ('play-2', 'solution-plays', 'Innovate with Azure AI Apps and Agents', 'Innovate with Azure AI Apps and Agents', 'Cloud and AI Platforms', '2025-07-01', '', 2),
    ('play-3', 'solution-plays', 'Unify Your Data Platform', 'Unify Your Data Platform', 'Cloud and AI Platforms', '2025-07-01', '', 3),
    ('play-4', 'solution-plays', 'Scale with Cloud and AI Endpoints', 'Scale with Cloud and AI Endpoints', 'Cloud and AI Platforms', '2025-07-01', '', 4),
    ('play-5', 'solution-plays', 'Copilot and Agents at Work', 'Copilot and Agents at Work', 'AI Business Solutions', '2025-07-01', '', 5),
    ('play-6', 'solution-plays', 'Innovate with Low Code AI and Agents', 'Innovate with Low Code AI and Agents', 'AI Business Solutions', '2025-07-01', '', 6),
    ('play-7', 'solution-plays', 'Secure AI Productivity', 'Secure AI Productivity', 'AI Business Solutions', '2025-07-01', '', 7),
    ('play-8', 'solution-plays', 'Scale Business Operations with AI', 'Scale Business Operations with AI', 'AI Business Solutions', '2025-07-01', '', 8),
    ('play-9', 'solution-plays', 'Sales Transformation with AI', 'Sales Transformation with AI', 'AI Business Solutions', '2025-07-01', '', 9),
    ('play-10', 'solution-plays', 'Service Transformation with AI', 'Service Transformation with AI', 'AI Business Solutions', '2025-07-01', '', 10),
    ('play-11', 'solution-plays', 'ERP Transformation with AI', 'ERP Transformation with AI', 'AI Business Solutions', '2025-07-01', '', 11),
    ('play-12', 'solution-plays', 'Converged Communications', 'Converged Communications', 'AI Business Solutions', '2025-07-01', '', 12),
    ('play-13', 'solution-plays', 'AI-ready with Surface + Copilot PCs', 'AI-ready with Surface + Copilot PCs', 'AI Business Solutions', '2025-07-01', '', 13),
    ('play-14', 'solution-plays', 'Modern SecOps with Unified Platform', 'Modern SecOps with Unified Platform', 'Security', '2025-07-01', '', 14),
    ('play-15', 'solution-plays', 'Data Security', 'Data Security', 'Security', '2025-07-01', '', 15),
    ('play-16', 'solution-plays', 'Protect Cloud, AI Platform and Apps', 'Protect Cloud, AI Platform and Apps', 'Security', '2025-07-01', '', 16);
