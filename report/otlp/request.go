package otlp

import (
	collector "go.opentelemetry.io/proto/slim/otlp/collector/trace/v1"
	common "go.opentelemetry.io/proto/slim/otlp/common/v1"
	resource "go.opentelemetry.io/proto/slim/otlp/resource/v1"
	trace "go.opentelemetry.io/proto/slim/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// conventions is the version of the general semantic conventions that spans follow.
const conventions = "https://opentelemetry.io/schemas/1.41.0"

// Encode is a request of OTLP with spans, in protobuf. The resource says that Assay saw them, and of which project.
func Encode(version, project string, spans []*trace.Span) ([]byte, error) {
	var of, scope attributes
	of.text("service.name", "assay")
	of.text("service.version", short(version, mostName))
	of.text("assay.project", short(project, mostName))
	scope.text("assay.what", "calls recorded on the wire")
	return proto.Marshal(&collector.ExportTraceServiceRequest{ResourceSpans: []*trace.ResourceSpans{{
		Resource: &resource.Resource{Attributes: of}, SchemaUrl: conventions,
		ScopeSpans: []*trace.ScopeSpans{{Scope: &common.InstrumentationScope{Name: "assay", Version: short(version, mostName), Attributes: scope}, Spans: spans, SchemaUrl: conventions}},
	}}})
}

// Answer is what a collector says to a request that it took: how many spans it rejected, and why. Fields that are not known are
// passed over; what is no protobuf is an error.
func Answer(body []byte) (rejected int64, why string, err error) {
	var a collector.ExportTraceServiceResponse
	if err := proto.Unmarshal(body, &a); err != nil {
		return 0, "", err
	}
	return a.GetPartialSuccess().GetRejectedSpans(), a.GetPartialSuccess().GetErrorMessage(), nil
}

// Size is how many bytes a span takes in a request.
func Size(s *trace.Span) int { return proto.Size(s) }

// Operation is what a span says it is: chat, embeddings, execute_tool.
func Operation(s *trace.Span) string {
	for _, a := range s.GetAttributes() {
		if a.GetKey() == "gen_ai.operation.name" {
			return a.GetValue().GetStringValue()
		}
	}
	return ""
}
