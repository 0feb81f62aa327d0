-- Tests: what was asked for, every case before anything is sent, every trial with its exchanges, and what was found.

CREATE TABLE run (
  id         INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice: history and files name runs
  name       TEXT NOT NULL,
  state      TEXT NOT NULL,               -- scanner.RunState
  why        TEXT NOT NULL DEFAULT '',
  created    INTEGER NOT NULL,            -- Unix microseconds, as all times here
  ended      INTEGER NOT NULL DEFAULT 0,
  since      INTEGER NOT NULL DEFAULT 0,  -- when it began to run, the last time
  spent      INTEGER NOT NULL DEFAULT 0,  -- microseconds, up to since
  starred    INTEGER NOT NULL DEFAULT 0,
  definition BLOB NOT NULL                -- spec, targets, skipped and estimate of scanner.Run as JSON
);

-- scanner.RunTally, written with every trial: in a row of its own, for a definition may be long.
CREATE TABLE run_tally (
  run        INTEGER PRIMARY KEY REFERENCES run(id) ON DELETE CASCADE,
  last       INTEGER NOT NULL DEFAULT 0,  -- when it was written
  cases      INTEGER NOT NULL DEFAULT 0,
  vulnerable INTEGER NOT NULL DEFAULT 0,  -- cases that are done, here and below
  resisted   INTEGER NOT NULL DEFAULT 0,
  unclear    INTEGER NOT NULL DEFAULT 0,
  errored    INTEGER NOT NULL DEFAULT 0,
  flaky      INTEGER NOT NULL DEFAULT 0,
  blocked    INTEGER NOT NULL DEFAULT 0,
  trials     INTEGER NOT NULL DEFAULT 0,
  requests   INTEGER NOT NULL DEFAULT 0,  -- what was used up, here and below: also by trials that were forgotten
  input      INTEGER NOT NULL DEFAULT 0,
  output     INTEGER NOT NULL DEFAULT 0,
  estimated  INTEGER NOT NULL DEFAULT 0,
  cost       INTEGER NOT NULL DEFAULT 0,  -- billionths of a US dollar: sums stay exact
  unpriced   INTEGER NOT NULL DEFAULT 0,
  throttled  INTEGER NOT NULL DEFAULT 0   -- nanoseconds
);

-- The files that the templates of a run were read from, so that a run is resumed with what it began with.
CREATE TABLE run_template (
  run    INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  id     TEXT NOT NULL,
  source BLOB NOT NULL,
  PRIMARY KEY (run, id)
) WITHOUT ROWID;

CREATE TABLE run_case (
  run        INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  n          INTEGER NOT NULL,
  key        TEXT NOT NULL,
  template   TEXT NOT NULL,
  severity   TEXT NOT NULL,
  target     TEXT NOT NULL,
  mutation   TEXT NOT NULL,
  done       INTEGER NOT NULL DEFAULT 0,
  verdict    TEXT NOT NULL DEFAULT '',
  vulnerable INTEGER NOT NULL DEFAULT 0,  -- trials
  resisted   INTEGER NOT NULL DEFAULT 0,
  unclear    INTEGER NOT NULL DEFAULT 0,
  errored    INTEGER NOT NULL DEFAULT 0,
  blocked    INTEGER NOT NULL DEFAULT 0,
  decider    INTEGER NOT NULL DEFAULT 0,  -- the first trial with that verdict: reason, blocked and decided are its
  reason     TEXT NOT NULL DEFAULT '',
  decided    TEXT NOT NULL DEFAULT '',    -- Case.By
  definition BLOB NOT NULL,               -- the rest of scanner.Case as JSON
  PRIMARY KEY (run, n)
) WITHOUT ROWID;
CREATE INDEX run_case_key ON run_case (key, run);
CREATE INDEX run_case_verdict ON run_case (run, done DESC, verdict DESC);
CREATE INDEX run_case_count ON run_case (run, template, mutation, done, verdict); -- the heat map

CREATE TABLE trial (
  run        INTEGER NOT NULL,
  n          INTEGER NOT NULL,            -- of the case
  trial      INTEGER NOT NULL,
  verdict    TEXT NOT NULL,               -- that counts: a person's where there is one
  ruled      TEXT NOT NULL,               -- of rules or judge
  print      TEXT NOT NULL,
  definition BLOB NOT NULL,               -- scanner.Trial as JSON, without what a person said; from 1 KiB on compressed
  PRIMARY KEY (run, n, trial)
);
CREATE INDEX trial_print ON trial (print);

CREATE TABLE finding (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  print    TEXT NOT NULL UNIQUE,          -- scanner.Fingerprint
  source   TEXT NOT NULL,                 -- test, live
  template TEXT NOT NULL,
  title    TEXT NOT NULL,
  severity TEXT NOT NULL,
  owasp    TEXT NOT NULL,                 -- lines
  target   TEXT NOT NULL,
  name     TEXT NOT NULL,                 -- of the target
  class    TEXT NOT NULL,
  state    TEXT NOT NULL,
  before   TEXT NOT NULL DEFAULT '',      -- the state it had when all that shows it was overruled; empty where a person set the state
  note     TEXT NOT NULL DEFAULT '',
  first    INTEGER NOT NULL,
  last     INTEGER NOT NULL,
  count    INTEGER NOT NULL,              -- rows of finding_trial
  run      INTEGER NOT NULL,              -- the latest trial that showed it
  n        INTEGER NOT NULL,
  trial    INTEGER NOT NULL,
  reason   TEXT NOT NULL
);

CREATE TABLE finding_event (
  id      INTEGER PRIMARY KEY,
  finding INTEGER NOT NULL REFERENCES finding(id) ON DELETE CASCADE,
  at      INTEGER NOT NULL,
  what    TEXT NOT NULL,                  -- seen, state, note, seen again, fixed, overruled
  before  TEXT NOT NULL DEFAULT '',       -- states
  after   TEXT NOT NULL DEFAULT '',
  why     TEXT NOT NULL DEFAULT '',
  run     INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX finding_event_finding ON finding_event (finding, id);

-- The trials that show a finding.
CREATE TABLE finding_trial (
  finding INTEGER NOT NULL REFERENCES finding(id) ON DELETE CASCADE,
  run     INTEGER NOT NULL,
  n       INTEGER NOT NULL,
  trial   INTEGER NOT NULL,
  PRIMARY KEY (finding, run, n, trial)
) WITHOUT ROWID;
CREATE INDEX finding_trial_trial ON finding_trial (run, n, trial);

CREATE TABLE overrule (
  print   TEXT PRIMARY KEY,
  verdict TEXT NOT NULL,
  reason  TEXT NOT NULL,
  at      INTEGER NOT NULL
) WITHOUT ROWID;

-- Somebody a test can act as. Holds no secret, only references.
CREATE TABLE role (
  name       TEXT PRIMARY KEY,
  definition BLOB NOT NULL                -- scanner.Role as JSON
) WITHOUT ROWID;

-- Hosts that a person put in scope, with who allowed it.
CREATE TABLE attack_scope (
  host          TEXT PRIMARY KEY,         -- host or host:port, *.host for those below it
  authorisation TEXT NOT NULL DEFAULT '',
  added         INTEGER NOT NULL
) WITHOUT ROWID;
