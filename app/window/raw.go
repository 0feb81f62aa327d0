package window

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"assay/app"
	"assay/storage"
	"assay/traffic"
)

// How many bytes one request gets unless it says, and at most.
const (
	usualRaw = 1 << 20
	mostRaw  = 16 << 20
)

// window is a part of something.
type window struct{ from, limit int64 }

func windowOf(q url.Values, usual, most int64) (window, error) {
	w := window{0, usual}
	var err error
	if s := q.Get("from"); s != "" {
		w.from, err = strconv.ParseInt(s, 10, 64)
	}
	if s := q.Get("limit"); s != "" && err == nil {
		w.limit, err = strconv.ParseInt(s, 10, 64)
	}
	if err != nil || w.from < 0 || w.limit < 0 {
		return w, &app.Error{Code: app.CodeUsage, Message: "from and limit are numbers of bytes"}
	}
	w.limit = min(w.limit, most)
	return w, nil
}

// of cuts the window out of data.
func (w window) of(data []byte) []byte {
	from := min(w.from, int64(len(data)))
	return data[from:min(from+w.limit, int64(len(data)))]
}

func sideOf(r *http.Request) (traffic.Side, error) {
	switch r.PathValue("side") {
	case "request":
		return traffic.FromClient, nil
	case "response":
		return traffic.FromServer, nil
	}
	return 0, &app.Error{Code: app.CodeUsage, Message: "a body is of the request or of the response"}
}

// serveRaw answers with bytes of a body: form=wire as they travelled, otherwise with their content coding undone.
// X-Assay-Total says how many there are, X-Assay-Lost (percent-encoded) why some are missing.
func (d *Desk) serveRaw(w http.ResponseWriter, r *http.Request) error {
	side, err := sideOf(r)
	if err != nil {
		return err
	}
	win, err := windowOf(r.URL.Query(), usualRaw, mostRaw)
	if err != nil {
		return err
	}
	p, x, err := d.exchange(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	coding, body := bodyAt(x, side)
	if body == nil {
		return writeBytes(w, nil, 0, "")
	}
	if r.URL.Query().Get("form") == "wire" || len(traffic.Codings(coding)) == 0 {
		data, total, err := wireBytes(r, p, x.ID, side, win)
		if err != nil {
			return err
		}
		return writeBytes(w, data, total, body.Lost)
	}
	t, err := d.text(p, x, side, formBytes)
	if err != nil {
		return err
	}
	return writeBytes(w, win.of(t.data), int64(len(t.data)), t.lost)
}

// bodyAt gives a body and its content coding; nil where there is no message.
func bodyAt(x *traffic.Exchange, side traffic.Side) (coding string, body *traffic.Body) {
	if side == traffic.FromClient {
		return codingOf(x.Request.Header), &x.Request.Body
	}
	if x.Response == nil {
		return "", nil
	}
	return codingOf(x.Response.Header), &x.Response.Body
}

func wireBytes(r *http.Request, p *storage.Project, id traffic.ID, side traffic.Side, win window) (data []byte, total int64, err error) {
	body, err := p.Body(r.Context(), id, side)
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, body.Close()) }()
	if total, err = body.Seek(0, io.SeekEnd); err != nil {
		return nil, 0, err
	}
	from := min(win.from, total)
	if _, err = body.Seek(from, io.SeekStart); err != nil {
		return nil, 0, err
	}
	data = make([]byte, min(win.limit, total-from))
	_, err = io.ReadFull(body, data)
	return data, total, err
}

func writeBytes(w http.ResponseWriter, data []byte, total int64, lost string) error {
	h := w.Header()
	h.Set("X-Assay-Total", strconv.FormatInt(total, 10))
	if lost != "" {
		h.Set("X-Assay-Lost", url.PathEscape(lost))
	}
	h.Set("Content-Length", strconv.Itoa(len(data)))
	_, _ = w.Write(data) // the window has gone
	return nil
}

// serveText answers with a text of a conversation that the binding cut, named by ?at= (ChatPart.At). A limit may cut its
// last character: the window joins the bytes.
func (d *Desk) serveText(w http.ResponseWriter, r *http.Request) error {
	win, err := windowOf(r.URL.Query(), usualRaw, mostRaw)
	if err != nil {
		return err
	}
	p, id, err := d.find(r.PathValue("id"))
	if err != nil {
		return err
	}
	_, c, err := d.understand(r.Context(), p, id)
	if err != nil {
		return err
	}
	text, err := chatText(c, r.URL.Query().Get("at"))
	if err != nil {
		return err
	}
	return writeBytes(w, win.of([]byte(text)), int64(len(text)), "")
}
