package llm

// formats is every wire format there is. Where the evidence is equal the first wins.
var formats = []*format{
	openaiChat,
	openaiResponses,
	anthropicMessages,
	anthropicCount,
	anthropicComplete,
	vertexAnthropic,
	geminiGenerate,
	geminiStream,
}
