package llm

import "slices"

// formats is every wire format there is. Where the evidence is equal the first wins.
var formats = slices.Concat([]*format{
	openaiChat,
	openaiResponses,
	openaiCompletions,
	openaiEmbeddings,
	openaiImages,
	openaiSpeech,
	openaiTranscriptions,
	openaiTranslations,
	openaiModerations,
	anthropicMessages,
	anthropicCount,
	anthropicComplete,
	vertexAnthropic,
	geminiGenerate,
	geminiStream,
	geminiInteractions,
	geminiEmbed,
	geminiCount,
	geminiCached,
	geminiBatch,
	geminiFiles,
	vertexPredict,
	ollamaChat,
	ollamaGenerate,
	ollamaEmbed,
	ollamaOther,
	cohereChat,
	cohereChatV1,
	cohereGenerateV1,
	cohereEmbedV2,
	cohereEmbedV1,
	cohereRerankV2,
	cohereRerankV1,
	cohereTokenize,
	cohereUntoken,
	cohereClassify,
	writerChat,
	mistralOCR,
	veniceImage,
	llamacppOther,
}, anthropicManagement, openaiManagement, bedrockFormats, a2aFormats, vectorFormats,
	voyageFormats, hfFormats, watsonxFormats, deepgramFormats, langserveFormats, []*format{
		mcpFormat,
		openaiRealtime,
		geminiLive,
		openaiAssistants,
		genericRerank,
		replicatePredictions,
		llamaChat,
		vercelUI,
	})

// Families lists the wire formats Parse knows, sorted by name.
func Families() []string {
	var names []string
	for _, f := range formats {
		names = append(names, f.family)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
