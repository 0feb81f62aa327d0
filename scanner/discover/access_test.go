package discover_test

import (
	"testing"

	"assay/scanner"
	"assay/scanner/discover"
)

// TestAccess goes through the registries of special-purpose addresses and names.
func TestAccess(t *testing.T) {
	t.Parallel()
	const (
		loopback = scanner.AccessLoopback
		internal = scanner.AccessInternal
		public   = scanner.AccessPublic
		third    = scanner.AccessThirdParty
	)
	tests := []struct {
		name, provider string
		addresses      []string
		want           scanner.Access
	}{
		// RFC 1122, 1918, 6598, 3927, 2544, 5771, 1112
		{"127.0.0.1", "", nil, loopback},
		{"127.255.255.254", "", nil, loopback},
		{"0.0.0.0", "", nil, loopback},
		{"10.0.0.1", "", nil, internal},
		{"10.255.255.255", "", nil, internal},
		{"11.0.0.1", "", nil, public},
		{"172.15.255.255", "", nil, public},
		{"172.16.0.1", "", nil, internal},
		{"172.31.255.255", "", nil, internal},
		{"172.32.0.1", "", nil, public},
		{"192.168.0.1", "", nil, internal},
		{"192.167.255.255", "", nil, public},
		{"192.169.0.0", "", nil, public},
		{"100.63.255.255", "", nil, public},
		{"100.64.0.1", "", nil, internal},
		{"100.127.255.255", "", nil, internal},
		{"100.128.0.1", "", nil, public},
		{"169.254.169.254", "", nil, internal},
		{"198.18.0.1", "", nil, internal},
		{"198.20.0.1", "", nil, public},
		{"224.0.0.251", "", nil, internal},
		{"255.255.255.255", "", nil, internal},
		{"8.8.8.8", "", nil, public},
		{"203.0.113.7", "", nil, public},
		// RFC 4291, 4193, 3879, 6052, 3056, 3849
		{"::1", "", nil, loopback},
		{"::", "", nil, loopback},
		{"::ffff:127.0.0.1", "", nil, loopback},
		{"::ffff:10.0.0.1", "", nil, internal},
		{"::ffff:8.8.8.8", "", nil, public},
		{"fe80::1", "", nil, internal},
		{"fe80::1%eth0", "", nil, internal},
		{"fc00::1", "", nil, internal},
		{"fdff::1", "", nil, internal},
		{"fec0::1", "", nil, internal},
		{"ff02::fb", "", nil, internal},
		{"64:ff9b::a00:1", "", nil, internal},
		{"64:ff9b::808:808", "", nil, public},
		{"2002:c0a8:101::1", "", nil, internal},
		{"2001:4860:4860::8888", "", nil, public},
		{"2001:db8::1", "", nil, public},
		// names (RFC 6761, 6762, 8375, 9476, ICANN's .internal)
		{"localhost", "", nil, loopback},
		{"app.localhost", "", nil, loopback},
		{"LOCALHOST.", "", nil, loopback},
		{"intranet", "", nil, internal},
		{"gateway.internal", "", nil, internal},
		{"printer.local", "", nil, internal},
		{"nas.lan", "", nil, internal},
		{"git.corp", "", nil, internal},
		{"tv.home.arpa", "", nil, internal},
		{"api.prod.svc", "", nil, internal},
		{"api.prod.svc.cluster.local", "", nil, internal},
		{"app.test", "", nil, internal},
		{"host.docker.internal", "", nil, internal},
		{"localhost.example.com", "", nil, public},
		{"internal.example.com", "", nil, public},
		{"shop.example", "", nil, public},
		// names and addresses
		{"app.example.com", "", []string{"10.0.0.7:443"}, internal},
		{"app.example.com", "", []string{"127.0.0.1:443"}, loopback},
		{"app.example.com", "", []string{"[fd00::7]:443"}, internal},
		{"app.example.com", "", []string{"10.0.0.7:443", "93.184.216.34:443"}, public},
		{"gateway.internal", "", []string{"93.184.216.34:443"}, public},
		{"gateway.internal", "", []string{"127.0.0.1:8080"}, loopback},
		{"app.example.com", "", []string{"no address"}, public},
		// somebody else's
		{"api.openai.com", "", nil, third},
		{"api.openai.com", "openai", []string{"10.0.0.1:443"}, third},
		{"my.openai.azure.com", "", nil, third},
		{"x.cloud.qdrant.io", "qdrant", nil, third},
		{"generativelanguage.googleapis.com", "", nil, third},
		{"bedrock-runtime.eu-west-1.amazonaws.com", "", nil, third},
		{"api.smith.langchain.com", "", nil, third},
		{"eu.i.posthog.com", "", nil, third},
		{"api.github.com", "", nil, third},
		{"notgithub.com", "", nil, public},
		{"github.com.evil.example", "", nil, public},
		{"chatgpt.com", "openai-chatgpt", nil, third},
		{"llm.internal", "openai-compatible", nil, internal},
		{"llm.example.com", "private-gateway", nil, public},
		{"llm.example.com", "ollama", nil, public},
		{"", "", nil, ""},
	}
	for _, tt := range tests {
		if got := discover.AccessOf(tt.name, tt.provider, tt.addresses); got != tt.want {
			t.Errorf("%s (%s) %v is %q, want %q", tt.name, tt.provider, tt.addresses, got, tt.want)
		}
	}
}

func TestGeneratedHost(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"abc123xyz.ngrok-free.app":                                true,
		"quick-brown-fox-jumps.trycloudflare.com":                 true,
		"3000-i5w8x2k9q1.e2b.dev":                                 true,
		"myapp-8kj2h3j4k-team.vercel.app":                         true,
		"myapp-git-fix-login-team.vercel.app":                     true,
		"myapp.vercel.app":                                        false,
		"deploy-preview-12--site.netlify.app":                     true,
		"site.netlify.app":                                        false,
		"0f8fad5b-d9cb-469f-a165-70867728950e.apps.example.com":   true,
		"8080-0f8fad5b-d9cb-469f-a165-70867728950e.apps.test.dev": true,
		"a1b2c3d4.site.pages.dev":                                 true,
		"site.pages.dev":                                          false,
		"x7k2m9q4w1.execute-api.eu-west-1.amazonaws.com":          true,
		"d111111abcdef8.cloudfront.net":                           true,
		"api.openai.com":                                          false,
		"us-central1-aiplatform.googleapis.com":                   false,
		"bedrock-runtime.us-east-1.amazonaws.com":                 false,
		"my-resource-2024.openai.azure.com":                       false,
		"generativelanguage.googleapis.com":                       false,
		"xy12345.eu-central-1.snowflakecomputing.com":             false,
		"oaidalleapiprodscus.blob.core.windows.net":               false,
		"k8s-prod-01.example.com":                                 false,
		"ip-10-0-0-1.ec2.internal":                                false,
		"10.0.0.1":                                                false,
		"localhost":                                               false,
		"gateway.internal":                                        false,
		"api2.example.com":                                        false,
		"":                                                        false,
	} {
		if got := discover.GeneratedHost(host); got != want {
			t.Errorf("%s: %v, want %v", host, got, want)
		}
	}
}
