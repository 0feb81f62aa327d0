package payload

import (
	"regexp"
	"strings"
)

// secretFiles are files that hold what opens other things.
const secretFiles = `(?:\.ssh/(?:id_|authorized_keys|config)|\bid_(?:rsa|dsa|ecdsa|ed25519)\b|\.aws/credentials|\.gnupg/|\.kube/config|\.netrc\b|\.npmrc\b|\.pypirc\b|\.docker/config\.json|\.git-credentials|` +
	`claude_desktop_config\.json|/etc/(?:shadow|sudoers)\b|/etc/passwd\b|(?:^|[\s"'/\\])\.env(?:\.\w{1,16})?(?:["'\s\\]|$)|\.bash_history|\.zsh_history|wallet\.dat|login data\b|logins\.json|key4\.db|\.pem\b|\.p12\b|\.keystore\b|application_default_credentials\.json|/run/secrets/|serviceaccount/token)`

// harm is one way in which the arguments of a call do harm.
type harm struct {
	name  string
	gate  []string // in small letters
	re    *regexp.Regexp
	not   *regexp.Regexp
	score float64
	why   string
}

var harms = []harm{
	{
		name: "destructive", gate: []string{"drop", "truncate", "delete", "alter"}, score: 0.8, why: "The call deletes tables, or all rows of one",
		re:  regexp.MustCompile(`(?i)\b(?:drop\s+(?:table|database|schema|index|view)\b|truncate\s+(?:table\s+)?["\x60\[]?\w+["\x60\]]?\s*(?:;|"|$|\\)|delete\s+from\s+["\x60\[]?[\w.]+["\x60\]]?\s*(?:;|"|$|\\n|\bwhere\s+(?:1\s*=\s*1|true)\b)|alter\s+table\s+\w+\s+drop\b)`),
		not: regexp.MustCompile(`(?i)\b(?:drop|truncate) table if exists (?:temp|tmp|test)`),
	},
	{
		name: "destructive", gate: []string{"rm ", "mkfs", "dd ", "shred", "rmdir", "remove-item", "format ", "del ", ":(){"}, score: 0.8, why: "The call deletes files or whole disks",
		re: regexp.MustCompile(`(?i)\brm\s+(?:-\w*[rf]\w*\s+){1,3}(?:--no-preserve-root\s+)?["'\\]*(?:/(?:\s|\*|["'\\]|$|etc|usr|var|home|bin|boot|opt|root|srv)|~|\$home|\*|\.(?:\s|["'\\]|$)|\.\.)|\bmkfs(?:\.\w+)?\s+/dev/|\bdd\s+[^|;\n]{0,64}\bof=/dev/(?:sd|nvme|hd|disk)|\bshred\s+-|\bremove-item\b[^|;\n]{0,64}-recurse[^|;\n]{0,32}-force|\b(?:rd|rmdir)\s+/s\s+/q|\bdel\s+/[fsq]\s|\bformat\s+[a-z]:|:\(\)\s?\{\s?:\|:&\s?\};:`),
	},
	{
		name: "destructive", gate: []string{"kubectl", "terraform", "aws ", "gcloud", "az ", "docker", "git "}, score: 0.6, why: "The call deletes what runs or is stored elsewhere",
		re: regexp.MustCompile(`(?i)\bkubectl\s+delete\s+(?:ns|namespace|deploy|deployment|pvc?|all|--all)|\bterraform\s+destroy\b|\baws\s+(?:s3\s+r[bm]\b[^|;\n]{0,80}(?:--force|--recursive)|ec2\s+terminate-instances|rds\s+delete-db|iam\s+delete-)|\bgcloud\s+[\w\s-]{0,40}\bdelete\b|\baz\s+(?:group|vm|storage)\s+[\w\s]{0,24}delete\b|\bdocker\s+(?:system|volume)\s+prune\b[^|;\n]{0,40}-f|\bgit\s+push\s+[^|;\n]{0,40}(?:--force\b|-f\b)`),
	},
	{
		name: "shell", gate: []string{"curl", "wget", "iwr", "invoke-", "base64", "iex"}, score: 0.85, why: "The call runs a program that it fetches or decodes",
		re: regexp.MustCompile(`(?i)\b(?:curl|wget|fetch)\b[^|;\n]{0,256}\|\s{0,4}(?:sudo\s+)?(?:ba|z|da|k)?sh\b|\bbase64\s+(?:-d|--decode|-D)\b[^|;\n]{0,64}\|\s{0,4}(?:sudo\s+)?(?:(?:ba|z|da)?sh|python3?|perl)\b|\b(?:iex|invoke-expression)\b[^\n]{0,64}\b(?:downloadstring|iwr|invoke-webrequest)\b|\bpowershell(?:\.exe)?\s[^\n]{0,64}-e(?:nc|ncodedcommand)?\s+[a-z0-9+/=]{16,}`),
	},
	{
		name: "shell", gate: []string{"/dev/tcp", "nc ", "ncat", "socat", "mkfifo", "pty.spawn", "-i >&"}, score: 0.95, why: "The call opens a shell to somebody else",
		re: regexp.MustCompile(`(?i)/dev/(?:tcp|udp)/[\w.$-]{3,64}/\d{2,5}|\b(?:nc|ncat|netcat)\b[^|;\n]{0,64}\s-\w*[ec]\w*\s+["']?/?(?:bin/)?(?:ba)?sh|\bsocat\b[^\n]{0,80}exec:|\bpty\.spawn\b|\bmkfifo\b[^\n]{0,80}\bnc\b`),
	},
	{
		name: "shell", gate: []string{"curl", "wget", "nc ", "scp", "rsync", "invoke-"}, score: 0.75, why: "The call sends files or variables of the machine elsewhere",
		re: regexp.MustCompile(`(?i)\bcurl\b[^\n]{0,200}(?:(?:-d|--data(?:-binary|-raw|-urlencode)?|-F|--form|-T|--upload-file)\s{0,2}["'\\]{0,3}(?:@|[\w]*=@|\$\(|\x60)|\$\((?:cat|env|printenv|base64)\b)|\bwget\b[^\n]{0,120}--post-(?:file|data)=["'\\]{0,2}(?:\$\(|/)|\b(?:env|printenv|cat\s[^|\n]{1,80})\s{0,2}\|\s{0,2}(?:base64\s{0,2}[^|\n]{0,16}\|\s{0,2})?(?:curl|nc|ncat|wget)\b`),
	},
	{
		name: "shell", gate: []string{"chmod", "chown", "sudoers", "crontab", "authorized_keys", "useradd", "setuid", "visudo", "net user", "schtasks"}, score: 0.6, why: "The call changes who may do what on the machine, or what it starts by itself",
		re: regexp.MustCompile(`(?i)\bchmod\s+(?:-\w+\s+)?(?:[0-7]?777|u\+s|\+s|4[0-7]{3})\s+/|>>\s{0,4}["'\\]?(?:~|/root|/home/\w+|\$home)/\.(?:ssh/authorized_keys|bashrc|profile|zshrc)|>>?\s{0,4}/etc/(?:sudoers|crontab|cron\.|passwd|profile)|\bcrontab\s+-(?:\s|$|["'])|\|\s{0,4}crontab\b|\buseradd\b[^\n]{0,64}(?:-o|-G\s+(?:sudo|wheel|root))|\bnet\s+user\s+\S+\s+\S+\s+/add|\bschtasks\s+/create`),
	},
	{
		name: "credentials-file", gate: []string{".ssh", "id_", ".aws", ".gnupg", ".kube", ".netrc", ".npmrc", ".pypirc", ".docker", ".git-credentials", "claude_desktop", "/etc/", ".env", "_history", "wallet", "login", "key4", ".pem", ".p12", "keystore", "credentials", "/run/secrets", "serviceaccount"}, score: 0.7, why: "The call names a file that holds secrets",
		re:  regexp.MustCompile(`(?i)` + secretFiles),
		not: regexp.MustCompile(`(?i)\.env\.(?:example|sample|template|dist)`),
	},
	{
		name: "internal-address", gate: []string{"169.254", "metadata", "100.100.100.200", "0xa9fe", "2852039166", "fd00:ec2"}, score: 0.95, why: "The call asks a cloud's metadata service, which hands out credentials",
		re: regexp.MustCompile(`(?i)(?:169\.254\.169\.25[34]|169\.254\.170\.2|100\.100\.100\.200|metadata\.google\.internal|metadata\.azure\.|0xa9fea9fe|//2852039166|fd00:ec2::254)`),
	},
	{
		name: "internal-address", gate: []string{"://"}, score: 0.45, why: "The call leads to a machine within the network",
		re:  regexp.MustCompile(`(?i)\b(?:https?|ftp|gopher|dict)://(?:[^/@\s"]{1,64}@)?(?:10\.\d{1,3}\.\d{1,3}\.\d{1,3}|192\.168\.\d{1,3}\.\d{1,3}|172\.(?:1[6-9]|2\d|3[01])\.\d{1,3}\.\d{1,3}|\[f[cd][0-9a-f]{2}:|[\w.-]{1,64}\.(?:internal|intranet|corp)\b)`),
		not: regexp.MustCompile(`host\.docker\.internal`),
	},
}

// CallContext is what is known of a conversation when a call of it is judged.
type CallContext struct {
	// Named reports whether an address (a host, an e-mail address) was named before, by the request.
	Named func(address string) bool
	// Told reports whether a text was told to the model.
	Told func(text string) bool
}

var (
	destroys   = regexp.MustCompile(`(?i)^(?:\w+[._-])*(?:delete|drop|destroy|purge|wipe|erase|truncate|terminate|revoke|deactivate|factory_?reset)(?:[._-]|[A-Z]|$)`)
	everything = regexp.MustCompile(`(?i):\s{0,4}"?(?:\*|all|everything|true|/|%)"?\s{0,4}[,}\]]|"(?:all|force|recursive|cascade|confirm(?:ed)?)"\s{0,4}:\s{0,4}true`)
	pays       = regexp.MustCompile(`(?i)(?:^|[._-])(?:transfer|pay|payment|payout|refund|purchase|withdraw|wire|send_?money|buy|checkout|charge|invoice_pay|make_payment|place_order|trade|swap)(?:[._-]|[A-Z]|$)`)
	amount     = regexp.MustCompile(`(?i)"(?:amount|sum|value|total|quantity|price|amount_\w+|\w+_amount)"\s{0,4}:\s{0,4}"?-?\d`)
	mails      = regexp.MustCompile(`(?i)(?:^|[._-])(?:send|forward|reply|post|share|mail|email|message|notify|upload|webhook)(?:[._-]|[A-Z]|$)|mail|message`)
	mailbox    = regexp.MustCompile(`(?i)[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}`)
	fetches    = regexp.MustCompile(`(?i)fetch|http|request|browse|navigate|open_?url|web|curl|download|visit|goto|get_?page|crawl|scrape`)
)

// mostMailboxes is from how many addresses on one message is mass mail.
const mostMailboxes = 10

// Call finds in a call of a tool what does harm, the surest of each kind. It returns how many bytes were not looked at.
func Call(tool, arguments string, c CallContext) (found []Find, cut int) {
	of, at, cut := parts(arguments)
	if strings.Contains(arguments, `\/`) {
		arguments = strings.ReplaceAll(arguments, `\/`, "/")
		of, at, cut = parts(arguments)
	}
	add := func(name string, start, end int, score float64, why string) {
		found = append(found, Find{name, start, end, score, why})
	}
	for n, part := range of {
		lower := strings.ToLower(part)
		for i := range harms {
			h := &harms[i]
			if !containsAny(lower, h.gate...) {
				continue
			}
			if m := h.re.FindStringIndex(part); m != nil && (h.not == nil || !h.not.MatchString(part)) {
				add(h.name, at[n]+m[0], at[n]+m[1], h.score, h.why)
			}
		}
	}
	head := of[0]
	if destroys.MatchString(tool) {
		if m := everything.FindStringIndex(head); m != nil {
			add("destructive", m[0], m[1], 0.7, "A tool that deletes is called for everything")
		} else {
			add("destructive", 0, 0, 0.3, "A tool that deletes is called")
		}
	}
	if pays.MatchString(tool) {
		if m := amount.FindStringIndex(head); m != nil {
			add("money", m[0], m[1], 0.5, "A tool that moves money is called")
		}
	}
	found = append(found, sends(tool, head, c)...)
	return best(found), cut
}

// sends finds calls that carry something to somebody whom nobody named.
func sends(tool, arguments string, c CallContext) (found []Find) {
	if mails.MatchString(tool) && strings.Contains(arguments, "@") {
		boxes := mailbox.FindAllStringIndex(arguments, 4*mostMailboxes)
		if len(boxes) >= mostMailboxes {
			found = append(found, Find{"outside-address", boxes[0][0], boxes[len(boxes)-1][1], 0.7, "A message goes to many people at once"})
		}
		for _, m := range boxes {
			if c.Named != nil && !c.Named(strings.ToLower(arguments[m[0]:m[1]])) {
				found = append(found, Find{"outside-address", m[0], m[1], 0.6, "A message goes to an address that the request did not name"})
				break
			}
		}
	}
	if !strings.Contains(arguments, "//") {
		return found
	}
	for _, m := range webAddress.FindAllStringIndex(arguments, 32) {
		address := strings.TrimRight(arguments[m[0]:m[1]], `\.,`)
		host, _, _ := strings.Cut(Host(address), ":")
		if host == "" || c.Named == nil || c.Named(host) {
			continue
		}
		load := loadOf(address, c.Told)
		switch {
		case load >= carriesMuch:
			found = append(found, Find{"fetch", m[0], m[1], 0.3 + 0.2*float64(load), "The call carries data to a host that the request did not name"})
		case fetches.MatchString(tool) || mails.MatchString(tool):
			found = append(found, Find{"outside-address", m[0], m[1], 0.25, "The call leads to a host that the request did not name"})
		}
	}
	return found
}
