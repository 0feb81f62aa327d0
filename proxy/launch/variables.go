package launch

import "slices"

// Variable is one row of the table of what a started program finds in its environment.
type Variable struct {
	// Name of the environment variable.
	Name string
	// Value it gets, where {proxy} is http://127.0.0.1:PORT, {host} and {port} are its parts and {dir} is the folder of
	// the session.
	Value string
	// Honoured says which programs follow it.
	Honoured string
	// Proof says how that is known: a client of the tests, or whose documentation.
	Proof string
	// joined says how the value goes with one that is there already; empty means in its place.
	joined join
}

type join string

const (
	after      join = "after, with a space"
	pathBefore join = "before, in a list of paths"
	pathAfter  join = "after, in a list of paths"
)

const (
	proxyURL = "{proxy}"
	bundle   = "{dir}/bundle.pem"
	root     = "{dir}/ca.pem"
	tested   = "test: "
	doc      = "not run here"
)

// javaOptions are system properties, as Java follows no variable. An empty list of hosts without a proxy replaces one
// that holds localhost.
const javaOptions = "-Dhttp.proxyHost={host} -Dhttp.proxyPort={port} -Dhttps.proxyHost={host} -Dhttps.proxyPort={port} " +
	"-Dhttp.nonProxyHosts= -Djavax.net.ssl.trustStore={dir}/truststore.p12 -Djavax.net.ssl.trustStoreType=PKCS12 " +
	"-Djavax.net.ssl.trustStorePassword=changeit"

var variables = []Variable{
	{Name: "ASSAY_PROXY", Value: proxyURL, Honoured: "our own shims for Node.js and Ruby; tells that the session is on", Proof: tested + "node"},
	{Name: "HTTP_PROXY", Value: proxyURL, Honoured: "most clients, for http://", Proof: tested + "python requests, httpx, go"},
	{Name: "http_proxy", Value: proxyURL, Honoured: "curl and wget, which want lower case for http://", Proof: tested + "curl, wget"},
	{Name: "HTTPS_PROXY", Value: proxyURL, Honoured: "most clients, for https://; Go, but never for localhost", Proof: tested + "go, python, git"},
	{Name: "https_proxy", Value: proxyURL, Honoured: "wget, Ruby, Perl, PHP", Proof: tested + "wget, ruby, perl, php"},
	{Name: "ALL_PROXY", Value: proxyURL, Honoured: "curl, httpx, reqwest, for schemes without one of their own", Proof: doc},
	{Name: "all_proxy", Value: proxyURL, Honoured: "the same", Proof: doc},
	{Name: "WS_PROXY", Value: proxyURL, Honoured: "Python clients of ws://", Proof: tested + "aiohttp WebSocket"},
	{Name: "WSS_PROXY", Value: proxyURL, Honoured: "Python clients of wss://", Proof: doc},
	{Name: "ws_proxy", Value: proxyURL, Honoured: "the same", Proof: doc},
	{Name: "wss_proxy", Value: proxyURL, Honoured: "the same", Proof: doc},
	{Name: "NO_PROXY", Value: "", Honoured: "all of them: empty, or models on localhost would go past the proxy", Proof: tested + "localhost rows"},
	{Name: "no_proxy", Value: "", Honoured: "the same", Proof: tested + "localhost rows"},
	{Name: "CGI_HTTP_PROXY", Value: proxyURL, Honoured: "libraries that ignore HTTP_PROXY inside CGI", Proof: doc},
	{Name: "GLOBAL_AGENT_HTTP_PROXY", Value: proxyURL, Honoured: "Node.js programs with global-agent", Proof: doc},
	{Name: "npm_config_proxy", Value: proxyURL, Honoured: "npm", Proof: doc},
	{Name: "npm_config_https_proxy", Value: proxyURL, Honoured: "npm", Proof: tested + "npm"},
	{Name: "npm_config_noproxy", Value: "", Honoured: "npm", Proof: doc},
	{Name: "npm_config_cafile", Value: bundle, Honoured: "npm", Proof: tested + "npm"},
	{Name: "npm_config_scripts_prepend_node_path", Value: "false", Honoured: "npm 6: keeps PATH of scripts as it is", Proof: doc},

	{Name: "SSL_CERT_FILE", Value: bundle, Honoured: "OpenSSL, Python ssl, httpx, aiohttp, Go on Linux, Ruby, rustls-native-certs, .NET on Linux; in place of the system's roots", Proof: tested + "python, httpx, aiohttp, go, ruby"},
	{Name: "CURL_CA_BUNDLE", Value: bundle, Honoured: "curl", Proof: tested + "curl"},
	{Name: "REQUESTS_CA_BUNDLE", Value: bundle, Honoured: "Python requests, which ignores SSL_CERT_FILE", Proof: tested + "requests"},
	{Name: "PIP_CERT", Value: bundle, Honoured: "pip", Proof: tested + "pip"},
	{Name: "HTTPLIB2_CA_CERTS", Value: bundle, Honoured: "Python httplib2", Proof: doc},
	{Name: "AWS_CA_BUNDLE", Value: bundle, Honoured: "AWS command line and SDKs", Proof: tested + "aws"},
	{Name: "GIT_SSL_CAINFO", Value: bundle, Honoured: "git", Proof: tested + "git"},
	{Name: "CARGO_HTTP_CAINFO", Value: bundle, Honoured: "cargo", Proof: doc},
	{Name: "PERL_LWP_SSL_CA_FILE", Value: bundle, Honoured: "Perl LWP", Proof: tested + "perl"},
	{Name: "PERL_LWP_ENV_PROXY", Value: "1", Honoured: "Perl LWP, which follows no proxy variable without it", Proof: tested + "perl"},
	{Name: "BUNDLE_SSL_CA_CERT", Value: bundle, Honoured: "Ruby bundler", Proof: doc},
	{Name: "DENO_CERT", Value: root, Honoured: "Deno, in addition to its own", Proof: "by hand: deno"},
	{Name: "DENO_TLS_CA_STORE", Value: "system,mozilla", Honoured: "Deno", Proof: doc},
	{Name: "UV_NATIVE_TLS", Value: "1", Honoured: "uv: take the system's roots, and with them SSL_CERT_FILE", Proof: doc},
	{Name: "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", Value: bundle, Honoured: "gRPC in C++, Python, Ruby, Node.js", Proof: doc},
	{Name: "CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE", Value: bundle, Honoured: "gcloud", Proof: doc},
	{Name: "CODEX_CA_CERTIFICATE", Value: bundle, Honoured: "Codex, before SSL_CERT_FILE", Proof: doc},
	{Name: "WGETRC", Value: "{dir}/wgetrc", Honoured: "wget, whose GnuTLS ignores SSL_CERT_FILE; holds the person's own wgetrc first", Proof: tested + "wget"},

	{Name: "NODE_EXTRA_CA_CERTS", Value: root, Honoured: "Node.js and Bun, in addition to their own", Proof: tested + "node; by hand: bun"},
	{Name: "NODE_USE_ENV_PROXY", Value: "1", Honoured: "Node.js from 22.21 and 24.5", Proof: "by hand: node 22, 24"},
	{Name: "NODE_OPTIONS", Value: "--require={dir}/assay.cjs", joined: after, Honoured: "Node.js of every version: http, https, fetch, WebSocket, also to localhost and with agents of the program's own", Proof: tested + "node; by hand: node 18, 22, 24"},
	{Name: "JAVA_TOOL_OPTIONS", Value: javaOptions, joined: after, Honoured: "Java: HttpClient and HttpURLConnection", Proof: tested + "java"},
	{Name: "PYTHONPATH", Value: "{dir}/python", joined: pathBefore, Honoured: "Python: makes aiohttp follow the variables above, and certifi give the bundle", Proof: tested + "aiohttp"},
	{Name: "RUBYLIB", Value: "{dir}/ruby", joined: pathBefore, Honoured: "Ruby: finds the next", Proof: tested + "ruby"},
	{Name: "RUBYOPT", Value: "-rassay_proxy", joined: after, Honoured: "Ruby, which by itself never takes a proxy to localhost", Proof: tested + "ruby"},
	{Name: "PHP_INI_SCAN_DIR", Value: "{dir}/php", joined: pathAfter, Honoured: "PHP: curl and openssl trust the bundle", Proof: tested + "php"},
}

// unset are variables that would take programs past the bundle.
var unset = []string{"SSL_CERT_DIR", "NODE_TLS_REJECT_UNAUTHORIZED"}

// Variables is the table of the environment of started programs, from which the documentation and
// `assay launch terminal --print` are made.
func Variables() []Variable { return slices.Clone(variables) }
