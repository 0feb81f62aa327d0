"""A service with every fault, made with nothing of ours: each path is one. Prints its port and ends with its input."""

import gzip
import http.server
import json
import sys
import threading
import time

CHAT = {"id": "x", "object": "chat.completion", "model": "m", "choices": [
    {"index": 0, "message": {"role": "assistant", "content": "Paris is the capital."}, "finish_reason": "stop"}]}

FIXED = {  # path: status, content type, body, further headers
    "/unauthorized": (401, "application/json", {"error": {"message": "Incorrect API key provided: secret-key-1.", "code": "invalid_api_key"}}, {}),
    "/gemini-key": (400, "application/json", {"error": {"code": 400, "message": "API key not valid. Please pass a valid API key.", "status": "INVALID_ARGUMENT"}}, {}),
    "/forbidden": (403, "application/json", {"detail": "You may not use this."}, {}),
    "/nomodel": (404, "application/json", {"error": {"message": "The model `m` does not exist or you do not have access to it.", "code": "model_not_found"}}, {}),
    "/nomodel-ollama": (404, "application/json", {"error": "model 'm' not found"}, {}),
    "/nomodel-400": (400, "application/json", {"error": {"message": "Invalid model: m", "type": "invalid_request_error"}}, {}),
    "/nopath": (404, "application/json", {"detail": "Not Found"}, {}),
    "/notallowed": (405, "text/plain", "Method Not Allowed", {}),
    "/busy": (429, "application/json", {"error": {"message": "Slow down."}}, {"Retry-After": "17"}),
    "/busy-date": (429, "application/json", {"message": "Slow down."}, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}),
    "/nocredit": (429, "application/json", {"error": {"message": "You exceeded your current quota.", "code": "insufficient_quota"}}, {}),
    "/payment": (402, "application/json", {"error": {"message": "Insufficient Balance"}}, {}),
    "/broken": (500, "text/html", "<html><head><title>Oh no</title></head><body>x</body></html>", {}),
    "/overloaded": (529, "application/json", {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, {}),
    "/gateway": (504, "text/plain", "upstream took too long", {}),
    "/redirect": (307, "text/plain", "", {"Location": "http://127.0.0.1:1/elsewhere"}),
    "/loop": (302, "text/plain", "", {"Location": "/loop"}),
    "/page": (200, "text/html; charset=utf-8", "<!DOCTYPE html><title>Sign in</title><p>hello", {}),
    "/page-as-json": (200, "application/json", "<!doctype html><title>Proxy</title>", {}),
    "/notjson": (200, "application/json", "<answer>Paris</answer>", {}),
    "/halfjson": (200, "application/json", '{"answer": "Par', {}),
    "/empty": (200, "application/json", "", {}),
    "/nothing": (204, "application/json", "", {}),
    "/error200": (200, "application/json", {"error": {"message": "The backend is asleep."}}, {}),
    "/noanswer": (200, "application/json", {"id": "9f8b2c1d-0000-4000-8000-000000000000", "status": "ok", "n": 3}, {}),
    "/cutstream": (200, "text/event-stream", 'data: {"id":"x","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"Par"}}]}\n\n', {}),
    "/text": (200, "text/plain", "Paris is the capital of France.", {}),
    "/openai": (200, "application/json", CHAT, {}),
}


def shapes(prompt):
    """Answers in forms that nobody documented."""
    said = "The capital is " + ("Paris" if "France" in prompt else "Tokyo") + "."
    return {
        "/shape/flat": {"answer": said, "session": "s-1"},
        "/shape/deep": {"meta": {"trace": "a b c d e"}, "result": {"items": [{"kind": "note", "value": "Ask me anything, friend!"}, {"kind": "say", "value": said}]}},
        "/shape/echo": {"question": prompt, "history": [{"text": prompt}], "data": {"msg": said}},
        "/shape/noise": {"disclaimer": "Answers may be wrong, please check them.", "text": said, "title": "A chat about a capital"},
        "/shape/odd": {"x": {"a/b": {"c~d": said}}, "y": "This sentence never changes at all, whatever is asked."},
        "/shape/list": [said, {"id": "1"}],
        "/shape/string": said,
        "/shape/history": {"messages": [{"from": "user", "text": prompt}, {"from": "bot", "text": said}]},
    }


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = self.path.split("?")[0]
        if path in FIXED:
            status, kind, body, more = FIXED[path]
            self.reply(status, kind, body, more)
        elif path.startswith("/shape/"):
            doc = json.loads(sent)
            prompt = doc.get("q") or doc["messages"][-1]["content"]
            self.reply(200, "application/json", shapes(prompt)[path], {})
        elif path == "/echo":  # what arrived, byte for byte
            self.reply(200, "application/json", {"answer": "You said these many words to me", "raw": sent.decode("latin-1"),
                                                 "headers": list(self.headers.items()), "path": self.path}, {})
        elif path == "/gzip":
            self.reply(200, "application/json", gzip.compress(json.dumps(CHAT).encode()), {"Content-Encoding": "gzip"})
        elif path == "/bomb":
            self.reply(200, "application/json", gzip.compress(b" " * (64 << 20)), {"Content-Encoding": "gzip"})
        elif path == "/cut":
            self.head(200, "application/json", {"Content-Length": "4000"})
            self.wfile.write(b'{"answer": "Paris')
            self.close_connection = True
        elif path == "/huge":
            self.head(200, "application/json", {"Connection": "close"})
            try:
                while True:
                    self.wfile.write(b"x" * 65536)
            except OSError:
                pass
        elif path == "/drip":
            self.head(200, "text/event-stream", {"Connection": "close"})
            try:
                while True:
                    self.wfile.write(b'data: {"token":"a"}\n\n')
                    time.sleep(0.02)
            except OSError:
                pass
        elif path == "/silent":
            time.sleep(30)
        elif path == "/hangup":
            self.close_connection = True
            self.connection.close()
        elif path == "/stream":
            self.head(200, "text/event-stream", {"Connection": "close"})
            for word in ["The ", "capital ", "is ", "Paris", "."]:
                self.wfile.write(b"data: " + json.dumps({"kind": "piece", "w": word}).encode() + b"\n\n")
            self.close_connection = True
        elif path == "/longhead":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: " + b"y" * (3 << 20) + b"\r\n\r\n")
            self.close_connection = True
        else:
            self.reply(404, "text/plain", "no such test", {})

    def head(self, status, kind, more):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in more.items():
            self.send_header(name, value)
        self.end_headers()

    def reply(self, status, kind, body, more):
        if not isinstance(body, (bytes, str)) or isinstance(body, str) and self.path.startswith("/shape/"):
            body = json.dumps(body)
        if isinstance(body, str):
            body = body.encode()
        self.head(status, kind, {"Content-Length": str(len(body)), **more})
        self.wfile.write(body)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
