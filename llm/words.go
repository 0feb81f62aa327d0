package llm

// intern gives the string of a word without allocating it where it is one of the words that every exchange repeats.
func intern(word []byte) string {
	switch string(word) {
	case "user":
		return "user"
	case "assistant":
		return "assistant"
	case "system":
		return "system"
	case "developer":
		return "developer"
	case "tool":
		return "tool"
	case "model":
		return "model"
	case "text":
		return "text"
	case "stop":
		return "stop"
	case "function":
		return "function"
	case "end_turn":
		return "end_turn"
	case "tool_use":
		return "tool_use"
	case "tool_calls":
		return "tool_calls"
	case "STOP":
		return "STOP"
	default:
		return string(word)
	}
}
