package template

import (
	"fmt"
	"slices"
	"strings"

	"assay/internal/nearest"
)

// The slots that every format has, as far as it has such a thing. The others name a place in the request:
// "header:NAME", "query:NAME", "form:NAME", "part:NAME", "json:/POINTER", "graphql:VARIABLE".
const (
	SlotLastUser   = "last_user"
	SlotSystem     = "system"
	SlotToolResult = "tool_result"
	SlotToolSpec   = "tool_description"
	SlotDocument   = "document"
	SlotFile       = "file"
	SlotFileName   = "file_name"
	SlotHistory    = "history"   // an earlier turn of the assistant
	SlotPrefill    = "prefill"   // the beginning of the assistant's answer
	SlotUserName   = "user_name" // the name field of the user's message
)

var slotWords = []string{
	SlotLastUser, SlotSystem, SlotToolResult, SlotToolSpec, SlotDocument, SlotFile, SlotFileName, SlotHistory, SlotPrefill,
	SlotUserName,
}

var slotPlaces = []string{"header", "query", "form", "part", "json", "graphql"}

// checkSlot says what is wrong with a slot, and the word that is nearest.
func checkSlot(slot string) (what, near string) {
	if slices.Contains(slotWords, slot) {
		return "", ""
	}
	place, name, found := strings.Cut(slot, ":")
	if !found {
		return fmt.Sprintf("%q is no slot; a slot is one of %s, or a place such as json:/pointer or header:name", slot, strings.Join(slotWords, ", ")),
			nearest.Word(slot, slotWords)
	}
	switch {
	case !slices.Contains(slotPlaces, place):
		return fmt.Sprintf("%q is no place in a request; places are %s", place, strings.Join(slotPlaces, ", ")), nearest.Word(place, slotPlaces)
	case name == "":
		return fmt.Sprintf("%s wants a name behind the colon", place), ""
	case place == "json" && name[0] != '/':
		return "a JSON pointer begins with /, as in json:/messages/0/content", "json:/" + name
	}
	return "", ""
}
