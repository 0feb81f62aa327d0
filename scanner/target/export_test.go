package target

import (
	"time"

	"assay/traffic"
)

// Sign signs a request for service and region, for the vectors that AWS published.
func Sign(q *traffic.Request, id, secret, token, region, service string, at time.Time) error {
	return signature{id: id, secret: secret, token: token, region: region, service: service, at: at}.sign(q)
}

// TextAt is the text at a pointer of an answer.
var TextAt = textAt

// RetryAfter reads the header of that name.
var RetryAfter = retryAfter

// Enough is the score from which a text is taken for an answer.
const Enough = enough
