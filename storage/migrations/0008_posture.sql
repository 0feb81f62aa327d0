-- How things stood over time, and what was told others. docs/storage.md describes it.

CREATE TABLE posture_snapshot (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  at           INTEGER NOT NULL,          -- Unix microseconds, as all times here
  cause        TEXT NOT NULL,             -- day, run:7
  definition   BLOB NOT NULL              -- report.Snapshot as JSON: opaque here
);
CREATE INDEX posture_snapshot_at ON posture_snapshot (at);

CREATE TABLE report_made (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  at           INTEGER NOT NULL,
  definition   BLOB NOT NULL              -- what was made, for whom, and what was shown in it, as JSON: opaque here
);

-- Threats are counted by how bad they are and whether anybody closed them, whenever it is asked how things stand.
CREATE INDEX threat_severity ON threat (severity, state);
-- So are rulings, by the policy that made them.
CREATE INDEX ruling_policy ON ruling (policy, done, at);

-- Tunnels that nobody read, and what Assay sent itself: counted as well.
CREATE INDEX exchange_outside ON exchange (id) WHERE endpoint = 0 AND source < 4;
CREATE INDEX exchange_own ON exchange (id) WHERE source >= 4;
