package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMenuCommands needs every command of the menus to exist in the window.
func TestMenuCommands(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("frontend/src/features/*/commands.ts")
	if err != nil {
		t.Fatal(err)
	}
	var defined strings.Builder
	for _, path := range append(files, "frontend/src/frame/commands.ts") {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		defined.Write(data)
	}
	for _, entries := range [][]entry{fileMenu, editMenu, viewMenu, helpMenu} {
		for _, e := range entries {
			if e != separator && !strings.Contains(defined.String(), "id: '"+e.id+"'") {
				t.Errorf("%q in the menu runs %s, which no commands.ts defines", e.label, e.id)
			}
		}
	}
}
