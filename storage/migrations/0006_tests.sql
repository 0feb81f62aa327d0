-- Tests: what was asked for, every case before anything is sent, every trial with its exchanges, and what was found.

CREATE TABLE run (
  id         INTEGER PRIMARY KEY,
  name       TEXT NOT NULL,
  state      TEXT NOT NULL,               -- scanner.RunState
  why        TEXT NOT NULL DEFAULT '',
  created    INTEGER NOT NULL,            -- Unix microseconds, as all times here
  ended      INTEGER NOT NULL DEFAULT 0,
  spent      INTEGER NOT NULL DEFAULT 0,  -- microseconds
  starred    INTEGER NOT NULL DEFAULT 0,
  definition BLOB NOT NULL,               -- spec, targets, skipped and estimate of scanner.Run as JSON
  tally      BLOB NOT NULL                -- scanner.RunTally as JSON, written with every trial
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
  reason     TEXT NOT NULL DEFAULT '',
  decided    TEXT NOT NULL DEFAULT '',    -- Case.By
  definition BLOB NOT NULL,               -- the rest of scanner.Case as JSON
  PRIMARY KEY (run, n)
) WITHOUT ROWID;
CREATE INDEX run_case_key ON run_case (key, run);

CREATE TABLE trial (
  run        INTEGER NOT NULL,
  n          INTEGER NOT NULL,            -- of the case
  trial      INTEGER NOT NULL,
  verdict    TEXT NOT NULL,
  print      TEXT NOT NULL,
  definition BLOB NOT NULL,               -- the rest of scanner.Trial as JSON
  PRIMARY KEY (run, n, trial),
  FOREIGN KEY (run, n) REFERENCES run_case(run, n) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX trial_print ON trial (print);

CREATE TABLE finding (
  id         INTEGER PRIMARY KEY,
  print      TEXT NOT NULL UNIQUE,        -- scanner.Fingerprint
  source     TEXT NOT NULL,               -- test, live
  severity   TEXT NOT NULL,
  state      TEXT NOT NULL,
  template   TEXT NOT NULL,
  target     TEXT NOT NULL,
  first      INTEGER NOT NULL,
  last       INTEGER NOT NULL,
  count      INTEGER NOT NULL,
  definition BLOB NOT NULL                -- the rest of scanner.Finding as JSON
);

CREATE TABLE finding_event (
  id         INTEGER PRIMARY KEY,
  finding    INTEGER NOT NULL REFERENCES finding(id) ON DELETE CASCADE,
  at         INTEGER NOT NULL,
  definition BLOB NOT NULL                -- scanner.FindingEvent as JSON
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
