package discover

import (
	"cmp"
	"path"
	"strings"
	"unicode"

	"assay/internal/excerpt"
	"assay/traffic"
)

// What programs say of themselves: User-Agent (RFC 9110 section 10.1.5: products with versions and comments), the
// headers of SDKs made by Stainless (X-Stainless-*) and Fern (X-Fern-*), of Google's (X-Goog-Api-Client) and of Amazon's
// (X-Amz-User-Agent), and the title that OpenRouter asks for (X-Title).

// tellingHeaders are the headers that are read, in lower case.
var tellingHeaders = []string{
	"user-agent", "x-stainless-lang", "x-stainless-package-version", "x-fern-sdk-name", "x-fern-sdk-version", "x-goog-api-client",
	"x-amz-user-agent", "x-title", "x-openrouter-title", "anthropic-version", "x-app", "x-client-name", "editor-version", "openai-organization",
	"openai-beta", "openai-project",
}

// callerHeaders are the lengths of their names: most headers need no second look.
var callerHeaders = func() (lengths [128]bool) {
	for _, h := range tellingHeaders {
		lengths[len(h)] = true
	}
	return lengths
}()

func tellsCaller(name string) bool {
	for _, h := range tellingHeaders {
		if strings.EqualFold(h, name) {
			return true
		}
	}
	return false
}

// product is one "name/version" of a User-Agent.
type product struct{ name, version string }

// apps are programs by the first word of their User-Agent, in lower case.
var apps = map[string]string{
	"claude-cli": "Claude Code", "claude-code": "Claude Code", "claude": "Claude Desktop", "claude-user": "Claude",
	"cursor": "Cursor", "codex_cli_rs": "Codex CLI", "codex_vscode": "Codex for VS Code", "codex-cli": "Codex CLI", "codex_exec": "Codex CLI",
	"geminicli": "Gemini CLI", "gemini-cli": "Gemini CLI",
	"githubcopilotchat": "GitHub Copilot", "githubcopilot": "GitHub Copilot", "copilot-cli": "GitHub Copilot", "copilot": "GitHub Copilot",
	"opencode": "opencode", "cline": "Cline", "roocode": "Roo Code", "roo-code": "Roo Code", "kilocode": "Kilo Code", "kilo-code": "Kilo Code",
	"aider": "Aider", "zed": "Zed", "windsurf": "Windsurf", "continue": "Continue", "goose": "Goose", "crush": "Crush", "amp": "Amp",
	"factory-cli": "Factory", "qwencode": "Qwen Code", "n8n": "n8n", "librechat": "LibreChat", "open-webui": "Open WebUI", "anythingllm": "AnythingLLM",
	"postmanruntime": "Postman", "insomnia": "Insomnia", "bruno": "Bruno", "bruno-runtime": "Bruno", "httpie": "HTTPie", "hoppscotch": "Hoppscotch",
	"curl": "curl", "wget": "Wget", "k6": "k6", "apachebench": "ApacheBench", "powershell": "PowerShell",
	"code": "VS Code", "visualstudiocode": "VS Code", "vscode": "VS Code", "jetbrains": "JetBrains", "raycast": "Raycast", "obsidian": "Obsidian",
	"crewai-cli": "CrewAI CLI", "ollama": "Ollama", "slackbot": "Slack", "discordbot": "Discord", "zapier": "Zapier", "make": "Make",
	"chatgpt-user": "ChatGPT", "gptbot": "GPTBot", "claudebot": "ClaudeBot", "postman": "Postman",
}

// toolkits are libraries by the first word of their User-Agent, in lower case. A program uses them; they are no program.
var toolkits = map[string]string{
	"ai": "vercel-ai-sdk", "ai-sdk": "vercel-ai-sdk", "litellm": "litellm", "langchain": "langchain", "langchainjs": "langchain-js",
	"langchaingo": "langchaingo", "langchaingo-httprr": "langchaingo", "langsmith-py": "langsmith-python", "langsmith-js": "langsmith-js",
	"pydantic-ai": "pydantic-ai", "llama_index": "llama-index", "llama-index": "llama-index", "llamaindex": "llama-index", "haystack": "haystack",
	"semantic-kernel": "semantic-kernel", "crewai": "crewai", "google-genai-sdk": "google-genai", "google-generativeai": "google-generativeai",
	"charm-fantasy": "fantasy", "openai-agents": "openai-agents", "agents": "openai-agents", "mistral-client-python": "mistral-python",
	"mistral-client-js": "mistral-js", "groq": "groq", "cohere": "cohere-python", "promptflow-sdk": "promptflow", "promptflow-evals": "promptflow",
	"boto3": "boto3", "botocore": "botocore", "aws-sdk-js": "aws-sdk-js", "aws-sdk-go-v2": "aws-sdk-go", "aws-sdk-java": "aws-sdk-java",
	"aws-sdk-rust": "aws-sdk-rust", "aws-sdk-ruby3": "aws-sdk-ruby", "rig": "rig", "dspy": "dspy", "instructor": "instructor",
	"posthog-python": "posthog-python", "huggingface_hub": "huggingface-hub", "hf_hub": "huggingface-hub", "ruby_llm": "ruby_llm",
	"python-requests": "python-requests", "python-httpx": "python-httpx", "python-urllib": "python-urllib", "python-urllib3": "python-urllib3",
	"aiohttp": "aiohttp", "python": "python", "go-http-client": "Go's net/http", "node": "Node.js", "node-fetch": "node-fetch", "undici": "undici",
	"axios": "axios", "got": "got", "deno": "Deno", "bun": "Bun", "ruby": "Ruby", "faraday": "faraday", "okhttp": "okhttp", "java-http-client": "Java's HttpClient",
	"java": "Java", "apache-httpclient": "apache-httpclient", "reactornetty": "reactor-netty", "guzzlehttp": "guzzle", "reqwest": "reqwest",
	"charm": "fantasy", "ai21": "ai21-python",
	"dart": "Dart", "cfnetwork": "CFNetwork", "dotnet": ".NET", "spring-ai": "spring-ai", "openaiclient": "openai-client", "restsharp": "RestSharp",
}

// runtimes are executables that run other people's programs: their name alone says little.
var runtimes = wordSet("python python2 python3 pythonw node nodejs deno bun ruby java javaw php perl dotnet electron uvicorn gunicorn " +
	"npx tsx ts-node uv pypy3 beam.smp erl mono")

// readCaller reads what an exchange tells about who sent it.
func readCaller(x *traffic.Exchange) caller {
	h := x.Request.Header
	c := caller{process: processName(x.Client.Process), agent: plainWord(h.Get("User-Agent"), maxAssetName)}
	products := productsOf(h.Get("User-Agent"))
	app, kit := nameProducts(products)
	if sdk := sdkOf(h, products); sdk.name != "" {
		kit = sdk
	}
	if title := plainWord(firstText(h.Get("X-Title"), h.Get("X-OpenRouter-Title")), 60); title != "" && !strings.EqualFold(title, kit.name) {
		app = title
	}
	if app == "" && h.Get("Editor-Version") != "" && strings.Contains(strings.ToLower(h.Get("User-Agent")), "copilot") {
		app = "GitHub Copilot"
	}
	c.sdk = strings.TrimSpace(kit.name + " " + kit.version)
	c.name = nameCaller(app, c.process, kit.name)
	c.key = cmp.Or(app, c.name)
	return c
}

// nameCaller puts together what a program is called.
func nameCaller(app, process, kit string) string {
	generic := runtimes[strings.TrimRight(strings.ToLower(process), ".0123456789")] || runtimes[strings.ToLower(process)]
	switch {
	case app != "" && (process == "" || generic || knownApp[app] || strings.EqualFold(app, process)):
		return app
	case app != "":
		return process + " (" + app + ")"
	case process != "" && kit != "":
		return process + " (" + kit + ")"
	case process != "":
		return process
	default:
		return kit
	}
}

var knownApp = func() map[string]bool {
	known := map[string]bool{}
	for _, name := range apps {
		known[name] = true
	}
	for _, b := range browsers {
		known[b.name] = true
	}
	return known
}()

// nameProducts tells the application and the library that a User-Agent names.
func nameProducts(products []product) (app string, kit product) {
	if len(products) == 0 {
		return "", product{}
	}
	if browser := browserOf(products); browser != "" {
		return browser, product{}
	}
	for i, p := range products {
		lower := strings.ToLower(p.name)
		if known := apps[lower]; known != "" {
			return known, kit
		}
		name, ok := toolkits[lower]
		if !ok {
			name, ok = toolkitFamily(lower)
		}
		switch {
		case ok && kit.name == "":
			kit = product{name, p.version}
		case ok, lower == "mozilla", lower == "unknown", len(products) > 1 && products[1].name == "PythonBindings":
		case i == 0 && !vendorLanguage(p):
			app = p.name
		}
		if i == 2 {
			break // what follows are parts of parts
		}
	}
	return app, kit
}

// toolkitFamily knows libraries whose names have the provider or the language in them.
func toolkitFamily(name string) (string, bool) {
	switch {
	case strings.HasPrefix(name, "langchain"):
		return name, true
	case strings.HasSuffix(name, "-python"), strings.HasSuffix(name, "-js"), strings.HasSuffix(name, "-go"), strings.HasSuffix(name, "-ruby"),
		strings.HasSuffix(name, "-sdk"), strings.HasSuffix(name, "-node"), strings.HasSuffix(name, "-client"):
		return name, true
	case strings.HasPrefix(name, "@"):
		return strings.TrimPrefix(name, "@"), true
	case strings.HasPrefix(name, "azsdk-"), strings.HasPrefix(name, "promptflow"), strings.HasPrefix(name, "aws-sdk-"), strings.HasPrefix(name, "google-api-"),
		strings.HasPrefix(name, "otel-otlp-exporter"), strings.HasPrefix(name, "opentelemetry"):
		return name, true
	default:
		return "", false
	}
}

// vendorLanguage reports whether a product is written as SDKs of model makers write themselves: OpenAI/Python.
func vendorLanguage(p product) bool {
	language, _, _ := strings.Cut(p.version, "/")
	return languages[strings.ToLower(language)] != ""
}

var languages = map[string]string{
	"python": "python", "js": "js", "javascript": "js", "node": "js", "nodejs": "js", "go": "go", "ruby": "ruby", "java": "java", "kotlin": "kotlin", "php": "php",
	"csharp": "dotnet", ".net": "dotnet", "rust": "rust",
}

// sdkOf tells the SDK of a request, with its version.
func sdkOf(h traffic.Header, products []product) product {
	lang := languages[strings.ToLower(h.Get("X-Stainless-Lang"))]
	if len(products) > 0 && vendorLanguage(products[0]) {
		language, version, _ := strings.Cut(products[0].version, "/")
		name := vendorName(products[0].name)
		if version == "" && name != "openai-agents" {
			version = versionAfter(h)
		}
		if name == "openai-agents" {
			version = wordAfter(h.Get("User-Agent"))
		}
		return product{name + "-" + languages[strings.ToLower(language)], version}
	}
	if len(products) > 1 && products[1].name == "PythonBindings" { // "Stripe/v1 PythonBindings/14.0.1"
		return product{strings.ToLower(products[0].name) + "-python", products[1].version}
	}
	if lang != "" {
		version := plainWord(h.Get("X-Stainless-Package-Version"), 24)
		switch {
		case h.Has("Anthropic-Version"):
			return product{"anthropic-" + lang, version}
		case h.Has("OpenAI-Organization"), h.Has("OpenAI-Beta"), h.Has("OpenAI-Project"):
			return product{"openai-" + lang, version}
		}
		if len(products) == 0 || toolkits[strings.ToLower(products[0].name)] != "" && lang == strings.ToLower(products[0].name) {
			return product{lang + " SDK", version}
		}
	}
	if name := plainWord(h.Get("X-Fern-SDK-Name"), 40); name != "" {
		name = strings.Trim(strings.ReplaceAll(strings.TrimPrefix(name, "@"), "/", "-"), "-")
		return product{name, plainWord(h.Get("X-Fern-SDK-Version"), 24)}
	}
	for _, name := range []string{"X-Goog-Api-Client", "X-Amz-User-Agent"} {
		for _, p := range productsOf(h.Get(name)) {
			if kit := toolkits[strings.ToLower(p.name)]; kit != "" {
				return product{kit, p.version}
			}
		}
	}
	return product{}
}

// versionAfter finds the version of "OpenAI/Python 1.40.0": it stands apart, or in a header of its own.
func versionAfter(h traffic.Header) string {
	if v := plainWord(h.Get("X-Stainless-Package-Version"), 24); v != "" {
		return v
	}
	return wordAfter(h.Get("User-Agent"))
}

// wordAfter is the second word of a User-Agent where it is a version.
func wordAfter(agent string) string {
	fields := strings.Fields(agent)
	if len(fields) > 1 && isDigit(fields[1][0]) {
		return plainWord(fields[1], 24)
	}
	return ""
}

// vendorName is the maker in "AsyncOpenAI/Python", "Anthropic::Client/Ruby", "AzureOpenAI/JS".
func vendorName(name string) string {
	name, _, _ = strings.Cut(name, "::")
	name = strings.ToLower(name)
	for _, cloud := range []string{"bedrock", "vertex", "foundry"} {
		name = strings.TrimSuffix(name, cloud)
	}
	if name == "agents" {
		return "openai-agents"
	}
	for _, maker := range []string{"openai", "anthropic"} {
		if strings.HasSuffix(name, maker) {
			return maker // AsyncOpenAI, AzureOpenAI, and what tests make of them
		}
	}
	return strings.TrimPrefix(name, "async")
}

// browsers are told by the product that only they have; the first that is there counts.
var browsers = []struct{ product, name string }{
	{"headlesschrome", "Headless Chrome"},
	{"edg", "Edge"},
	{"edga", "Edge"},
	{"edgios", "Edge"},
	{"opr", "Opera"},
	{"vivaldi", "Vivaldi"},
	{"samsungbrowser", "Samsung Internet"},
	{"yabrowser", "Yandex Browser"},
	{"firefox", "Firefox"},
	{"fxios", "Firefox"},
	{"crios", "Chrome"},
	{"chrome", "Chrome"},
	{"safari", "Safari"},
}

// browserParts are products that browsers, and programs made of one, have besides their own.
var browserParts = wordSet("mozilla applewebkit gecko chrome safari version mobile electron khtml like")

// browserOf tells the browser, or the program made of one (Electron), that a User-Agent names.
func browserOf(products []product) string {
	if !strings.EqualFold(products[0].name, "Mozilla") {
		return ""
	}
	has := map[string]bool{}
	for _, p := range products {
		has[strings.ToLower(p.name)] = true
	}
	if has["electron"] {
		for _, p := range products {
			if lower := strings.ToLower(p.name); !browserParts[lower] {
				return firstText(apps[lower], p.name)
			}
		}
		return "an Electron program"
	}
	for _, b := range browsers {
		if has[b.product] {
			return b.name
		}
	}
	for _, p := range products {
		if lower := strings.ToLower(p.name); apps[lower] != "" || strings.HasSuffix(lower, "bot") {
			return firstText(apps[lower], p.name)
		}
	}
	return ""
}

// productsOf reads the products of a User-Agent, at most 12, without comments.
func productsOf(agent string) []product {
	agent = plainWord(agent, 1024)
	var found []product
	depth, start := 0, -1
	add := func(end int) {
		if start < 0 {
			return
		}
		word := agent[start:end]
		start = -1
		scope := ""
		if strings.HasPrefix(word, "@") { // "@pinecone-database/pinecone"
			scope, word, _ = strings.Cut(word, "/")
			scope += "/"
		}
		name, version, _ := strings.Cut(word, "/")
		if version == "" {
			name, version, _ = strings.Cut(word, "#")
		}
		name = scope + strings.Trim(name, ",;\"'")
		switch {
		case name == "" || len(found) >= 12:
		case len(found) > 0 && found[len(found)-1].version == "" && isVersion(name):
			found[len(found)-1].version = strings.TrimPrefix(name, "v") // "Faraday v2.14.3"
		case isVersion(name):
		default:
			found = append(found, product{excerpt.Bytes(name, 60), excerpt.Bytes(strings.Trim(version, ",;"), 24)})
		}
	}
	for i := range len(agent) {
		switch c := agent[i]; {
		case c == '(':
			add(i)
			depth++
		case c == ')' && depth > 0:
			depth--
		case depth > 0:
		case c == ' ' || c == ';':
			add(i)
		case start < 0:
			start = i
		}
	}
	if depth == 0 {
		add(len(agent))
	}
	return found
}

func isVersion(s string) bool {
	s = strings.TrimPrefix(s, "v")
	return s != "" && isDigit(s[0]) && strings.Trim(s, "0123456789.-abcdefghijklmnopqrstuvwxyz+") == ""
}

// processName is the name of an executable without what its system adds.
func processName(name string) string {
	name = path.Base(strings.ReplaceAll(name, "\\", "/"))
	if name == "." || name == "/" {
		return ""
	}
	return plainWord(strings.TrimSuffix(strings.TrimSuffix(name, ".exe"), ".EXE"), 60)
}

// plainWord is a text from the traffic as part of a name: one line, nothing invisible, at most n bytes.
func plainWord(s string, n int) string {
	clean := func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case !unicode.IsPrint(r) || r == unicode.ReplacementChar:
			return -1
		default:
			return r
		}
	}
	return strings.TrimSpace(excerpt.Bytes(strings.Map(clean, strings.ToValidUTF8(excerpt.Bytes(s, 4*n), "")), n))
}
