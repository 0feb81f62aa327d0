package lab

import (
	"embed"
	"io/fs"
	"net/http"
	"strconv"
)

//go:embed site
var site embed.FS

// webRoutes are those of an ordinary shop: a page with a chat box, its files, and JSON about people who do not exist.
func (l *Lab) webRoutes(mux *http.ServeMux) {
	files, err := fs.Sub(site, "site")
	if err != nil {
		files = site // cannot happen: the folder is embedded above
	}
	mux.Handle("GET /static/", http.StripPrefix("/static/", http.FileServerFS(files)))
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, files, "shop.html")
	})
	mux.HandleFunc("GET /api/people", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, people) })
	mux.HandleFunc("GET /api/people/{id}", l.person)
	mux.HandleFunc("GET /api/orders", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, orders) })
	mux.HandleFunc("POST /api/login", l.login)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
}

// person is a customer nobody ever met; numbers and addresses are of the ranges kept for examples.
type person struct {
	ID      int    `json:"id"`
	Name    string `json:"name"`
	Email   string `json:"email"`
	Phone   string `json:"phone"`
	Address string `json:"address"`
	Card    string `json:"card"`
}

var people = []person{
	{1, "Ada Example", "ada@example.com", "+1 202 555 0143", "1 Test Street, Springfield", "4111 1111 1111 1111"},
	{2, "Bruno Sample", "bruno@example.org", "+44 20 7946 0321", "22 Sample Road, London", "5555 5555 5555 4444"},
	{3, "Chiara Prova", "chiara@example.net", "+1 202 555 0187", "Via Prova 3, Roma", "3782 822463 10005"},
}

// order is one purchase in the shop.
type order struct {
	Number string  `json:"number"`
	Person int     `json:"person"`
	Item   string  `json:"item"`
	State  string  `json:"state"`
	Price  float64 `json:"price"`
}

var orders = []order{
	{"A-1001", 1, "Kettle", "shipped", 24.90},
	{"A-1002", 2, "Toaster", "paid", 39.00},
	{"A-1003", 1, "Bread knife", "returned", 12.50},
}

func (l *Lab) person(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.Atoi(r.PathValue("id"))
	if err != nil || id < 1 || id > len(people) {
		writeJSON(w, http.StatusNotFound, object{"error": "There is no such person."})
		return
	}
	writeJSON(w, http.StatusOK, people[id-1])
}

func (l *Lab) login(w http.ResponseWriter, r *http.Request) {
	var request struct {
		User     string `json:"user"`
		Password string `json:"password"`
	}
	if _, trouble := decode(r, &request); trouble != nil || request.User == "" || request.Password == "bad" {
		writeJSON(w, http.StatusUnauthorized, object{"error": "The name or the password is wrong."})
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: backendCookie, Value: l.sessions.open(), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil,
	})
	writeJSON(w, http.StatusOK, object{"user": request.User, "role": "customer"})
}
