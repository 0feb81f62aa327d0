package target_test

import (
	"strings"
	"testing"
	"time"

	"assay/scanner/target"
	"assay/traffic"
)

// The vectors are those of AWS's test suite for Signature Version 4 (aws-sig-v4-test-suite), whose names they keep.
func TestSignature(t *testing.T) {
	t.Parallel()
	const form = "application/x-www-form-urlencoded"
	tests := map[string]struct {
		method, url, body, contentType, token, want string
	}{
		"get-vanilla":                      {method: "GET", url: "https://example.amazonaws.com/", want: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
		"post-vanilla":                     {method: "POST", url: "https://example.amazonaws.com/", want: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
		"get-vanilla-query-order-key-case": {method: "GET", url: "https://example.amazonaws.com/?Param2=value2&Param1=value1", want: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
		"get-vanilla-utf8-query":           {method: "GET", url: "https://example.amazonaws.com/?%E1%88%B4=bar", want: "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
		"post-vanilla-query":               {method: "POST", url: "https://example.amazonaws.com/?Param1=value1", want: "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"},
		"post-x-www-form-urlencoded":       {method: "POST", url: "https://example.amazonaws.com/", body: "Param1=value1", contentType: form, want: "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
		"post-x-www-form-urlencoded-par":   {method: "POST", url: "https://example.amazonaws.com/", body: "Param1=value1", contentType: form + "; charset=utf8", want: "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe"},
	}
	at := time.Date(2015, 8, 30, 12, 36, 0, 0, time.UTC)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := traffic.Request{Method: test.method, URL: test.url, Body: traffic.Body{Data: []byte(test.body)}}
			if test.contentType != "" {
				q.Header = traffic.Header{{Name: "Content-Type", Value: test.contentType}}
			}
			err := target.Sign(&q, "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", test.token, "us-east-1", "service", at)
			if err != nil {
				t.Fatal(err)
			}
			if got := q.Header.Get("Authorization"); !strings.HasSuffix(got, "Signature="+test.want) {
				t.Errorf("%s\nwant Signature=%s", got, test.want)
			}
		})
	}
}

// TestSignatureOfPath signs a model's name with a colon, which is escaped once on its way and twice in what is signed.
func TestSignatureOfPath(t *testing.T) {
	t.Parallel()
	sign := func(url, token string) traffic.Request {
		q := traffic.Request{Method: "POST", URL: url}
		if err := target.Sign(&q, "AKIDEXAMPLE", "secret", token, "us-east-1", "bedrock", time.Unix(0, 0)); err != nil {
			t.Fatal(err)
		}
		return q
	}
	plain, escaped := sign("https://bedrock-runtime.us-east-1.amazonaws.com/model/a:0/converse", ""), sign("https://bedrock-runtime.us-east-1.amazonaws.com/model/a%3A0/converse", "")
	if plain.Header.Get("Authorization") == escaped.Header.Get("Authorization") {
		t.Error("paths that travel differently are signed alike")
	}
	session := sign("https://bedrock-runtime.us-east-1.amazonaws.com/", "TOKEN")
	if got := session.Header.Get("Authorization"); !strings.Contains(got, "SignedHeaders=host;x-amz-date;x-amz-security-token,") || session.Header.Get("X-Amz-Security-Token") != "TOKEN" {
		t.Errorf("the token of a session is not signed: %s", got)
	}
}
