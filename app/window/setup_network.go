package window

import (
	"net"
	"strconv"
	"time"

	"assay/app"
)

// RemoteState says whether other machines reach the recorder.
type RemoteState struct {
	Allowed   bool      `json:"allowed"`
	Addresses []Address `json:"addresses"` // of this machine, as others call it
	Listen    string    `json:"listen"`    // what RemoteIn would listen on
}

// Address is one by which other machines reach this one.
type Address struct {
	IP        string `json:"ip"`
	Interface string `json:"interface"`
	Proxy     string `json:"proxy"`       // host:port to enter there; empty while Allowed is false
	CA        string `json:"certificate"` // URL of the root certificate; empty likewise
}

// RemoteIn lets other machines in, or shuts them out.
type RemoteIn struct {
	Allow     bool `json:"allow"`
	Confirmed bool `json:"confirmed"` // the person was told that whoever reaches the port can use it
}

// Remote restarts capture where other machines can reach it, or where they cannot. It lasts until the window closes.
func (s *Setup) Remote(in RemoteIn) (out SetupStatus, err error) {
	defer s.desk.guard(&err)
	d := s.desk
	if in.Allow && !in.Confirmed {
		return out, &app.Error{Code: app.CodeUsage, Message: "whoever reaches the port can use the proxy and is recorded: this must be confirmed"}
	}
	host := "127.0.0.1"
	if in.Allow {
		host = "0.0.0.0"
	}
	listen := net.JoinHostPort(host, d.port())
	d.setup.mu.Lock()
	d.setup.remote = in.Allow
	d.setup.mu.Unlock()
	if err := d.restartCapture(listen); err != nil {
		return out, err
	}
	return d.setupStatus()
}

// port is the one recorded on, or wanted.
func (d *Desk) port() string {
	d.mu.Lock()
	listen := ""
	if d.recording != nil {
		listen = d.recording.Listen()
	}
	d.mu.Unlock()
	if listen == "" {
		listen = d.wanted()
	}
	_, port, _ := net.SplitHostPort(listen)
	return port
}

// restartCapture stops the recorder, if one is at work, and starts it with today's options.
func (d *Desk) restartCapture(listen string) error {
	if err := d.stopCapture(); err != nil {
		return err
	}
	return d.startCapture(d.life(), listen)
}

func (d *Desk) remoteState() RemoteState {
	port := d.port()
	out := RemoteState{Addresses: []Address{}, Listen: net.JoinHostPort("0.0.0.0", port)}
	d.mu.Lock()
	if d.recording != nil {
		host, _, _ := net.SplitHostPort(d.recording.Listen())
		ip := net.ParseIP(host)
		out.Allowed = ip != nil && !ip.IsLoopback()
	}
	d.mu.Unlock()
	for _, a := range addresses() {
		if out.Allowed {
			a.Proxy = net.JoinHostPort(a.IP, port)
			a.CA = "http://" + a.Proxy + "/ca.pem"
		}
		out.Addresses = append(out.Addresses, a)
	}
	return out
}

// addresses lists those of this machine that are not its own alone.
func addresses() (list []Address) {
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil
	}
	for _, i := range interfaces {
		if i.Flags&net.FlagUp == 0 || i.Flags&net.FlagLoopback != 0 {
			continue
		}
		all, err := i.Addrs()
		if err != nil {
			continue
		}
		for _, a := range all {
			if subnet, is := a.(*net.IPNet); is && subnet.IP.IsGlobalUnicast() {
				list = append(list, Address{IP: subnet.IP.String(), Interface: i.Name})
			}
		}
	}
	return list
}

// UpstreamState says whether this computer is set up to reach the world through a proxy, and whether the recorder does.
type UpstreamState struct {
	Found  bool   `json:"found"`
	URL    string `json:"url"`    // without credentials
	Source string `json:"source"` // where that is written: the name of a variable, GNOME, macOS, Windows
	Used   bool   `json:"used"`   // the recorder sends through a proxy
}

// UpstreamIn says whether the proxy that was found is to be used.
type UpstreamIn struct {
	Use bool `json:"use"`
}

// Upstream makes the recorder send through the proxy that was found on this computer, or no longer through any. The
// setting is kept, and capture restarted.
func (s *Setup) Upstream(in UpstreamIn) (out SetupStatus, err error) {
	defer s.desk.guard(&err)
	d := s.desk
	settings, err := d.app.Home.Settings()
	if err != nil {
		return out, err
	}
	settings.Capture.UpstreamProxy = ""
	if in.Use {
		found, ok := d.systemProxy()
		if !ok {
			return out, &app.Error{Code: app.CodeNotFound, Message: "no proxy is set up on this computer any more"}
		}
		settings.Capture.UpstreamProxy = found.URL
	}
	problems, err := d.saveSettings(app.SectionCapture, settings)
	if err != nil {
		return out, err
	}
	if len(problems) > 0 {
		return out, &app.Error{Code: app.CodeInput, Message: problems[0].Message}
	}
	if d.counts() {
		if err := d.restartCapture(d.listening()); err != nil {
			return out, err
		}
	}
	return d.setupStatus()
}

// listening is the address recorded on, empty while nothing is recorded.
func (d *Desk) listening() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.recording == nil {
		return ""
	}
	return d.recording.Listen()
}

// proxyAsked is how long what the system says about proxies is taken for true: asking starts a program.
const proxyAsked = time.Minute

func (d *Desk) systemProxy() (app.SystemProxy, bool) {
	own := d.proxyAddress()
	c := d.setup
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.asked) > proxyAsked {
		c.proxy, c.hasProxy = app.FindSystemProxy(d.life(), own)
		c.asked = time.Now()
	}
	return c.proxy, c.hasProxy
}

func (d *Desk) upstreamState() UpstreamState {
	d.mu.Lock()
	used := d.recording != nil && d.recordsWith.UpstreamProxy != ""
	d.mu.Unlock()
	found, ok := d.systemProxy()
	return UpstreamState{Found: ok, URL: found.Shown(), Source: found.Source, Used: used}
}

// PortConflict says who has the port that capture wants.
type PortConflict struct {
	Taken bool   `json:"taken"`
	Port  int    `json:"port"`
	Name  string `json:"name"` // of the program that has it; empty where the system does not tell
	PID   int    `json:"pid"`
	Free  string `json:"free"` // an address that is free
}

// portConflict looks only when capture could not begin.
func (d *Desk) portConflict() PortConflict {
	d.mu.Lock()
	failed := d.recording == nil && d.capturing != nil && app.CodeOf(d.capturing) == app.CodeBusy
	wanted := d.recordsWith.Listen
	d.mu.Unlock()
	host, text, err := net.SplitHostPort(wanted)
	port, _ := strconv.Atoi(text)
	if !failed || err != nil || port == 0 || free(wanted) {
		return PortConflict{}
	}
	out := PortConflict{Taken: true, Port: port, Free: net.JoinHostPort(host, "0")}
	out.Name, out.PID = app.PortOwner(port)
	for next := port + 1; next < min(port+20, 1<<16); next++ {
		if addr := net.JoinHostPort(host, strconv.Itoa(next)); free(addr) {
			out.Free = addr
			break
		}
	}
	return out
}

func free(addr string) bool {
	l, err := net.Listen("tcp", addr) //nolint:noctx // ends at once
	if err != nil {
		return false
	}
	return l.Close() == nil
}
