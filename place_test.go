package main

import (
	"testing"

	"assay/app"
)

func TestReachable(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		place app.WindowSettings
		want  bool
	}{
		"in the middle":         {app.WindowSettings{X: 200, Y: 100, Width: 1280, Height: 800}, true},
		"half over the left":    {app.WindowSettings{X: -600, Y: 100, Width: 1280, Height: 800}, true},
		"on a screen that went": {app.WindowSettings{X: 2200, Y: 100, Width: 1280, Height: 800}, false},
		"on one to the left":    {app.WindowSettings{X: -1900, Y: 100, Width: 1280, Height: 800}, false},
		"title above the top":   {app.WindowSettings{X: 100, Y: -40, Width: 1280, Height: 800}, false},
		"below the bottom":      {app.WindowSettings{X: 100, Y: 1070, Width: 1280, Height: 800}, false},
	} {
		if got := reachable(test.place, 1920, 1080); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if atLeast(0, leastWidth, firstWidth) != firstWidth || atLeast(10, leastWidth, firstWidth) != firstWidth || atLeast(900, leastWidth, firstWidth) != 900 {
		t.Error("a size that makes no sense is used")
	}
}
