package discover

// Roles of places, beyond those of llm: who says a text, or what it is.
const (
	roleSystem    = "system"
	roleUser      = "user"
	roleAssistant = "assistant"
	roleTool      = "tool"           // what a tool answered
	roleArguments = "tool arguments" // what a model gives to a tool
	roleReasoning = "reasoning"
)

// roles tells from the structure of a document who speaks. The zero value knows nobody: plain traffic has no speakers.
type roles struct {
	known  bool
	answer bool // of an answer: what nobody else says, the model says
}

// saidRoles are the words of the wire for who speaks.
var saidRoles = map[string]string{
	"system": roleSystem, "developer": roleSystem, "SYSTEM": roleSystem,
	"user": roleUser, "human": roleUser, "USER": roleUser, "User": roleUser, "ROLE_USER": roleUser,
	"assistant": roleAssistant, "model": roleAssistant, "ai": roleAssistant, "bot": roleAssistant, "CHATBOT": roleAssistant,
	"agent": roleAssistant, "ASSISTANT": roleAssistant, "ROLE_AGENT": roleAssistant,
	"tool": roleTool, "function": roleTool, "TOOL": roleTool, "ipython": roleTool,
}

// typeRoles are types of parts and items that say what they hold.
var typeRoles = map[string]string{
	"tool_result": roleTool, "function_call_output": roleTool, "computer_call_output": roleTool, "mcp_tool_result": roleTool,
	"local_shell_call_output": roleTool, "custom_tool_call_output": roleTool, "tool-result": roleTool,
	"tool_use": roleArguments, "function_call": roleArguments, "server_tool_use": roleArguments, "mcp_tool_use": roleArguments,
	"custom_tool_call": roleArguments, "mcp_call": roleArguments, "tool-call": roleArguments,
	"thinking": roleReasoning, "reasoning": roleReasoning, "redacted_thinking": roleReasoning,
}

// keyRoles are members that say by their name who speaks in them.
var keyRoles = map[string]string{
	"systemInstruction": roleSystem, "system_instruction": roleSystem, "system_prompt": roleSystem,
	"tool_calls": roleArguments, "function_call": roleArguments, "functionCall": roleArguments, "toolUse": roleArguments,
	"toolResult": roleTool, "functionResponse": roleTool, "function_response": roleTool, "tool_results": roleTool,
	"reasoning_content": roleReasoning, "reasoning": roleReasoning, "thinking": roleReasoning, "reasoningContent": roleReasoning,
}

// topRoles are members at the top of a request.
var topRoles = map[string]string{
	"system": roleSystem, "instructions": roleSystem, "preamble": roleSystem, "prompt": roleUser, "input": roleUser, "message": roleUser,
	"inputs": roleUser, "query": roleUser, "question": roleUser, "contents": roleUser, "suffix": roleUser, "inputText": roleUser,
}

// answerRoles are members at the top of an answer.
var answerRoles = map[string]string{
	"choices": roleAssistant, "content": roleAssistant, "candidates": roleAssistant, "output": roleAssistant, "message": roleAssistant,
	"response": roleAssistant, "generation": roleAssistant, "completion": roleAssistant, "results": roleAssistant, "text": roleAssistant,
	"generated_text": roleAssistant, "answer": roleAssistant, "completions": roleAssistant, "generations": roleAssistant,
}

// roleFixed reports whether a role is nearer to a text than what the object around it says.
func roleFixed(role string) bool {
	return role == roleTool || role == roleArguments || role == roleReasoning
}

// of tells who speaks at a node by its name; empty when the name does not tell.
func (r *roles) of(paths *pathTable, n int32) string {
	if !r.known || n <= 0 {
		return ""
	}
	node := &paths.nodes[n]
	switch {
	case node.keyRole != "":
		return node.keyRole
	case node.depth != 1:
		return ""
	case r.answer:
		return node.answerRole
	}
	return node.topRole
}

// speaker tells how a member says who speaks.
type speaker byte

const (
	saysNothing speaker = iota
	saysRole            // "role": "user"
	saysType            // "type": "tool_result"
)

func speakerOf(key string) speaker {
	switch key {
	case "role", "from", "author":
		return saysRole
	case "type":
		return saysType
	}
	return saysNothing
}

// said tells who speaks when a member says so; empty for other members.
func (r *roles) said(s speaker, value []byte) string {
	switch {
	case !r.known || s == saysNothing:
		return ""
	case s == saysRole:
		return saidRoles[string(value)]
	}
	return typeRoles[string(value)]
}
