package app

import (
	"context"

	"assay/proxy"
)

// Sender makes what sends requests of our own and records them into the project, with the upstream settings of o. It
// works whether or not something is recorded. A scope other than nil says whose certificates are accepted, in place of
// the one in o. Close it before the project.
func (p *Project) Sender(o RecordOptions, scope *proxy.Scope) (*proxy.Sender, error) {
	if ro, why := p.store.ReadOnly(); ro {
		return nil, &Error{Code: CodeBusy, Message: "cannot record what is sent into " + p.store.Path() + ": " + why}
	}
	config, err := o.config()
	if err != nil {
		return nil, err
	}
	if scope == nil {
		scope = config.Scope
	}
	return proxy.NewSender(proxy.SenderConfig{
		Recorder: p.store.Recorder(), Scope: scope, Upstream: config.Upstream, Log: p.app.log(),
		Reveal: func(ctx context.Context, placeholder string) (string, error) {
			return p.store.Credential(ctx, placeholder)
		},
	})
}
