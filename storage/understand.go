package storage

import (
	"context"
	"fmt"
	"strings"

	"assay/llm"
	"assay/traffic"
)

// How much of a body is read for its meaning. What lies beyond stays in the project, and a note of the conversation
// says that it was not read. Nothing in an image, a film or an archive is a conversation.
const (
	mostUnderstood  = 64 << 20
	mediaUnderstood = 4 << 10
)

// Understand works out what an exchange meant, from what the project holds of it now: it may still be arriving.
func (p *Project) Understand(ctx context.Context, id traffic.ID) (*traffic.Exchange, *llm.Conversation, error) {
	w, err := p.Witness(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	return w.Exchange, w.Conversation, nil
}

// Content loads a body of x and undoes its content coding. What cannot be had is said in notes.
func (p *Project) Content(ctx context.Context, x *traffic.Exchange, side traffic.Side, notes *[]string) ([]byte, error) {
	header, body := x.Request.Header, &x.Request.Body
	if side == traffic.FromServer {
		header, body = x.Response.Header, &x.Response.Body
	}
	most, media := int64(mostUnderstood), isMedia(header.Get("Content-Type"))
	if media {
		most = mediaUnderstood
	}
	data, more, err := p.ReadBody(ctx, x.ID, side, most)
	if err != nil || len(data) == 0 {
		return nil, err
	}
	if more && !media {
		*notes = append(*notes, fmt.Sprintf("only the first %d MiB of the %s's body were read", most>>20, side))
	}
	body.Data = data
	content, lost := x.Content(side, mostUnderstood)
	body.Data = nil // an exchange carries its bodies only where they were asked for
	if lost != "" {
		*notes = append(*notes, "the "+side.String()+"'s body: "+lost)
	}
	return content, nil
}

// isMedia reports whether a Content-Type names something that cannot hold a conversation.
func isMedia(contentType string) bool {
	top, sub, _ := strings.Cut(traffic.MediaType(contentType), "/")
	switch top {
	case "image", "audio", "video", "font":
		return true
	case "application":
		return sub == "octet-stream" || sub == "zip" || sub == "gzip" || sub == "pdf" || sub == "wasm"
	}
	return false
}
