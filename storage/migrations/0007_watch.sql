-- What the watch saw, and what policies did. docs/storage.md describes it.

-- NULL until the watch looked at an exchange; then its actor, 0 for nobody.
ALTER TABLE exchange ADD COLUMN watched INTEGER;
ALTER TABLE trash ADD COLUMN watched INTEGER;
-- Those that wait for the watch, in the order in which they began. Our own attacks (sources 4 and 5) are not watched.
CREATE INDEX exchange_unwatched ON exchange (started, id) WHERE watched IS NULL AND endpoint >= 0 AND read > 0 AND state >= 3 AND source < 4;
CREATE INDEX exchange_actor ON exchange (watched, id) WHERE watched > 0;

CREATE TABLE threat (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  rule         TEXT NOT NULL,
  title        TEXT NOT NULL,
  severity     TEXT NOT NULL,
  state        TEXT NOT NULL,
  actor        TEXT NOT NULL,
  host         TEXT NOT NULL,
  endpoint     INTEGER NOT NULL,
  model        TEXT NOT NULL,
  first        INTEGER NOT NULL,          -- Unix microseconds, as all times here
  last         INTEGER NOT NULL,
  raised       INTEGER NOT NULL,
  n            INTEGER NOT NULL,          -- moments, those that are no longer kept too
  slow         INTEGER NOT NULL,
  note         TEXT NOT NULL DEFAULT '',
  definition   BLOB NOT NULL              -- the rest of scanner.Threat as JSON
);
CREATE INDEX threat_last ON threat (last);
CREATE INDEX threat_actor ON threat (actor);

CREATE TABLE threat_moment (
  threat       INTEGER NOT NULL REFERENCES threat(id) ON DELETE CASCADE,
  at           INTEGER NOT NULL,
  exchange     INTEGER NOT NULL,          -- 0: of no single one
  definition   BLOB NOT NULL              -- the rest of scanner.Moment as JSON
);
CREATE INDEX threat_moment_threat ON threat_moment (threat, at);
CREATE INDEX threat_moment_at ON threat_moment (at);
CREATE INDEX threat_moment_exchange ON threat_moment (exchange) WHERE exchange > 0;

CREATE TABLE actor (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  key          TEXT NOT NULL UNIQUE,
  kind         TEXT NOT NULL,
  name         TEXT NOT NULL,
  first        INTEGER NOT NULL,
  last         INTEGER NOT NULL,
  n            INTEGER NOT NULL,
  risk         REAL NOT NULL,
  definition   BLOB NOT NULL              -- the rest of scanner.Actor as JSON
);
CREATE INDEX actor_risk ON actor (risk);
CREATE INDEX actor_last ON actor (last);

-- What the watch has to remember between exchanges: opaque here.
CREATE TABLE watch_state (name TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;

CREATE TABLE watch_exception (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  definition   BLOB NOT NULL              -- scanner.Exception as JSON
);

CREATE TABLE watch_rule (rule TEXT PRIMARY KEY, definition BLOB NOT NULL) WITHOUT ROWID; -- scanner.RuleSetting as JSON

CREATE TABLE policy (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  definition   BLOB NOT NULL              -- scanner.Policy as JSON
);

CREATE TABLE ruling (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  at           INTEGER NOT NULL,
  exchange     INTEGER NOT NULL,
  policy       INTEGER NOT NULL,          -- which may be gone
  action       TEXT NOT NULL,
  done         INTEGER NOT NULL,
  definition   BLOB NOT NULL              -- the rest of scanner.Ruling as JSON
);
CREATE INDEX ruling_at ON ruling (at);
CREATE INDEX ruling_exchange ON ruling (exchange) WHERE exchange > 0;
