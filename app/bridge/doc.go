// Package bridge shows a window in a browser: it serves the window's files on loopback and makes the methods of bound
// structs callable over one WebSocket, with the names and promises that Wails' generated bindings expect. Nothing in the
// frontend knows which of the two it runs under.
//
// Whoever can call the methods can do what the person can, so the door is narrow:
//
//   - it listens on a loopback address only;
//   - the Host of every request must be that address or localhost with its port, and Origin, where there is one, the same
//     (a page elsewhere whose name was rebound to 127.0.0.1 has another Host);
//   - the WebSocket and everything that is not a file of the window need a token of 256 bits, which travels in the
//     fragment of the printed address (never sent to a server, nor kept in the history) and is compared in constant time;
//     a browser is started with an invitation instead, which is good for the token once: others can read its arguments;
//   - answers carry a strict Content-Security-Policy and may not be framed, sniffed or embedded elsewhere.
//
// On the wire: the window sends {id, name, arg}, and gets {id, result}, {id, error} or {event, data}. Calls run
// concurrently. A window that does not read is cut off; it connects again and asks for what it shows.
package bridge
