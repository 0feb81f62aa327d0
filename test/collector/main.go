// Command collector receives spans as the OpenTelemetry collector does, with its own receiver, and prints every request as a
// line of JSON (OTLP/JSON, as the collector writes it). The first line says where it listens. It ends when its standard input
// does.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/receiver/otlpreceiver"
	"go.opentelemetry.io/collector/receiver/receivertest"
)

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	address, err := free(ctx)
	if err != nil {
		return err
	}
	factory := otlpreceiver.NewFactory()
	config := factory.CreateDefaultConfig()
	if err := confmap.NewFromStringMap(map[string]any{"protocols": map[string]any{"http": map[string]any{"endpoint": address}}}).Unmarshal(config); err != nil {
		return err
	}
	var lines sync.Mutex
	marshal := &ptrace.JSONMarshaler{}
	sink, err := consumer.NewTraces(func(_ context.Context, td ptrace.Traces) error {
		data, err := marshal.MarshalTraces(td)
		if err != nil {
			return err
		}
		lines.Lock()
		defer lines.Unlock()
		_, err = fmt.Printf("%s\n", data)
		return err
	})
	if err != nil {
		return err
	}
	receiver, err := factory.CreateTraces(ctx, receivertest.NewNopSettings(component.MustNewType("otlp")), config, sink)
	if err != nil {
		return err
	}
	if err := receiver.Start(ctx, componenttest.NewNopHost()); err != nil {
		return err
	}
	where, err := json.Marshal(map[string]string{"endpoint": "http://" + address})
	if err != nil {
		return err
	}
	fmt.Printf("%s\n", where)
	_, err = io.Copy(io.Discard, os.Stdin)
	if stopped := receiver.Shutdown(ctx); err == nil {
		err = stopped
	}
	return err
}

// free is an address on this machine that nobody listens at.
func free(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}
