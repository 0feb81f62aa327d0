package main

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/wailsapp/wails/v2/pkg/runtime"

	"assay/app"
)

// notices are what the desktop tells a person who looks elsewhere. The zero value is ready.
type notices struct {
	focused atomic.Bool // the person looks at the window: it shows everything itself
	last    atomic.Int64
	ready   func() bool // whether the desktop takes any; asked when the first one comes
	begun   atomic.Bool
}

// focusEvent is what the page tells when it is looked at, or no longer.
const focusEvent = "focus"

// tellFocus has the page tell. Wails itself says nothing of focus.
const tellFocus = `(() => {
  const tell = () => window.runtime.EventsEmit("` + focusEvent + `", document.hasFocus());
  window.addEventListener("focus", tell);
  window.addEventListener("blur", tell);
  tell();
})()`

// watchFocus begins to follow whether a person looks at the window. Wails calls it whenever the page was loaded.
func (n *notices) watchFocus(ctx context.Context) {
	runtime.EventsOff(ctx, focusEvent)
	runtime.EventsOn(ctx, focusEvent, func(data ...any) {
		if len(data) == 1 {
			has, _ := data[0].(bool)
			n.focused.Store(has)
		}
	})
	runtime.WindowExecJS(ctx, tellFocus)
}

// begin returns what shows a notice. The desktop is asked for permission when the first one comes, and not before.
func (n *notices) begin(ctx context.Context, a *app.App) func(title, body string) {
	n.ready = sync.OnceValue(func() bool {
		err := runtime.InitializeNotifications(ctx)
		if err == nil && !runtime.IsNotificationAvailable(ctx) {
			return false
		}
		allowed := false
		if err == nil {
			n.begun.Store(true)
			allowed, err = runtime.RequestNotificationAuthorization(ctx)
		}
		if err != nil && a.Log != nil {
			a.Log.Info("the desktop shows no notifications", "err", err)
		}
		return err == nil && allowed
	})
	return func(title, body string) {
		if n.focused.Load() || !n.ready() {
			return
		}
		err := runtime.SendNotification(ctx, runtime.NotificationOptions{
			ID: "assay-" + strconv.FormatInt(n.last.Add(1), 10), Title: title, Body: body,
		})
		if err != nil && a.Log != nil {
			a.Log.Info("a notification was not shown", "err", err)
		}
	}
}

// end gives back what notifications took.
func (n *notices) end(ctx context.Context) {
	if n.begun.Load() {
		runtime.CleanupNotifications(ctx)
	}
}
