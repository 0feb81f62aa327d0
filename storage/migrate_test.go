package storage_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"assay/storage"
)

// withoutPosture makes a project of format 7 of one of today.
const withoutPosture = `DROP INDEX exchange_outside; DROP INDEX exchange_own; DROP INDEX threat_severity; DROP INDEX ruling_policy; DROP TABLE posture_snapshot; DROP TABLE report_made; PRAGMA user_version = 7;`

// withoutWatch makes a project of format 6 of one of today.
const withoutWatch = withoutPosture + `DROP INDEX exchange_unwatched; DROP INDEX exchange_actor; ALTER TABLE exchange DROP COLUMN watched; ALTER TABLE trash DROP COLUMN watched;
	DROP TABLE threat_moment; DROP TABLE threat; DROP TABLE actor; DROP TABLE watch_state; DROP TABLE watch_exception; DROP TABLE watch_rule;
	DROP TABLE policy; DROP TABLE ruling; PRAGMA user_version = 6;`

// withoutTests makes a project of format 5 of one of today.
const withoutTests = withoutWatch + `DROP TABLE finding_trial; DROP TABLE finding_event; DROP TABLE finding; DROP TABLE trial; DROP TABLE run_case;
	DROP TABLE run_template; DROP TABLE run_tally; DROP TABLE run; DROP TABLE overrule; DROP TABLE role; DROP TABLE attack_scope;
	PRAGMA user_version = 5;`

// withoutInventory makes a project of format 3 of one of today.
const withoutInventory = withoutTests + `DROP INDEX exchange_endpoint; DROP INDEX trash_endpoint; DROP INDEX exchange_unfolded;
	ALTER TABLE exchange DROP COLUMN endpoint; ALTER TABLE trash DROP COLUMN endpoint;
	DROP TABLE endpoint; DROP TABLE endpoint_shape; DROP TABLE path_tree; DROP TABLE asset; DROP TABLE asset_version; DROP TABLE asset_use;
	DROP TABLE edge; DROP TABLE place; DROP TABLE hit; DROP TABLE custom_type; DROP TABLE change; DROP TABLE path_decision; DROP TABLE document; DROP TABLE model;
	PRAGMA user_version = 3;`

// TestOlderProjectIsCopiedAndChanged opens a project of format 1, as it was before filters and tabs.
func TestOlderProjectIsCopiedAndChanged(t *testing.T) {
	t.Parallel()
	path := temp(t)
	p, err := storage.Open(t.Context(), path, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	id := record(p.Recorder(), exchange("a.example", "/", 200, nil, []byte("kept")), 1)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if copies, _ := filepath.Glob(path + ".v*"); len(copies) > 0 {
		t.Errorf("a new project was copied: %v", copies)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.ExecContext(t.Context(), withoutInventory+"DROP TABLE filter; DROP TABLE recent_filter; DROP TABLE repeater_tab; DROP TABLE repeater_sent; PRAGMA user_version = 1")
	if closing := db.Close(); err != nil || closing != nil {
		t.Fatal(err, closing)
	}

	p = open(t, path, storage.Options{})
	wantBody(t, p, id, 1, []byte("kept"))
	if _, err := p.NewTab(t.Context(), storage.Tab{Head: "GET https://a.example/ HTTP/1.1"}); err != nil {
		t.Error(err)
	}
	copies, _ := filepath.Glob(path + ".v*")
	if len(copies) != 1 || filepath.Base(copies[0]) != "p.assay.v1" {
		t.Fatalf("copies %v, want the one of format 1", copies)
	}
	if info, err := os.Stat(copies[0]); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("the copy has rights %v, %v", info.Mode(), err)
	}
}
