-- What a person looked for. docs/storage.md describes it.

-- Filters that were saved under a name.
CREATE TABLE filter (
  name  TEXT PRIMARY KEY,
  query TEXT NOT NULL,
  saved INTEGER NOT NULL -- Unix microseconds
) WITHOUT ROWID;

-- Filters that were used last, whether saved or not.
CREATE TABLE recent_filter (
  query TEXT PRIMARY KEY,
  used  INTEGER NOT NULL -- Unix microseconds
) WITHOUT ROWID;
