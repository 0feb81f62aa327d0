-- What discovery found. docs/storage.md describes it.

-- The endpoint an exchange was folded into: NULL until it was, 0 for one that belongs to none, -1 for one that is to be
-- folded anew and whose assets are counted.
ALTER TABLE exchange ADD COLUMN endpoint INTEGER;
ALTER TABLE trash ADD COLUMN endpoint INTEGER;
CREATE INDEX exchange_endpoint ON exchange (endpoint) WHERE endpoint > 0;
CREATE INDEX trash_endpoint ON trash (endpoint) WHERE endpoint > 0;
CREATE INDEX exchange_unfolded ON exchange (id) WHERE ifnull(endpoint, -1) < 0 AND read > 0 AND state >= 3;

CREATE TABLE endpoint (
  id          INTEGER PRIMARY KEY,
  revision    INTEGER NOT NULL,           -- grows with every change of any endpoint: readers ask for what is newer
  scheme      TEXT NOT NULL,
  host        TEXT NOT NULL,
  method      TEXT NOT NULL,
  path        TEXT NOT NULL,              -- the template
  operation   TEXT NOT NULL,
  protocol    TEXT NOT NULL,
  kind        TEXT NOT NULL,
  provider    TEXT NOT NULL,
  family      TEXT NOT NULL,
  access      TEXT NOT NULL,
  documented  TEXT NOT NULL,              -- documented, shadow, unseen; empty when no document covers the host
  first_seen  INTEGER,                    -- Unix microseconds; NULL for one that was never seen
  last_seen   INTEGER,
  first       INTEGER,                    -- exchanges
  last        INTEGER,
  found       INTEGER NOT NULL,
  n           INTEGER NOT NULL DEFAULT 0, -- exchanges outside of the trash, kept as they come and go
  risk        INTEGER NOT NULL,
  sample      TEXT NOT NULL,
  merged      INTEGER,                    -- the endpoint it became part of; -1: it is gone, and only its id is kept
  auth        TEXT NOT NULL,              -- the kinds in facts, lines
  facts       BLOB NOT NULL               -- what else is known of it (facts.go)
);
CREATE INDEX endpoint_revision ON endpoint (revision);
CREATE INDEX endpoint_host ON endpoint (host);
CREATE INDEX endpoint_merged ON endpoint (merged) WHERE merged IS NOT NULL;
-- What filters look at, without the facts: a hundred thousand are looked at in a few milliseconds.
CREATE INDEX endpoint_filter ON endpoint (merged, risk, access, documented, auth, first_seen, last_seen, found, n);

-- Schemas of an endpoint's bodies, and what was learned about the paths of a host: opaque here, zstd.
CREATE TABLE endpoint_shape (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE path_tree (host TEXT PRIMARY KEY, data BLOB NOT NULL);

CREATE TABLE asset (
  id          INTEGER PRIMARY KEY,
  kind        TEXT NOT NULL,
  key         TEXT NOT NULL,
  name        TEXT NOT NULL,
  host        TEXT NOT NULL,
  provider    TEXT NOT NULL,
  first_seen  INTEGER NOT NULL,
  last_seen   INTEGER NOT NULL,
  first       INTEGER NOT NULL,
  last        INTEGER NOT NULL,
  found       INTEGER NOT NULL,
  n           INTEGER NOT NULL,
  versions    INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,
  facts       BLOB NOT NULL,
  UNIQUE (kind, key)
);
CREATE TABLE asset_version (
  asset       INTEGER NOT NULL,
  n           INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,
  seen        INTEGER NOT NULL,
  exchange    INTEGER NOT NULL,
  text        BLOB NOT NULL,              -- zstd
  PRIMARY KEY (asset, n)
) WITHOUT ROWID;
-- Exchanges of prompts, keys and clients.
CREATE TABLE asset_use (asset INTEGER NOT NULL, exchange INTEGER NOT NULL, PRIMARY KEY (asset, exchange)) WITHOUT ROWID;
CREATE INDEX asset_use_exchange ON asset_use (exchange);
CREATE TABLE edge (
  source    INTEGER NOT NULL,
  target    INTEGER NOT NULL,
  n         INTEGER NOT NULL,
  first     INTEGER NOT NULL,
  last      INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  PRIMARY KEY (source, target)
) WITHOUT ROWID;

-- Where sensitive data travels, and in which exchanges it was seen.
CREATE TABLE place (
  id         INTEGER PRIMARY KEY,
  endpoint   INTEGER NOT NULL,
  direction  TEXT NOT NULL,
  role       TEXT NOT NULL,
  path       TEXT NOT NULL,
  type       TEXT NOT NULL,
  class      TEXT NOT NULL,
  confidence REAL NOT NULL,
  sample     TEXT NOT NULL,               -- masked
  first_seen INTEGER NOT NULL,
  last_seen  INTEGER NOT NULL,
  first      INTEGER NOT NULL,
  last       INTEGER NOT NULL,
  n          INTEGER NOT NULL DEFAULT 0   -- exchanges outside of the trash, kept as they come and go
);
CREATE INDEX place_endpoint ON place (endpoint);
CREATE TABLE hit (place INTEGER NOT NULL, exchange INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (place, exchange)) WITHOUT ROWID;
CREATE INDEX hit_exchange ON hit (exchange);
CREATE TABLE custom_type (name TEXT PRIMARY KEY, definition TEXT NOT NULL) WITHOUT ROWID;

-- The timeline.
CREATE TABLE change (
  id       INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL,
  found    INTEGER NOT NULL,
  kind     TEXT NOT NULL,
  endpoint INTEGER NOT NULL,
  asset    INTEGER NOT NULL,
  exchange INTEGER NOT NULL,
  what     TEXT NOT NULL,
  detail   TEXT NOT NULL,
  severity TEXT NOT NULL
);
CREATE INDEX change_found ON change (found);
CREATE INDEX change_endpoint ON change (endpoint) WHERE endpoint > 0;
CREATE INDEX change_asset ON change (asset) WHERE asset > 0;

-- What a person said about the paths of a host: what stands at a place is one parameter, or is not.
CREATE TABLE path_decision (
  id    INTEGER PRIMARY KEY,
  host  TEXT NOT NULL,
  merge INTEGER NOT NULL,
  place TEXT NOT NULL,
  names TEXT NOT NULL                     -- JSON
);

-- Documents of APIs that were imported.
CREATE TABLE document (
  id       INTEGER PRIMARY KEY,
  name     TEXT NOT NULL,
  form     TEXT NOT NULL,                 -- openapi-3.0, swagger-2.0, postman, …
  imported INTEGER NOT NULL,
  data     BLOB NOT NULL                  -- what was read of it, opaque here, zstd
);
