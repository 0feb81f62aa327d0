package main

import (
	"context"
	goruntime "runtime"

	"github.com/wailsapp/wails/v2/pkg/menu"
	"github.com/wailsapp/wails/v2/pkg/menu/keys"
	"github.com/wailsapp/wails/v2/pkg/runtime"
)

// commandEvent tells the window to run the command whose id it carries (frontend/src/commands).
const commandEvent = "command"

// entry is one line of a menu: a command of the window, or a separator where id is empty. Keys are not shown: the window
// has them, they can be changed there, and a menu would take them away from it.
type entry struct{ label, id string }

var separator = entry{}

var fileMenu = []entry{
	{"Open Project…", "frame.openProject"},
	{"New Project…", "frame.newProject"},
	separator,
	{"Capture On or Off", "frame.capture"},
	{"Settings", "frame.settings"},
}

var editMenu = []entry{
	{"Undo", "frame.undo"},
	{"Redo", "frame.redo"},
	separator,
	{"Find Command…", "frame.palette"},
}

var viewMenu = []entry{
	{"Home", "frame.home"},
	{"Traffic", "frame.traffic"},
	{"Inventory", "frame.inventory"},
	{"Repeater", "frame.repeater"},
	separator,
	{"Look as the System", "frame.themeAuto"},
	{"Light", "frame.themeLight"},
	{"Dark", "frame.themeDark"},
	{"High Contrast", "frame.themeContrast"},
	separator,
	{"Larger", "frame.larger"},
	{"Smaller", "frame.smaller"},
	{"Ordinary Size", "frame.ordinary"},
}

var helpMenu = []entry{
	{"Connect a Client", "frame.setup"},
	{"Keys", "frame.keys"},
}

// menu is the window's menu bar.
func (d *desktop) menu() *menu.Menu {
	bar := menu.NewMenu()
	onMac := goruntime.GOOS == "darwin"
	if onMac {
		bar.Append(menu.AppMenu())
	}
	file := bar.AddSubmenu("File")
	d.add(file, fileMenu)
	if !onMac { // there it stands in the menu of the application
		file.AddSeparator()
		file.AddText("Quit", keys.CmdOrCtrl("q"), func(*menu.CallbackData) { d.with(runtime.Quit) })
	}
	if onMac {
		bar.Append(menu.EditMenu()) // without it the system's keys for copy and paste do nothing
	} else {
		d.add(bar.AddSubmenu("Edit"), editMenu)
	}
	d.add(bar.AddSubmenu("View"), viewMenu)
	help := bar.AddSubmenu("Help")
	d.add(help, helpMenu)
	if !onMac {
		help.AddSeparator()
		help.AddText("About Assay", nil, func(*menu.CallbackData) { d.with(showAbout) })
	}
	return bar
}

func (d *desktop) add(to *menu.Menu, entries []entry) {
	for _, e := range entries {
		if e == separator {
			to.AddSeparator()
			continue
		}
		to.AddText(e.label, nil, func(*menu.CallbackData) {
			d.with(func(ctx context.Context) { runtime.EventsEmit(ctx, commandEvent, e.id) })
		})
	}
}

// with does something with the window, once there is one.
func (d *desktop) with(do func(context.Context)) {
	if ctx := d.ctx.Load(); ctx != nil {
		do(*ctx)
	}
}

func showAbout(ctx context.Context) {
	go func() { // a dialog waits for its answer, and this is called by what would show it
		_, _ = runtime.MessageDialog(ctx, runtime.MessageDialogOptions{Type: runtime.InfoDialog, Title: "About Assay", Message: about()})
	}()
}

func about() string {
	return "Assay " + version + "\n\nRecords, reads and tests the traffic of AI-backed APIs.\nNothing leaves this machine.\n\nTest only what you may."
}
