package discover_test

import (
	"strings"
	"testing"

	"assay/scanner/discover"
	"assay/traffic"
)

func TestCredentials(t *testing.T) {
	t.Parallel()
	const c = "⟨cred:0123456789abcdef⟩"
	tests := []struct{ name, url, header, want string }{
		{"none", "https://a.example/", "Accept: */*", ""},
		{"bearer", "https://a.example/", "Authorization: Bearer " + c, "bearer authorization"},
		{"bearer in small letters", "https://a.example/", "authorization: bearer " + c, "bearer authorization"},
		{"bearer with nothing", "https://a.example/", "Authorization: Bearer ", ""},
		{"bearer of a bug", "https://a.example/", "Authorization: Bearer undefined", ""},
		{"basic", "https://a.example/", "Authorization: Basic " + c, "basic authorization"},
		{"digest", "https://a.example/", "Authorization: Digest " + c, "digest authorization"},
		{"AWS", "https://a.example/", "Authorization: AWS4-HMAC-SHA256 " + c + "\nX-Amz-Security-Token: " + c + "\nX-Amz-Date: 1", "sigv4 authorization"},
		{"Deepgram", "https://a.example/", "Authorization: Token " + c, "api-key authorization"},
		{"fal", "https://a.example/", "Authorization: Key " + c, "api-key authorization"},
		{"the key alone", "https://a.example/", "Authorization: " + c, "api-key authorization"},
		{"Kerberos", "https://a.example/", "Authorization: Negotiate " + c, "other authorization"},
		{"the proxy's", "https://a.example/", "Proxy-Authorization: Basic " + c, ""},
		{"Anthropic", "https://a.example/", "X-Api-Key: " + c, "api-key x-api-key"},
		{"Azure", "https://a.example/", "api-key: " + c, "api-key api-key"},
		{"Google", "https://a.example/", "X-Goog-Api-Key: " + c, "api-key x-goog-api-key"},
		{"ElevenLabs", "https://a.example/", "xi-api-key: " + c, "api-key xi-api-key"},
		{"GitLab", "https://a.example/", "PRIVATE-TOKEN: " + c, "api-key private-token"},
		{"Azure's gateway", "https://a.example/", "Ocp-Apim-Subscription-Key: " + c, "api-key ocp-apim-subscription-key"},
		{"what only sounds so", "https://a.example/", "Sec-WebSocket-Key: x\nIdempotency-Key: x\nX-CSRF-Token: x\nSurrogate-Key: x\nX-Requested-With: x", ""},
		{"client certificate told by a proxy", "https://a.example/", "X-Forwarded-Client-Cert: " + c, "mtls x-forwarded-client-cert"},
		{"key in the URL", "https://a.example/?alt=sse&key=" + c, "", "api-key ?key"},
		{"a key that is none", "https://a.example/?key=name", "", ""},
		{"token in the URL", "https://a.example/?access_token=" + c, "", "bearer ?access_token"},
		{"signed URL", "https://a.example/?X-Amz-Signature=" + c, "", "sigv4 ?X-Amz-Signature"},
		{"user in the URL", "https://u:" + c + "@a.example/", "", "basic url"},
		{"an @ in the path", "https://a.example/@user", "", ""},
		{"session", "https://a.example/", "Cookie: PHPSESSID=" + c, "cookie PHPSESSID"},
		{"Java", "https://a.example/", "Cookie: theme=" + c + "; JSESSIONID=" + c, "cookie JSESSIONID"},
		{"Express", "https://a.example/", "Cookie: connect.sid=" + c, "cookie connect.sid"},
		{"Next", "https://a.example/", "Cookie: __Secure-next-auth.session-token=" + c, "cookie __Secure-next-auth.session-token"},
		{"Supabase", "https://a.example/", "Cookie: sb-abc-auth-token=" + c, "cookie sb-abc-auth-token"},
		{"Django", "https://a.example/", "Cookie: csrftoken=" + c + "; sessionid=" + c, "cookie sessionid"},
		{".NET", "https://a.example/", "Cookie: ASP.NET_SessionId=" + c + "; .AspNetCore.Antiforgery.x=" + c, "cookie ASP.NET_SessionId"},
		{"cookies that say nothing", "https://a.example/", "Cookie: _ga=" + c + "; _hjSessionUser_1=" + c + "; XSRF-TOKEN=" + c + "; lang=" + c + "; cookie_consent=" + c, ""},
		{"browser's WebSocket", "https://a.example/", "Sec-WebSocket-Protocol: realtime, openai-insecure-api-key." + c, "api-key sec-websocket-protocol"},
		{"two", "https://a.example/", "Authorization: Bearer " + c + "\nX-Api-Key: " + c, "bearer authorization, api-key x-api-key"},
		{"the same twice", "https://a.example/", "X-Api-Key: " + c + "\nX-Api-Key: " + c, "api-key x-api-key"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, a := range discover.Credentials(&traffic.Request{URL: tt.url, Header: lines(tt.header)}) {
				got = append(got, a.Kind+" "+a.Name)
			}
			if s := strings.Join(got, ", "); s != tt.want {
				t.Errorf("%q, want %q", s, tt.want)
			}
		})
	}
}

func FuzzCredentials(f *testing.F) {
	f.Add("https://u:p@a.example/?key=0123456789abcdef#x", "Authorization", "Bearer x")
	f.Add("//a?&&=&token=", "Cookie", "a=b; session; =; sid=0123456")
	f.Add("http://@", "x-api-key", "\xff")
	f.Fuzz(func(t *testing.T, url, name, value string) {
		r := &traffic.Request{URL: url, Header: traffic.Header{{Name: name, Value: value}}}
		for _, a := range discover.Credentials(r) {
			if a.Kind == "" || a.Name == "" {
				t.Errorf("credential %+v", a)
			}
			if len(a.Name) > 200 {
				t.Errorf("a name of %d bytes", len(a.Name))
			}
		}
	})
}
