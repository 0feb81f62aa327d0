package rule

import (
	"strconv"
	"strings"
	"time"

	"assay/scanner/yamlfile"
)

// duration reads "90s", "10m", "24h" or "7d".
func (d *decoder) duration(n *yamlfile.Node, where string, least, most time.Duration) time.Duration {
	t := d.Trimmed(n, where, 40)
	if t == "" {
		return least
	}
	v, err := time.ParseDuration(t)
	if days, ok := strings.CutSuffix(t, "d"); ok && err != nil {
		var x float64
		if x, err = strconv.ParseFloat(days, 64); err == nil && x >= 0 && x <= 1000 {
			v = time.Duration(x * float64(24*time.Hour))
		}
	}
	switch {
	case err != nil:
		d.Fail(n, where, "%q is no length of time; write it as 90s, 10m, 24h or 7d", yamlfile.Clip(t))
		return least
	case v < least || v > most:
		d.Fail(n, where, "%s is not between %s and %s", yamlfile.Clip(t), span(least), span(most))
		return least
	}
	return v
}

// plain is a number as a person writes it.
func plain(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// span is a length of time as a person writes it: 90s, 10m, 24h, 7d.
func span(d time.Duration) string {
	switch {
	case d == 0:
		return "0s"
	case d%(24*time.Hour) == 0 && d >= 48*time.Hour:
		return strconv.FormatInt(int64(d/(24*time.Hour)), 10) + "d"
	case d%time.Hour == 0:
		return strconv.FormatInt(int64(d/time.Hour), 10) + "h"
	case d%time.Minute == 0:
		return strconv.FormatInt(int64(d/time.Minute), 10) + "m"
	default:
		return d.String()
	}
}
