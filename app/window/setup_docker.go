package window

import (
	"fmt"
	"net"
	"runtime"
	"strings"
)

// caInside is where the root certificate is put in a container.
const caInside = "/assay/ca.pem"

// docker writes how a container is connected. It reaches this machine as host.docker.internal; Docker Desktop leads that
// name to loopback, Docker on Linux to a bridge, where the recorder must listen, too.
func docker(proxy, ca string) Docker {
	_, port, _ := net.SplitHostPort(proxy)
	at := "http://host.docker.internal:" + port
	variables := []string{
		"HTTP_PROXY=" + at, "HTTPS_PROXY=" + at, "http_proxy=" + at, "https_proxy=" + at, "NO_PROXY=", "no_proxy=",
		"SSL_CERT_FILE=" + caInside, "REQUESTS_CA_BUNDLE=" + caInside, "CURL_CA_BUNDLE=" + caInside,
		"NODE_EXTRA_CA_CERTS=" + caInside, "NODE_USE_ENV_PROXY=1",
	}
	run, compose := []string{"docker run --rm -it --add-host=host.docker.internal:host-gateway"}, []string{
		"services:", "  app:", "    image: IMAGE", "    extra_hosts:", `      - "host.docker.internal:host-gateway"`, "    environment:",
	}
	run = append(run, "  -v "+quoted(ca)+":"+caInside+":ro")
	for _, v := range variables {
		run = append(run, "  -e "+v)
		compose = append(compose, fmt.Sprintf("      - %q", v))
	}
	compose = append(compose, "    volumes:", fmt.Sprintf("      - %q", ca+":"+caInside+":ro"))
	return Docker{
		Run: strings.Join(append(run, "  IMAGE"), " \\\n"), Compose: strings.Join(compose, "\n"),
		Remote: runtime.GOOS == "linux",
	}
}

// quoted is a path for a POSIX shell.
func quoted(path string) string {
	if strings.ContainsAny(path, " '\"\\$&|;<>()*?`#~") {
		return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
	}
	return path
}
