-- Requests that are edited and sent again. head is the first line (with the absolute URL) and the headers as text, with
-- placeholders in place of credentials; what is sent is an exchange like any other.
CREATE TABLE repeater_tab (
  id       INTEGER PRIMARY KEY,
  position INTEGER NOT NULL,
  team     TEXT NOT NULL,          -- the group it stands in; empty for none
  name     TEXT NOT NULL,
  source   INTEGER NOT NULL,       -- the exchange it was made from; 0 for none
  baseline INTEGER NOT NULL,       -- the exchange its answers are compared with; 0 for none
  head     TEXT NOT NULL,
  body     BLOB NOT NULL,
  closed   INTEGER                 -- Unix microseconds; NULL while it is open
);

CREATE TABLE repeater_sent (
  tab      INTEGER NOT NULL,
  n        INTEGER NOT NULL,       -- from 1
  batch    INTEGER NOT NULL,       -- those sent together have the same
  exchange INTEGER NOT NULL,
  changed  TEXT NOT NULL,          -- lines: what differed from the one before
  PRIMARY KEY (tab, n)
) WITHOUT ROWID;
