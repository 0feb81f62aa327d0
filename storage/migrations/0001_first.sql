-- The first schema. docs/storage.md describes it.

CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;

-- Words that many rows share: media types, models, tool lists. kind keeps the words of different columns apart.
CREATE TABLE name (
  id   INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL,
  text TEXT NOT NULL,
  UNIQUE (kind, text)
);

-- Where requests went. authority is as sent, host is lower case and without port.
CREATE TABLE origin (
  id        INTEGER PRIMARY KEY,
  scheme    TEXT NOT NULL,
  authority TEXT NOT NULL,
  host      TEXT NOT NULL,
  UNIQUE (scheme, authority)
);

-- One narrow row per exchange: all that lists and filters need, and nothing else.
CREATE TABLE exchange (
  id          INTEGER PRIMARY KEY,
  started     INTEGER NOT NULL, -- Unix microseconds
  state       INTEGER NOT NULL,
  flags       INTEGER NOT NULL,
  status      INTEGER,
  origin      INTEGER NOT NULL,
  method      INTEGER NOT NULL,
  wire        INTEGER NOT NULL,
  source      INTEGER NOT NULL,
  req_bytes   INTEGER NOT NULL,
  res_bytes   INTEGER NOT NULL,
  duration    INTEGER,          -- microseconds
  ttfb        INTEGER,          -- microseconds
  proto       INTEGER,
  mime        INTEGER,
  client      INTEGER,
  read        INTEGER NOT NULL DEFAULT 0, -- version of the rules that read it; 0: not read
  kind        INTEGER,
  provider    INTEGER,
  family      INTEGER,
  model       INTEGER,
  finish      INTEGER,
  roles       INTEGER,
  tools       INTEGER,
  calls       INTEGER,
  stream      INTEGER,
  messages    INTEGER,
  tokens_in   INTEGER,
  tokens_out  INTEGER,
  tokens      INTEGER,
  cost        INTEGER,          -- millionths of a US dollar
  thread      INTEGER,          -- the conversation: its first exchange
  colour      INTEGER,
  tags        INTEGER,
  path        TEXT NOT NULL,    -- what follows the authority: path, query, fragment
  fault       TEXT,
  error       TEXT,
  note        TEXT
);
CREATE INDEX exchange_origin ON exchange (origin);
CREATE INDEX exchange_status ON exchange (status);
CREATE INDEX exchange_provider ON exchange (provider) WHERE provider IS NOT NULL;
CREATE INDEX exchange_model ON exchange (model) WHERE model IS NOT NULL;
CREATE INDEX exchange_open ON exchange (state) WHERE state < 3;
CREATE INDEX exchange_noted ON exchange (id) WHERE colour IS NOT NULL OR tags IS NOT NULL OR note IS NOT NULL;

-- Deleted exchanges wait here until they are purged or brought back.
CREATE TABLE trash AS SELECT * FROM exchange WHERE 0;
CREATE UNIQUE INDEX trash_id ON trash (id);

-- What travelled, as it was recorded. The form columns say how the bytes are kept: see form in content.go.
CREATE TABLE fresh (
  id        INTEGER PRIMARY KEY,
  events    INTEGER NOT NULL,   -- events of the exchange that are in here; a replayed journal skips those
  head      BLOB NOT NULL,
  req_form  INTEGER NOT NULL,
  req_len   INTEGER NOT NULL,
  res_form  INTEGER NOT NULL,
  res_len   INTEGER NOT NULL,
  req_times BLOB,
  res_times BLOB,
  req       BLOB,
  res       BLOB
);

-- What travelled, packed. The packer moves exchanges here when they have ended: rows that shrink where they are would
-- leave their pages half empty.
CREATE TABLE content (
  id        INTEGER PRIMARY KEY,
  head      BLOB NOT NULL,
  req_form  INTEGER NOT NULL,
  req_len   INTEGER NOT NULL,
  res_form  INTEGER NOT NULL,
  res_len   INTEGER NOT NULL,
  req_times BLOB,
  res_times BLOB,
  req       BLOB,
  res       BLOB
);

-- Pieces of bodies that arrived after their exchange was first written. The packer joins them when it has ended.
CREATE TABLE segment (
  id    INTEGER NOT NULL,
  side  INTEGER NOT NULL,
  seq   INTEGER NOT NULL,
  times BLOB NOT NULL,
  data  BLOB,
  PRIMARY KEY (id, side, seq)
) WITHOUT ROWID;

-- Messages of WebSocket sessions.
CREATE TABLE frame (
  id    INTEGER NOT NULL,
  seq   INTEGER NOT NULL,
  side  INTEGER NOT NULL,
  at    INTEGER NOT NULL,       -- nanoseconds since the exchange began
  op    INTEGER NOT NULL,
  flags INTEGER NOT NULL,
  wire  INTEGER NOT NULL,
  lost  TEXT,
  data  BLOB,
  PRIMARY KEY (id, seq)
) WITHOUT ROWID;

-- Packed bodies are lists of chunks. Chunks that came together are compressed together, in one block.
CREATE TABLE block (
  id   INTEGER PRIMARY KEY,     -- the id of its first chunk
  n    INTEGER NOT NULL,        -- how many chunks
  lens BLOB NOT NULL,           -- varints: their lengths
  data BLOB NOT NULL            -- zstd
);
CREATE TABLE chunk (hash BLOB PRIMARY KEY, id INTEGER NOT NULL) WITHOUT ROWID;

-- Heads of exchanges are compressed with an earlier head of the same origin as dictionary.
CREATE TABLE dictionary (id INTEGER PRIMARY KEY, origin INTEGER NOT NULL, data BLOB NOT NULL);
CREATE INDEX dictionary_origin ON dictionary (origin);

-- Sealed values of credentials: XChaCha20-Poly1305 with a key that is not in this file.
CREATE TABLE credential (
  placeholder TEXT PRIMARY KEY,
  name        TEXT NOT NULL,    -- the header or parameter it was first seen in
  key         TEXT NOT NULL,    -- the name of the key it is sealed with
  value       BLOB NOT NULL
) WITHOUT ROWID;

-- What a conversation said beyond the columns of exchange.
CREATE TABLE reading (id INTEGER PRIMARY KEY, form INTEGER NOT NULL, data BLOB NOT NULL);

-- base is an exchange with whose messages this one begins: what base was told is not indexed again for it, nor is what
-- base answered where that comes next (answered).
CREATE TABLE link (id INTEGER PRIMARY KEY, base INTEGER NOT NULL, answered INTEGER NOT NULL);
CREATE INDEX link_base ON link (base);

-- The latest exchange that was told these messages, and that gave this answer to them: later turns look here.
CREATE TABLE turn (hash INTEGER PRIMARY KEY, id INTEGER NOT NULL);
CREATE INDEX turn_id ON turn (id);

-- Full-text index over what was new in each exchange; texts wait in unsaid until a worker gets to them.
CREATE VIRTUAL TABLE said USING fts5(
  user, system, assistant, thoughts, tool, url, answer, reasoning, call,
  content = '', contentless_delete = 1, detail = full, tokenize = 'unicode61 remove_diacritics 0'
);
INSERT INTO said (said, rank) VALUES ('automerge', 0);
CREATE TABLE unsaid (id INTEGER PRIMARY KEY, texts BLOB NOT NULL);

-- How many exchanges have a value of a field.
CREATE TABLE tally (field INTEGER NOT NULL, value INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (field, value)) WITHOUT ROWID;

-- In a backup the files of large bodies lie in here, in pieces of 1 MiB.
CREATE TABLE blob_piece (hash BLOB NOT NULL, seq INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (hash, seq));
