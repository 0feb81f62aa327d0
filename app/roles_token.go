package app

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"assay/scanner/target"
	"assay/traffic"
)

// Bounds of a command that prints a token.
const (
	commandPatience = 30 * time.Second
	mostCommandSays = 64 << 10
)

// tokenOfCommand runs a program without a shell and takes the first line that it prints.
func tokenOfCommand(ctx context.Context, command []string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, commandPatience)
	defer cancel()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...) //nolint:gosec // the person's own command
	cmd.WaitDelay = time.Second
	out, said := &bounded{most: mostCommandSays}, &bounded{most: 400}
	cmd.Stdout, cmd.Stderr = out, said
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return "", fmt.Errorf("the command %s did not end within %s", command[0], commandPatience)
		}
		if why := Harmless(said.String(), 200); why != "" {
			return "", fmt.Errorf("the command %s failed: %s", command[0], why)
		}
		return "", fmt.Errorf("the command %s failed: %w", command[0], err)
	}
	line, _, _ := strings.Cut(strings.TrimLeft(out.String(), "\r\n"), "\n")
	if line = strings.TrimSpace(line); line == "" {
		return "", fmt.Errorf("the command %s printed no token", command[0])
	}
	return line, nil
}

// bounded keeps the beginning of what is written to it.
type bounded struct {
	bytes.Buffer
	most int
}

// Write implements io.Writer.
func (b *bounded) Write(data []byte) (int, error) {
	b.Buffer.Write(data[:min(len(data), max(0, b.most-b.Len()))])
	return len(data), nil
}

// setCookies are the cookies that an answer sets.
func setCookies(a *target.Answer) []traffic.Field {
	var all []traffic.Field
	for _, f := range a.Header {
		if !strings.EqualFold(f.Name, "Set-Cookie") {
			continue
		}
		if c, err := http.ParseSetCookie(f.Value); err == nil {
			all = append(all, traffic.Field{Name: c.Name, Value: c.Value})
		}
	}
	return all
}

// withCookies puts cookies that a login set into the request that follows, in place of those recorded with it.
func withCookies(h traffic.Header, cookies []traffic.Field) traffic.Header {
	if len(cookies) == 0 {
		return h
	}
	var pairs []string
	for _, c := range cookies {
		pairs = append(pairs, c.Name+"="+c.Value)
	}
	h = slices.DeleteFunc(slices.Clone(h), func(f traffic.Field) bool { return strings.EqualFold(f.Name, "Cookie") })
	return append(h, traffic.Field{Name: "Cookie", Value: strings.Join(pairs, "; ")})
}

// sendable leaves out headers that every sender makes anew.
func sendable(h traffic.Header) traffic.Header {
	return slices.DeleteFunc(slices.Clone(h), func(f traffic.Field) bool {
		switch strings.ToLower(f.Name) {
		case "host", "content-length", "connection", "transfer-encoding", "accept-encoding", "te", "upgrade", "keep-alive", "proxy-connection":
			return true
		}
		return strings.HasPrefix(f.Name, ":")
	})
}

// nth is an element of a list by its number; nil where there is none.
func nth(list []any, number string) any {
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || n >= len(list) {
		return nil
	}
	return list[n]
}
