package otlp

import (
	"fmt"
	"strings"

	common "go.opentelemetry.io/proto/slim/otlp/common/v1"

	"assay/internal/excerpt"
)

// How long texts may be, in bytes: names and ids, one text of a message, all messages of a span.
const (
	mostName    = 1 << 10
	mostText    = 64 << 10
	mostContent = 512 << 10
)

// attributes are those of one span.
type attributes []*common.KeyValue

func (a *attributes) put(key string, v *common.AnyValue) {
	*a = append(*a, &common.KeyValue{Key: key, Value: v})
}

// text adds a text; nothing where it is empty.
func (a *attributes) text(key, value string) {
	if value != "" {
		a.put(key, textValue(value))
	}
}

func (a *attributes) texts(key string, values []string) {
	if len(values) == 0 {
		return
	}
	list := &common.ArrayValue{}
	for _, v := range values {
		list.Values = append(list.Values, textValue(v))
	}
	a.put(key, &common.AnyValue{Value: &common.AnyValue_ArrayValue{ArrayValue: list}})
}

func (a *attributes) number(key string, n int64) {
	a.put(key, &common.AnyValue{Value: &common.AnyValue_IntValue{IntValue: n}})
}

func (a *attributes) real(key string, x float64) {
	a.put(key, &common.AnyValue{Value: &common.AnyValue_DoubleValue{DoubleValue: x}})
}

func (a *attributes) yes(key string) {
	a.put(key, &common.AnyValue{Value: &common.AnyValue_BoolValue{BoolValue: true}})
}

func textValue(s string) *common.AnyValue {
	return &common.AnyValue{Value: &common.AnyValue_StringValue{StringValue: s}}
}

// short is a text that protobuf takes, not longer than so many bytes; what was cut is said.
func short(s string, most int) string {
	if len(s) > most {
		head := excerpt.Bytes(s, most)
		s = fmt.Sprintf("%s… (%d more bytes)", head, len(s)-len(head))
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
