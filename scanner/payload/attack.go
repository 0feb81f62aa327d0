package payload

import (
	"html"
	"regexp"
	"slices"
	"strings"
)

// Place is where a value of a request stands.
type Place string

// The places.
const (
	InPath   Place = "path"
	InQuery  Place = "query"
	InHeader Place = "header"
	InBody   Place = "body" // a member of JSON, a field of a form
)

// Value is one value of a request, as it was sent.
type Value struct {
	Place Place
	Name  string // of the parameter, the header or the member; empty of a path
	Text  string
	Own   bool // the request goes to a machine of the same network: inner addresses are usual in it
}

// mostValue bounds one value: of a longer one the beginning and the end are looked at.
const mostValue = 8 << 10

// attack is one sort of attack on an API.
type attack struct {
	name  string
	needs marks    // of these bytes one stands in every match
	gate  []string // and one of these, in small letters; nil: a command behind a separator (runs)
	re    *regexp.Regexp
	not   *regexp.Regexp // and this not in the value
	where []Place        // nil: everywhere
	names []string       // only under a name with one of these words; nil: under any
	score float64
	why   string
}

// marks are bytes that attacks are written with.
type marks uint32

const (
	mQuote  marks = 1 << iota // ' " `
	mAngle                    // < >
	mSemi                     // ;
	mPipe                     // | &
	mDollar                   // $
	mParen                    // ( )
	mBrace                    // { }
	mSlash                    // / \
	mDots                     // ..
	mColon                    // :
	mEqual                    // =
	mLine                     // line breaks
	mUnder                    // __
	mHash                     // # *
)

var markOf = func() (of [256]marks) {
	for chars, m := range map[string]marks{
		"'\"`": mQuote, "<>": mAngle, ";": mSemi, "|&": mPipe, "$": mDollar, "()": mParen, "{}[": mBrace, `/\`: mSlash, ":": mColon, "=": mEqual, "\r\n": mLine,
		"_": mUnder, "#*": mHash, ".%": mDots,
	} {
		for i := range len(chars) {
			of[chars[i]] |= m
		}
	}
	return of
}()

// shellWords are programs that attacks run.
const shellWords = `(?:cat|ls|id|whoami|uname|curl|wget|nc|ncat|netcat|bash|sh|zsh|ping|sleep|nslookup|dig|powershell|pwsh|cmd(?:\.exe)?|python3?|perl|ruby|php|rm|chmod|echo|printenv|env|ifconfig|ipconfig|hostname|tail|head|type|dir|certutil|busybox|touch|base64|ps|netstat|net user)`

var attacks = []attack{
	{
		name: "sqli", needs: mQuote, gate: []string{"or", "and", "like", "||", "&&"}, score: 0.85, why: "A value turns the condition of an SQL statement into one that is always true",
		re:  regexp.MustCompile(`(?i)['"` + "`" + `]\s{0,8}\)*\s{0,8}(?:or|and|\|\||&&|xor)\s{0,8}\(*\s{0,8}(?:not\s+)?(?:['"]{0,2}\w{0,32}['"]{0,2}\s{0,4}(?:=|<>|!=|<|>|\blike\b|\bbetween\b|\bin\b)\s{0,4}\(?['"]?\w{0,32}|['"]?\d+['"]?\s{0,4}(?:--|#|/\*|$)|true\b|exists\s*\(|sleep\s*\()`),
		not: regexp.MustCompile(`(?i)^\s*\(?\w[\w.]*\s*(?:=|!=|<>|<=?|>=?|\s(?:like|in|eq|ne|contains)\s)\s*\(?'[^']*'\)?(?:\s+(?:and|or)\s+\(?(?:not\s+)?\w[\w.]*\s*(?:=|!=|<>|<=?|>=?|\s(?:like|in|eq|ne|contains)\s)\s*\(?'?[^']*'?\)*)*\s*$|^\s*(?:--[^\n]*\n\s*)*(?:select|with|insert|update|delete|create|explain)\b`),
	},
	{
		name: "sqli", needs: mEqual, gate: []string{"or ", "and ", "or/", "and/"}, score: 0.75, why: "A value adds a condition to an SQL statement that is always true or never",
		re: regexp.MustCompile(`(?i)^\s{0,4}[\w-]{0,32}\)?[\s/*]{1,6}(?:or|and)[\s/*]{1,6}(?:1\s{0,4}=\s{0,4}[12]\b|0\s{0,4}=\s{0,4}[01]\b|\d+\s{0,4}=\s{0,4}\d+\s{0,4}(?:--|#|;|$)|'([^']{1,16})'\s{0,4}=\s{0,4}')`),
	},
	{
		name: "sqli", needs: mQuote | mParen | mHash | mDots | mEqual | mColon | mSlash | mSemi | mUnder, gate: []string{"union"}, score: 0.9, why: "A value joins a second query to an SQL statement",
		re:  regexp.MustCompile(`(?i)\bunion(?:\s|/\*[^*]{0,64}\*/|\+|\(){1,8}(?:all|distinct)?(?:\s|/\*[^*]{0,64}\*/|\+|\(){0,8}select\b`),
		not: regexp.MustCompile(`(?i)^\s*(?:--[^\n]*\n\s*)*(?:select|with|insert|create|explain)\b`),
	},
	{
		name: "sqli", needs: mSemi, gate: []string{"drop", "delete", "insert", "update", "alter", "truncate", "exec", "shutdown", "create"}, score: 0.85, why: "A value ends an SQL statement and begins another one",
		re:  regexp.MustCompile(`(?i)['")\d]\s{0,8};\s{0,8}(?:drop\s+(?:table|database|schema|user)|delete\s+from|insert\s+into|update\s+\w+\s+set|alter\s+(?:table|user)|truncate\s+(?:table\s+)?\w+|exec(?:ute)?\s+\w|shutdown\b|create\s+(?:user|table|function))`),
		not: regexp.MustCompile(`(?i)^\s*(?:--[^\n]*\n\s*)*(?:select|with|insert|create|update|delete|begin|set|alter|drop)\b`),
	},
	{
		name: "sqli", needs: mParen, gate: []string{"sleep", "benchmark", "waitfor", "dbms_", "extractvalue", "updatexml", "randomblob", "utl_"}, score: 0.9, why: "A value calls functions of a database that attacks measure or read with",
		re: regexp.MustCompile(`(?i)(?:['")\s;,+]|^)(?:sleep\s{0,4}\(\s{0,4}\d{1,6}\s{0,4}\)|pg_sleep\s{0,4}\(|benchmark\s{0,4}\(\s{0,4}\d+\s{0,4},|waitfor\s+delay\s+'|dbms_(?:pipe|lock)\.|utl_(?:http|inaddr)\.|extractvalue\s{0,4}\(|updatexml\s{0,4}\(|randomblob\s{0,4}\(\s{0,4}\d{4,})`),
	},
	{
		name: "sqli", needs: mQuote, gate: []string{"waitfor"}, score: 0.9, why: "A value makes a database wait", re: regexp.MustCompile(`(?i)\bwaitfor\s+delay\s+'`),
	},
	{
		name: "sqli", needs: mQuote, gate: []string{"--", "#", "/*"}, score: 0.7, why: "A value closes a text and comments out the rest of an SQL statement",
		re: regexp.MustCompile(`^[^'"\n]{0,64}['"]\s{0,4}\)*\s{0,4};?\s{0,4}(?:--[ +-]?|#|/\*)[^'"\n]{0,8}$`),
	},
	{
		name: "sqli", needs: mUnder | mDots, gate: []string{"information_schema", "xp_cmdshell", "pg_catalog", "sqlite_master", "into outfile", "into dumpfile", "load_file"}, score: 0.75, why: "A value names what attacks on databases read",
		re:  regexp.MustCompile(`(?i)\binformation_schema\.\w+|\bxp_cmdshell\b|\bfrom\s+(?:sqlite_master|pg_catalog\.)|\binto\s+(?:out|dump)file\b|\bload_file\s{0,4}\(`),
		not: regexp.MustCompile(`(?i)^\s*(?:--[^\n]*\n\s*)*(?:select|with|show|explain)\b`),
	},
	{
		name: "sqli", needs: mHash | mQuote | mParen, gate: []string{"order by", "group by", "having "}, score: 0.8, why: "A value counts the columns of an SQL statement",
		re: regexp.MustCompile(`(?i)['")\d]\s{1,8}(?:order\s+by|group\s+by)\s+\d{1,3}\s{0,4}(?:--|#|/\*)|['")]\s{1,8}having\s+\d+\s{0,4}=\s{0,4}\d+`),
	},
	{
		name: "xss", needs: mAngle, gate: []string{"script", "on", "src", "data:", "action"}, score: 0.85, why: "A value holds script for a web page",
		re:  regexp.MustCompile(`(?i)<\s{0,4}script\b[^<>]{0,256}>?|<(?:img|svg|iframe|body|video|audio|details|input|a|object|embed|math|marquee|style|select|textarea|form|isindex|button|div|x)\b[^<>]{0,256}[\s/"'](?:on[a-z]{3,24}\s{0,4}=|(?:src|href|data|action|formaction)\s{0,4}=\s{0,4}["']?\s{0,4}(?:javascript|vbscript|data:text/html)\s{0,4}:?)|<iframe\b[^<>]{0,256}\bsrcdoc\s*=`),
		not: regexp.MustCompile(`(?i)^\s*(?:<!doctype html|<html\b|<\?xml)`),
	},
	{
		name: "xss", needs: mQuote, gate: []string{"on"}, score: 0.75, why: "A value adds an event handler to an element of a web page",
		re: regexp.MustCompile(`(?i)^[^<>\n]{0,64}["']\s{0,4}/?\s{0,4}\bon(?:error|load|click|mouse\w{2,8}|focus|blur|key\w{2,8}|animation\w{3,10}|toggle|pointer\w{2,8})\s{0,4}=\s{0,4}["']?[\w(]`),
	},
	{
		name: "xss", needs: mColon, gate: []string{"script", "data:text/html"}, score: 0.75, why: "A value is script where an address is expected",
		re: regexp.MustCompile(`(?i)^\s{0,8}(?:java\s{0,2}script|vbscript)\s{0,4}:\s{0,4}[\w(%/]|^\s{0,8}data:text/html\s{0,4}[;,]`),
	},
	{
		name: "traversal", needs: mDots, gate: []string{"..", "%2e", "%252e", "%c0"}, score: 0.8, why: "A value leads out of its folder",
		re: regexp.MustCompile(`(?i)(?:(?:^|[/\\=:])(?:\.\.|\.\.;)(?:[/\\]|%2f|%5c|%c0%af)){2,}|(?:\.\.\.\.[/\\]{2}){2,}|(?:%2e%2e|%252e%252e)(?:%2f|%5c|%252f|/)|(?:\.\.[/\\]){3,}|\.\.%c0%af|\.\.[/\\](?:etc|windows|proc|boot|var/log|root)[/\\]`), not: regexp.MustCompile(`\n`),
	},
	{
		name: "lfi", needs: mSlash | mColon, gate: []string{"/etc/", "php:", "win.ini", "boot.ini", "/proc/", "web.xml", "file:", "expect:", ".htpasswd", "phar:", "/.ssh/", "/.env", "zip:", "/.git/", "sam", "/.aws/"}, score: 0.8, why: "A value names a file of the server that is nobody's business",
		re:  regexp.MustCompile(`(?i)(?:^|[/\\=:.;"'\x00])(?:/etc/(?:passwd|shadow|group|hosts|sudoers|issue|crontab|ssh/)|proc/self/(?:environ|cmdline|fd|maps)|proc/(?:version|cpuinfo)|windows[/\\](?:win\.ini|system32[/\\]|repair[/\\]sam)|boot\.ini|web-inf[/\\]|\.htpasswd\b|\.ssh/(?:id_|authorized)|root/\.\w|\.git/(?:config|head)|\.aws/credentials)|^\s{0,4}(?:/etc/\w+|(?:php|phar|expect|zip|glob|data)://?\S|php:|file:/{1,3}(?:etc|proc|c:|windows|root|var|home|\w))|[/\\]etc[/\\]passwd`),
		not: regexp.MustCompile(`\s\w+\s+\w+\s+\w+\s`),
	},
	{
		name: "rfi", needs: mColon, gate: []string{"http", "ftp", "//"}, score: 0.6, where: []Place{InQuery, InBody}, why: "A value that names a page or a file is the address of another server's program",
		names: []string{"page", "file", "include", "inc", "template", "path", "folder", "root", "pg", "layout", "conf", "doc", "dir", "show", "style", "module"},
		re:    regexp.MustCompile(`(?i)^\s{0,4}(?:https?|ftp):?//[^\s]{1,300}\.(?:php\d?|txt|inc|phtml|jsp|asp)(?:\?|%00|$)`),
	},
	{
		name: "ssrf", needs: mColon | mDots | mSlash, gate: []string{"169.254", "metadata", "0xa9fe", "2852039166", "[fd00:ec2", "100.100.100.200", "instance-data"}, score: 0.95, why: "A value is the address of a cloud's metadata service",
		re:  regexp.MustCompile(`(?i)(?:^|//|@|=)(?:169\.254\.169\.25[34]|169\.254\.170\.2|100\.100\.100\.200|metadata\.(?:google\.internal|azure\.\w+|goog)|instance-data|0xa9fea9fe|2852039166|\[fd00:ec2::254\]|\[::ffff:(?:169\.254\.169\.254|a9fe:a9fe)\])(?:[:/?#]|$)`),
		not: regexp.MustCompile(`\s\w+\s+\w+\s+\w+\s`),
	},
	{
		name: "ssrf", needs: mColon, gate: []string{"gopher:", "dict:", "ldap:", "sftp:", "tftp:", "jar:", "netdoc:"}, score: 0.8, why: "A value is an address of a kind that only attacks let servers fetch",
		re: regexp.MustCompile(`(?i)^\s{0,4}(?:gopher|dict|ldaps?|sftp|tftp|jar|netdoc)://?[^\s]{2,}`),
	},
	{
		name: "command", needs: mSemi | mPipe | mDollar | mQuote | mLine, gate: nil, score: 0.8, why: "A value ends a command and begins another one",
		re:  regexp.MustCompile(`(?i)^[^\n;|&` + "`" + `$]{0,128}(?:;|\|\|?|&&|&|\n)\s{0,4}` + shellWords + `(?:\s{1,4}(?:-[\w-]{1,16}|/[\w./*-]{1,64}|\w{1,32}://|["'$]|\d{1,5}\b|[\w.-]{1,64}\s{0,2}$)|\s{0,4}(?:;|\||&|#|$))`),
		not: regexp.MustCompile(`(?s)[^\n]{200,}|\n.*\n.*\n`),
	},
	{
		name: "command", needs: mDollar | mQuote, gate: []string{"$(", "`", "${ifs"}, score: 0.8, why: "A value holds a command for a shell to carry out first",
		re:  regexp.MustCompile(`(?i)(?:\$\(\s{0,4}|` + "`" + `\s{0,4})` + shellWords + `(?:\s[^)` + "`" + `\n]{0,256})?(?:\)|` + "`" + `)|\$\{ifs\}`),
		not: regexp.MustCompile(`(?s)\n.*\n.*\n|` + "`[^`]*`[^`]*`[^`]*`"),
	},
	{
		name: "nosql", needs: mDollar, gate: []string{"[$"}, where: []Place{InQuery, InBody}, score: 0.85, why: "The name of a parameter holds an operator of a database",
		re: regexp.MustCompile(`(?i)\[\$(?:ne|gt|gte|lt|lte|regex|in|nin|exists|where|or|and|not|eq)\]`),
	},
	{
		name: "nosql", needs: mQuote | mEqual | mPipe, gate: []string{"this.", "return ", "$where", "=="}, score: 0.75, why: "A value holds script for a database",
		re: regexp.MustCompile(`(?i)['"]\s{0,4}(?:\|\||&&)\s{0,4}(?:this\.\w+|['"]?1['"]?\s{0,4}==?\s{0,4}['"]?1|true\b)|['"]\s{0,4};\s{0,4}return\s+(?:true|\d|'|")|"\$where"\s{0,4}:`),
	},
	{
		name: "ssti", needs: mBrace | mAngle, gate: []string{"{{", "${", "<%", "#{", "{%", "*{", "@("}, score: 0.85, why: "A value holds an expression for a template engine",
		re: regexp.MustCompile(`(?i)(?:\{\{|\$\{|#\{|\*\{|<%=?|@\()\s{0,4}['"]?\d{1,9}['"]?\s{0,4}[*+-]\s{0,4}['"]?\d{1,9}['"]?\s{0,4}(?:\}|%>|\))|(?:\{\{|\{%|\$\{|#\{|\*\{)[^{}\n]{0,256}(?:__(?:class|globals|mro|subclasses|init|builtins|import)__|\.getclass\(\)|getruntime\(|t\(java\.|popen\s{0,2}\(|freemarker\.template|_self\.env|system\s{0,2}\(\s{0,2}['"]|\|\s{0,2}attr\s{0,2}\(|lipsum\b|cycler\b)|\{\{\s{0,4}(?:config|self|request\.(?:application|environ)|settings\.secret_key)(?:\.\w+|\[[^\]]+\])?\s{0,4}\}\}|<#assign\s|<%=?\s{0,4}(?:system|exec|` + "`" + `|file\.open|dir\.|io\.popen|runtime)`),
	},
	{
		name: "xxe", needs: mAngle, gate: []string{"<!entity", "<!doctype", "xi:include"}, score: 0.9, why: "XML declares an entity that reads something else",
		re: regexp.MustCompile(`(?is)<!entity\s{1,8}(?:%\s{1,8})?[\w.:-]{1,64}\s{1,8}(?:system|public)\b|<!doctype\s[^>\[]{0,128}\[\s{0,64}<!entity|<xi:include\b[^>]{0,256}\bhref\s*=`),
	},
	{
		name: "ldap", needs: mParen, gate: []string{")(", ") (", "*)", "(|", "(&", "(!", "( |", "( &"}, score: 0.8, why: "A value adds a condition to a search in a directory",
		re: regexp.MustCompile(`(?i)^[^()\s]{0,64}\*?\)+\s{0,2}\(\s{0,2}(?:[|&!]\s{0,2}\(?\s{0,2})?(?:\w{2,32}\s{0,2}(?:=|:=|>=|<=)|objectclass)|^[^()\s]{0,64}\)\([|&!]\)|^\s{0,2}\(?[|&]\s{0,2}\(\s{0,2}\w{2,32}=\*`),
	},
	{
		name: "crlf", needs: mLine, gate: []string{":"}, where: []Place{InQuery, InPath, InHeader}, score: 0.85, why: "A value breaks the line and begins a header of its own",
		re: regexp.MustCompile(`(?i)[\r\n]\s{0,2}(?:set-cookie|location|content-(?:type|length|security-policy)|access-control-[\w-]+|x-[\w-]{2,32}|transfer-encoding|host|refresh|link)\s{0,2}:`),
	},
	{
		name: "crlf", needs: mLine, gate: []string{"http/"}, where: []Place{InQuery, InPath, InHeader}, score: 0.85, why: "A value holds a request or an answer of its own",
		re: regexp.MustCompile(`(?i)[\r\n]\s{0,2}(?:http/1\.[01] \d{3}|(?:get|post|put|delete) \S{1,200} http/1)`),
	},
	{
		name: "prototype", needs: mUnder | mDots | mBrace, gate: []string{"__proto__", "constructor"}, where: []Place{InQuery, InBody}, score: 0.85, why: "A name reaches for the prototype of all objects",
		re: regexp.MustCompile(`^__proto__$|(?:\[|\.|^)__proto__(?:\]|\.|\[)|constructor(?:\.|\]?\[)prototype`),
	},
	{
		name: "log4shell", needs: mDollar, gate: []string{"${"}, score: 0.95, why: "A value makes a logger of Java load a class from elsewhere",
		re: regexp.MustCompile(`(?i)\$\{\s{0,4}(?:jndi\s{0,4}:|(?:\$\{[^{}]{0,64}\}|j){1,8}(?:\$\{[^{}]{0,64}\}|n|d|i){2,12}:|(?:lower|upper|env|sys|date|main|bundle|::-)[^{}]{0,16}j\s{0,2}\}(?:\$\{[^{}]{0,32}\}|[ndi]){1,8})`),
	},
	{
		name: "graphql-introspection", needs: mUnder, gate: []string{"__schema", "__type"}, where: []Place{InQuery, InBody}, score: 0.4, why: "A query asks a GraphQL service for all it can do",
		re: regexp.MustCompile(`\b__schema\s{0,8}\{|\b__type\s{0,8}\(`),
	},
}

// innerAddress finds addresses of machines that the outside cannot reach.
var innerAddress = regexp.MustCompile(`(?i)^\s{0,4}(?:https?|ftp|ws):?/{2,3}(?:[^/@\s]{1,64}@)?(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|127\.1|0\.0\.0\.0|10\.\d{1,3}\.\d{1,3}\.\d{1,3}|192\.168\.\d{1,3}\.\d{1,3}|172\.(?:1[6-9]|2\d|3[01])\.\d{1,3}\.\d{1,3}|\[::1?\]|\[::ffff:[\w.:]{3,40}\]|\[f[cd][0-9a-f]{2}:|0x[0-9a-f]{8}|0177\.|\d{8,10}|[\w.-]{1,64}\.(?:nip\.io|sslip\.io|xip\.io|localtest\.me|internal|intranet|local|corp)|(?:elasticsearch|redis|kubernetes|consul|vault|admin|grafana|jenkins))(?:[:/?#]|\s{0,4}$)`)

// returning are words in the names of parameters whose value a browser is sent to, not the server.
var returning = []string{"redirect", "callback", "return", "origin", "referer", "referrer", "next", "continue", "webhook", "base_url", "baseurl", "issuer", "audience", "aud", "logout", "success", "cancel"}

// Attack finds classic attacks on APIs in one value of a request: for values that machines read, not for prose. It undoes
// percent escapes and HTML entities first; a find in what was escaped has the whole value for its span. It returns how many
// bytes were not looked at.
func Attack(v Value) (found []Find, cut int) {
	text := v.Text
	if len(text) > mostValue {
		cut = len(text) - mostValue
		text = text[:mostValue*3/4] + text[len(text)-mostValue/4:]
	}
	found = v.attacks(text, false)
	if plain := unescaped(text); plain != text {
		found = append(found, v.attacks(plain, true)...)
	}
	if strings.Contains(text, "&#") || strings.Contains(text, "&lt;") {
		if plain := html.UnescapeString(text); plain != text && v.Place != InBody {
			found = append(found, v.attacks(plain, true)...)
		}
	}
	if name := v.Name; strings.ContainsAny(name, "$_[<'") { // names are values, too
		inName := Value{Place: v.Place, Text: name, Own: v.Own}
		for _, f := range inName.attacks(unescaped(name), true) {
			f.Start, f.End = 0, 0
			found = append(found, f)
		}
	}
	for i := range found {
		if cut > 0 {
			found[i].Start, found[i].End = 0, len(v.Text) // the parts were joined
		}
		found[i].End = min(found[i].End, len(v.Text))
	}
	return best(found), cut
}

// attacks asks every pattern of a text. whole says that offsets of it are none of the value's.
func (v *Value) attacks(text string, whole bool) (found []Find) {
	var has marks
	for i := range len(text) {
		has |= markOf[text[i]]
	}
	if has&^mDots&^mUnder == 0 && !strings.Contains(text, "..") && !strings.Contains(text, "__") && !strings.Contains(text, "%") && len(text) < 24 {
		return nil
	}
	lower := ""
	add := func(name string, m []int, score float64, why string) {
		if whole {
			m = []int{0, len(v.Text)}
		}
		if prose(text) {
			score *= 0.4 // people write about such things
		}
		found = append(found, Find{name, m[0], m[1], score, why})
	}
	for i := range attacks {
		a := &attacks[i]
		if has&a.needs == 0 || a.where != nil && !slices.Contains(a.where, v.Place) || a.names != nil && !v.named(a.names) {
			continue
		}
		if a.gate != nil {
			if lower == "" {
				lower = strings.ToLower(text)
			}
			if !containsAny(lower, a.gate...) {
				continue
			}
		}
		if a.gate == nil && !runs(text) {
			continue
		}
		m := a.re.FindStringIndex(text)
		if m == nil || a.not != nil && a.not.MatchString(text) {
			continue
		}
		add(a.name, m, a.score, a.why)
	}
	if has&mColon != 0 && !v.Own && v.Place != InHeader && strings.Contains(text, ":/") && !v.named(returning) {
		if m := innerAddress.FindStringIndex(text); m != nil {
			add("ssrf", m, 0.6, "A value is the address of a machine within the network")
		}
	}
	return found
}

// shellNames are the programs of shellWords.
var shellNames = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.SplitSeq("cat ls id whoami uname curl wget nc ncat netcat bash sh zsh ping sleep nslookup dig powershell pwsh cmd python python3 perl ruby php rm chmod echo "+
		"printenv env ifconfig ipconfig hostname tail head type dir certutil busybox touch base64 ps netstat net", " ") {
		m[w] = true
	}
	return m
}()

// runs reports whether the name of a program stands behind something that separates commands.
func runs(text string) bool {
	for i := 0; i < len(text); i++ {
		if c := text[i]; c != ';' && c != '|' && c != '&' && c != '\n' {
			continue
		}
		j := i + 1
		for j < len(text) && j < i+6 && text[j] == ' ' {
			j++
		}
		start := j
		for j < len(text) && j-start < 12 && isWord(text[j]) {
			j++
		}
		if j > start && shellNames[strings.ToLower(text[start:j])] {
			return true
		}
	}
	return false
}

// named reports whether one of the words stands in the value's name.
func (v *Value) named(words []string) bool {
	name := strings.ToLower(v.Name)
	return name != "" && slices.ContainsFunc(words, func(w string) bool { return strings.Contains(name, w) })
}

// prose reports whether a value is written for people: many words, few of the signs that machines read.
func prose(text string) bool {
	if len(text) < 80 {
		return false
	}
	spaces, letters := 0, 0
	for i := range len(text) {
		c := text[i]
		switch {
		case c == ' ' || c == '\n':
			spaces++
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80 || c == ',' || c == '.':
			letters++
		}
	}
	return spaces >= 10 && spaces*12 >= len(text) && (spaces+letters)*100 >= len(text)*88
}
