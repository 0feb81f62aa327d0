package launch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// prepareFirefox writes settings into a new profile and puts our root into its certificate database. Firefox keeps
// that database per profile and has no option that names a certificate, so NSS's certutil is needed on Linux; on macOS
// and Windows, where it is rarely installed, the profile takes the roots of the system instead, and our root must be
// there (`assay ca trust`).
func prepareFirefox(ctx context.Context, s Session, profile string) error {
	host, port, err := net.SplitHostPort(s.Proxy)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(profile, "user.js"), []byte(firefoxSettings(host, port)), 0o600); err != nil {
		return err
	}
	certutil, err := exec.LookPath("certutil")
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" && err != nil {
		return nil // Windows has a certutil of its own, which is another program
	}
	if err != nil {
		return errors.New("certutil of NSS is missing, without which Firefox cannot be told to trust the proxy: install libnss3-tools (Debian, Ubuntu) or nss-tools (Fedora), or use a Chromium")
	}
	root := s.path("ca.pem")
	if err := os.WriteFile(root, s.Trust.PEM(), 0o600); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for _, args := range [][]string{
		{"-N", "--empty-password"},
		{"-A", "-n", "Assay CA", "-t", "C,,", "-i", root},
	} {
		out, err := exec.CommandContext(ctx, certutil, append([]string{"-d", "sql:" + profile}, args...)...).CombinedOutput()
		if err != nil {
			return fmt.Errorf("certutil %s: %w: %s", args[0], err, strings.TrimSpace(string(out)))
		}
	}
	return nil
}

func firefoxSettings(host, port string) string {
	settings := []struct{ name, value string }{
		{"network.proxy.type", "1"},
		{"network.proxy.http", fmt.Sprintf("%q", host)},
		{"network.proxy.http_port", port},
		{"network.proxy.ssl", fmt.Sprintf("%q", host)},
		{"network.proxy.ssl_port", port},
		{"network.proxy.share_proxy_settings", "true"},
		{"network.proxy.no_proxies_on", `""`},
		{"network.proxy.allow_hijacking_localhost", "true"},
		{"network.proxy.failover_direct", "false"},
		{"network.http.http3.enable", "false"},
		{"security.enterprise_roots.enabled", "true"},
		// What follows keeps a new profile from asking questions and from talking to its maker.
		{"app.normandy.enabled", "false"},
		{"app.shield.optoutstudies.enabled", "false"},
		{"app.update.auto", "false"},
		{"app.update.enabled", "false"},
		{"browser.aboutwelcome.enabled", "false"},
		{"browser.discovery.enabled", "false"},
		{"browser.newtabpage.activity-stream.feeds.telemetry", "false"},
		{"browser.newtabpage.activity-stream.feeds.discoverystreamfeed", "false"},
		{"browser.newtabpage.activity-stream.feeds.adsfeed", "false"},
		{"browser.newtabpage.activity-stream.feeds.system.topsites", "false"},
		{"browser.newtabpage.activity-stream.feeds.system.topstories", "false"},
		{"browser.newtabpage.activity-stream.unifiedAds.endpoint", `""`},
		{"browser.newtabpage.enabled", "false"},
		{"browser.ping-centre.telemetry", "false"},
		{"browser.region.network.url", `""`},
		{"browser.region.update.enabled", "false"},
		{"browser.safebrowsing.downloads.remote.enabled", "false"},
		{"browser.safebrowsing.malware.enabled", "false"},
		{"browser.safebrowsing.phishing.enabled", "false"},
		{"browser.search.update", "false"},
		{"browser.shell.checkDefaultBrowser", "false"},
		{"browser.startup.homepage", `"about:blank"`},
		{"browser.startup.homepage_override.mstone", `"ignore"`},
		{"browser.startup.page", "0"},
		{"browser.tabs.warnOnClose", "false"},
		{"captivedetect.canonicalURL", `""`},
		{"datareporting.healthreport.uploadEnabled", "false"},
		{"datareporting.policy.dataSubmissionEnabled", "false"},
		{"datareporting.usage.uploadEnabled", "false"},
		{"datareporting.policy.dataSubmissionPolicyBypassNotification", "true"},
		{"dom.push.connection.enabled", "false"},
		{"dom.security.https_first", "false"},
		{"extensions.blocklist.enabled", "false"},
		{"extensions.getAddons.cache.enabled", "false"},
		{"extensions.systemAddon.update.enabled", "false"},
		{"extensions.update.enabled", "false"},
		{"media.gmp-manager.updateEnabled", "false"},
		{"network.captive-portal-service.enabled", "false"},
		{"network.connectivity-service.enabled", "false"},
		{"network.dns.disablePrefetch", "true"},
		{"network.prefetch-next", "false"},
		{"network.trr.mode", "5"},
		{"services.settings.server", `"data:,#remote-settings-dummy/v1"`},
		{"signon.rememberSignons", "false"},
		{"termsofuse.bypassNotification", "true"},
		{"toolkit.telemetry.enabled", "false"},
		{"toolkit.telemetry.reportingpolicy.firstRun", "false"},
		{"toolkit.telemetry.unified", "false"},
		{"trailhead.firstrun.didSeeAboutWelcome", "true"},
	}
	var out strings.Builder
	for _, setting := range settings {
		fmt.Fprintf(&out, "user_pref(%q, %s);\n", setting.name, setting.value)
	}
	return out.String()
}
