package window

import (
	"strings"
	"testing"
)

// codes are the keys that are no characters, as WebDriver names them.
var codes = map[string]string{
	"Mod": "\ue009", "Control": "\ue009", "Shift": "\ue008", "Alt": "\ue00a", "Enter": "\ue007", "Tab": "\ue004", "Escape": "\ue00c",
	"Backspace": "\ue003", "Delete": "\ue017", "Space": " ", "Home": "\ue011", "End": "\ue010", "PageUp": "\ue00e", "PageDown": "\ue00f",
	"ArrowLeft": "\ue012", "ArrowUp": "\ue013", "ArrowRight": "\ue014", "ArrowDown": "\ue015", "F2": "\ue032", "F6": "\ue036", "F10": "\ue03a",
}

// chord turns "Mod+Shift+P" into the keys to press one after the other, and to let go in reverse.
func chord(keys string) []map[string]string {
	var down, up []map[string]string
	for name := range strings.SplitSeq(keys, "+") {
		code, named := codes[name]
		if !named {
			code = name
			if strings.Contains(keys, "+") && !strings.Contains(keys, "Shift") {
				code = strings.ToLower(name) // Ctrl+R is typed without Shift
			}
		}
		down = append(down, map[string]string{"type": "keyDown", "value": code})
		up = append([]map[string]string{{"type": "keyUp", "value": code}}, up...)
	}
	return append(down, up...)
}

func TestChord(t *testing.T) {
	t.Parallel()
	var said []string
	for _, action := range chord("Mod+K") {
		said = append(said, action["type"]+" "+action["value"])
	}
	if got, want := strings.Join(said, ", "), "keyDown \ue009, keyDown k, keyUp k, keyUp \ue009"; got != want {
		t.Errorf("Mod+K is %q", got)
	}
}
