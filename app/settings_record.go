package app

import (
	"context"
	"net/url"
)

// upstreamSecret is the name in the keyring of the upstream proxy's password.
const upstreamSecret = "upstream-proxy-password"

// RecordOptions fills in what options given at start leave open from the settings. The options win.
func (a *App) RecordOptions(ctx context.Context, o RecordOptions) (RecordOptions, error) {
	s, err := a.Home.Settings()
	if err != nil {
		return o, err
	}
	c := s.Capture
	if o.Listen == "" {
		o.Listen, o.AllowRemote = c.Listen, o.AllowRemote || c.AllowRemote
	}
	o.PassRefused = o.PassRefused || c.PassRefused
	for _, list := range []struct {
		into *[]string
		from []string
	}{{&o.Scope, c.Scope}, {&o.PassThrough, c.PassThrough}, {&o.AcceptCertificate, c.AcceptCertificate}} {
		if len(*list.into) == 0 {
			*list.into = list.from
		}
	}
	if o.UpstreamProxy == "" && c.UpstreamProxy != "" {
		o.UpstreamProxy = a.withPassword(ctx, c.UpstreamProxy)
	}
	return o, nil
}

// SaveCapture keeps the section capture; a password in the upstream proxy's URL goes to the keyring and not into the
// file.
func (a *App) SaveCapture(ctx context.Context, s Settings) ([]SettingProblem, error) {
	if problems := s.problemsOf(SectionCapture); len(problems) > 0 {
		return problems, nil
	}
	if u, err := url.Parse(s.Capture.UpstreamProxy); err == nil && u.User != nil {
		if password, given := u.User.Password(); given {
			if err := (lazyKeys{a}).Set(ctx, upstreamSecret, []byte(password)); err != nil {
				return nil, &Error{
					Code: CodeFailed, Message: "the password of the upstream proxy could not be kept", Err: err,
					Hint: "`assay doctor` says what is wrong with the keychain", InWindow: "unlock the keychain of this computer, then try again",
				}
			}
			u.User = url.User(u.User.Username())
			s.Capture.UpstreamProxy = u.String()
		}
	}
	return a.Home.SaveSettings(SectionCapture, s)
}

// withPassword puts the kept password into the URL of an upstream proxy that names a user.
func (a *App) withPassword(ctx context.Context, address string) string {
	u, err := url.Parse(address)
	if err != nil || u.User == nil {
		return address
	}
	password, err := (lazyKeys{a}).Get(ctx, upstreamSecret)
	if err != nil {
		return address // the proxy will ask for it, and the row of the exchange says so
	}
	u.User = url.UserPassword(u.User.Username(), string(password))
	return u.String()
}
