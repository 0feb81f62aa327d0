package main

import (
	"context"

	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/runtime"

	"assay/app"
)

// grip is how much of the window, in pixels, must be on the screen for a person to move it.
const grip = 120

// atLeast returns a remembered length, or the first one where none or nonsense is remembered.
func atLeast(remembered, least, first int) int {
	if remembered < least {
		return first
	}
	return remembered
}

func startState(p app.WindowSettings) options.WindowStartState {
	if p.Maximised {
		return options.Maximised
	}
	return options.Normal
}

// restore puts the window where it was, as far as the screens of today allow: one may be gone, or smaller.
func restore(ctx context.Context, p app.WindowSettings) {
	if p.Maximised || p.Width == 0 {
		return
	}
	screens, err := runtime.ScreenGetAll(ctx)
	if err != nil {
		return
	}
	for _, s := range screens {
		if !s.IsCurrent {
			continue
		}
		if width, height := min(p.Width, s.Size.Width), min(p.Height, s.Size.Height); width < p.Width || height < p.Height {
			runtime.WindowSetSize(ctx, width, height)
		}
		if reachable(p, s.Size.Width, s.Size.Height) {
			runtime.WindowSetPosition(ctx, p.X, p.Y)
		}
	}
}

// reachable reports whether a window at the place could be gripped by its title bar on a screen of that size.
func reachable(p app.WindowSettings, width, height int) bool {
	return p.X+p.Width >= grip && p.X <= width-grip && p.Y >= 0 && p.Y <= height-grip
}

// placeNow returns where the window is. A maximised window keeps the place it would return to.
func placeNow(ctx context.Context, before app.WindowSettings) app.WindowSettings {
	if runtime.WindowIsMaximised(ctx) || runtime.WindowIsFullscreen(ctx) {
		before.Maximised = true
		return before
	}
	if runtime.WindowIsMinimised(ctx) {
		return before
	}
	var p app.WindowSettings
	p.Width, p.Height = runtime.WindowGetSize(ctx)
	p.X, p.Y = runtime.WindowGetPosition(ctx)
	return p
}
