-- Models that a person imported, to be tested. definition holds no secret, only references to where secrets are.
CREATE TABLE model (
  id         INTEGER PRIMARY KEY,
  name       TEXT NOT NULL,
  imported   INTEGER NOT NULL,   -- Unix microseconds
  definition BLOB NOT NULL       -- scanner.Model as JSON
);
