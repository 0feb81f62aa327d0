'use strict';
// Makes one Node.js process send its HTTP, HTTPS and WebSocket connections through the proxy of Assay, and trust it.
// Loaded by NODE_OPTIONS=--require. It needs no package and works where NODE_USE_ENV_PROXY does not (Node before 22.21,
// agents of the program's own, localhost). Connections that are not HTTP (databases, mail, unix sockets) are left alone.

const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const net = require('node:net');
const tls = require('node:tls');
const { Duplex } = require('node:stream');

const proxy = process.env.ASSAY_PROXY ? new URL(process.env.ASSAY_PROXY) : null;
const installed = Symbol.for('assay.proxy');

if (proxy && !globalThis[installed]) {
  Object.defineProperty(globalThis, installed, { value: true });
  trust();
  patchAgents();
  patchConnect();
  patchFetch();
  require('node:module').syncBuiltinESMExports(); // `import { connect } from 'node:tls'` sees the change too
}

// Programs that name their own authorities would refuse the proxy; NODE_EXTRA_CA_CERTS only adds to the built-in ones.
function trust() {
  let pem;
  try {
    pem = fs.readFileSync(process.env.NODE_EXTRA_CA_CERTS);
  } catch {
    return;
  }
  const original = tls.createSecureContext;
  tls.createSecureContext = function createSecureContext(options) {
    const context = original.apply(this, arguments);
    if (options && options.ca) {
      try {
        context.context.addCACert(pem);
      } catch {
        // a context shared with an earlier connection has it already
      }
    }
    return context;
  };
}

// target gives the host and port of a connection that goes to another place than the proxy itself, or null.
function target(options) {
  const port = Number(options.port);
  if (options.socket || options.socketPath || options.fd !== undefined || !port) return null;
  const host = String(options.host || options.hostname || 'localhost').replace(/^\[|\]$/g, '');
  if (port === Number(proxy.port || 80) && (host === proxy.hostname || host === 'localhost' || host === '127.0.0.1')) return null;
  return { host, port };
}

function authority({ host, port }) {
  return (net.isIPv6(host) ? `[${host}]` : host) + ':' + port;
}

const connectSocket = net.connect;

// tunnel opens a connection to the proxy and asks it for the target; done gets an error or a connected net.Socket.
function tunnel(to, done) {
  const name = authority(to);
  const socket = connectSocket({ host: proxy.hostname, port: Number(proxy.port || 80) });
  let head = Buffer.alloc(0);
  const finish = (error) => {
    socket.off('readable', read);
    socket.off('error', finish);
    socket.off('end', ended);
    socket.off('close', ended);
    if (error) {
      socket.on('error', () => {});
      socket.destroy();
      done(error);
    } else {
      done(null, socket);
    }
  };
  const ended = () => finish(Object.assign(new Error(`the proxy ${proxy.host} hung up before it reached ${name}`), { code: 'ECONNRESET' }));
  const read = () => {
    for (let chunk; (chunk = socket.read()) !== null; ) {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end >= 0) return answered(head.subarray(0, end).toString('latin1'), head.subarray(end + 4));
      if (head.length > 65536) return finish(new Error(`the answer of the proxy ${proxy.host} is too long`));
    }
  };
  const answered = (text, rest) => {
    const line = text.split('\r\n', 1)[0];
    if (!/^HTTP\/1\.[01] 200\b/.test(line)) {
      return finish(Object.assign(new Error(`the proxy ${proxy.host} refused ${name}: ${line}`), { code: 'ECONNREFUSED' }));
    }
    if (rest.length > 0) socket.unshift(rest);
    finish(null);
  };
  socket.setNoDelay(true);
  socket.on('error', finish);
  socket.on('end', ended);
  socket.on('close', ended);
  socket.on('readable', read);
  socket.once('connect', () => socket.write(`CONNECT ${name} HTTP/1.1\r\nHost: ${name}\r\n\r\n`));
  return socket;
}

// Agents may make their connection later and hand it over, so they get a socket of the system.
function patchAgents() {
  for (const [Agent, secure] of [[http.Agent, false], [https.Agent, true]]) {
    const original = Agent.prototype.createConnection;
    Agent.prototype.createConnection = function createConnection(...args) {
      const options = args[0];
      const created = args[1];
      const native = this.options && this.options.proxyEnv; // NODE_USE_ENV_PROXY: this agent goes to the proxy by itself
      const to = !native && options && typeof options === 'object' && typeof created === 'function' ? target(options) : null;
      if (!to) return original.apply(this, args);
      tunnel(to, (error, socket) => {
        if (error) return created(error);
        if (secure) {
          let wrapped;
          try {
            wrapped = original.call(this, { ...options, path: undefined, socket, servername: serverName(options, to.host) });
          } catch (thrown) {
            socket.destroy();
            return created(thrown);
          }
          return created(null, wrapped);
        }
        if (options.timeout) socket.setTimeout(options.timeout);
        created(null, socket);
      });
      return undefined;
    };
  }
}

function serverName(options, host) {
  if (options.servername !== undefined) return options.servername;
  return net.isIP(host) ? '' : host;
}

// Everything else calls connect and wants its answer at once: it gets a stream that fills once the tunnel stands.
function patchConnect() {
  for (const name of ['connect', 'createConnection']) {
    const original = net[name];
    net[name] = function connect(...args) {
      const options = args[0];
      const to = speaksHTTP(options) ? target(options) : null;
      if (!to) return original.apply(this, args);
      const stream = new Tunnel(to, options);
      const listener = args.find((arg) => typeof arg === 'function');
      if (listener) stream.once('connect', listener);
      return stream;
    };
  }
  const original = tls.connect;
  tls.connect = function connect(...args) {
    const { options, listener } = tlsArguments(args);
    const to = speaksHTTPS(options) ? target(options) : null;
    if (!to) return original.apply(this, args);
    const stream = new Tunnel(to, options);
    const secured = original.call(this, { ...options, socket: stream, servername: serverName(options, to.host) }, listener);
    // TLS over a stream cannot tell the connection below that it may end with the program.
    for (const name of ['ref', 'unref']) {
      secured[name] = function () {
        stream[name]();
        return this;
      };
    }
    return secured;
  };
}

// speaksHTTP recognises the two kinds of callers that open a plain connection for HTTP without an agent: libraries that
// pass the options of a request on (ws and others), and undici, which always sets this buffer size.
function speaksHTTP(options) {
  if (!options || typeof options !== 'object') return false;
  const request = options.headers !== null && typeof options.headers === 'object';
  const undici = options.highWaterMark === 65536 && 'localAddress' in options;
  return (request || undici) && !(undici && options.path) && !options.socketPath;
}

// speaksHTTPS leaves the encrypted connections of databases, mail and queues alone: their callers name neither a protocol
// of the web nor its port.
function speaksHTTPS(options) {
  if (options.path) return false;
  if (options.headers !== null && typeof options.headers === 'object') return true;
  const offered = String(Array.isArray(options.ALPNProtocols) ? options.ALPNProtocols : options.ALPNProtocols || '');
  return /http\/1|h2/.test(offered) || Number(options.port) === 443;
}

function tlsArguments(args) {
  const listener = args.find((arg) => typeof arg === 'function');
  const options = {};
  for (const arg of args) {
    if (arg !== null && typeof arg === 'object') Object.assign(options, arg);
  }
  if (typeof args[0] !== 'object' && typeof args[0] !== 'function') {
    options.port = args[0];
    if (typeof args[1] === 'string') options.host = args[1];
  }
  return { options, listener };
}

// Tunnel looks like a socket that is connecting.
class Tunnel extends Duplex {
  constructor(to, options) {
    super({ allowHalfOpen: options.allowHalfOpen === true, autoDestroy: true });
    this.connecting = true;
    this.encrypted = false;
    this.remoteHost = to.host;
    this.socket = tunnel(to, (error, socket) => this.opened(error, socket));
  }

  opened(error, socket) {
    this.connecting = false;
    if (error || this.destroyed) {
      if (socket) socket.destroy();
      this.destroy(error || undefined);
      return;
    }
    socket.on('data', (chunk) => {
      if (!this.push(chunk)) socket.pause();
    });
    socket.on('end', () => this.push(null));
    socket.on('error', (failure) => this.destroy(failure));
    socket.on('close', () => this.destroy());
    socket.on('timeout', () => this.emit('timeout'));
    this.emit('connect');
    this.emit('ready');
  }

  whenOpen(callback, act) {
    if (!this.connecting) return act();
    const go = () => {
      this.off('close', stop);
      act();
    };
    const stop = () => {
      this.off('connect', go);
      callback(new Error('the connection was closed before it was open'));
    };
    this.once('connect', go);
    this.once('close', stop);
  }

  _read() {
    if (!this.connecting) this.socket.resume();
  }

  _write(chunk, encoding, callback) {
    this.whenOpen(callback, () => this.socket.write(chunk, encoding, callback));
  }

  _final(callback) {
    this.whenOpen(callback, () => this.socket.end(callback));
  }

  _destroy(error, callback) {
    this.connecting = false;
    this.socket.destroy();
    callback(error);
  }

  setNoDelay(on) { this.socket.setNoDelay(on); return this; }
  setKeepAlive(on, delay) { this.socket.setKeepAlive(on, delay); return this; }
  setTimeout(ms, listener) {
    if (listener) this.once('timeout', listener);
    this.socket.setTimeout(ms);
    return this;
  }
  ref() { this.socket.ref(); return this; }
  unref() { this.socket.unref(); return this; }
  address() { return this.socket.address(); }
  resetAndDestroy() { this.socket.resetAndDestroy(); return this.destroy(); }
  get remoteAddress() { return this.socket.remoteAddress; }
  get remotePort() { return this.socket.remotePort; }
  get remoteFamily() { return this.socket.remoteFamily; }
  get localAddress() { return this.socket.localAddress; }
  get localPort() { return this.socket.localPort; }
  get bytesRead() { return this.socket.bytesRead; }
  get bytesWritten() { return this.socket.bytesWritten; }
  get readyState() { return this.connecting ? 'opening' : this.destroyed ? 'closed' : 'open'; }
  get pending() { return this.connecting; }
}

// The built-in fetch takes its connections from a dispatcher that is made when it is first used. Ours is of the same
// class, which lets its user give the connector.
function patchFetch() {
  const original = globalThis.fetch;
  if (typeof original !== 'function') return;
  const dispatcher = Symbol.for('undici.globalDispatcher.1');
  let ready = false;
  const prepare = () => {
    ready = true;
    if (globalThis[dispatcher] !== undefined) return; // the program's own, with its own settings
    void globalThis.Response; // loads undici, which sets the dispatcher
    const current = globalThis[dispatcher];
    if (!current || current.constructor.name !== 'Agent') return;
    globalThis[dispatcher] = new current.constructor({ connect: connector });
  };
  globalThis.fetch = function fetch(input, init = undefined) {
    if (!ready) prepare();
    return original.call(this, input, init);
  };
}

// connector is what undici calls for a new connection (its buildConnector says which options).
function connector(options, done) {
  const secure = options.protocol === 'https:';
  const host = options.hostname.replace(/^\[|\]$/g, '');
  const to = { host, port: Number(options.port) || (secure ? 443 : 80) };
  let socket;
  const timer = setTimeout(() => {
    finish(Object.assign(new Error(`Connect Timeout Error (${authority(to)} through the proxy)`), { name: 'ConnectTimeoutError', code: 'UND_ERR_CONNECT_TIMEOUT' }));
  }, 30000);
  timer.unref();
  let finished = false;
  const finish = (error) => {
    if (finished) return;
    finished = true;
    clearTimeout(timer);
    if (error) {
      if (socket) socket.on('error', () => {}).destroy();
      done(error, null);
    } else {
      done(null, socket);
    }
  };
  if (target({ host: to.host, port: to.port }) === null) {
    socket = connectSocket({ host: to.host, port: to.port });
    socket.once('connect', () => finish(null)).once('error', finish);
    return socket;
  }
  return tunnel(to, (error, raw) => {
    if (error || finished) return error ? finish(error) : raw.destroy();
    socket = raw;
    if (!secure) return finish(null);
    socket = tls.connect({ socket: raw, host, servername: options.servername || serverName({}, host), ALPNProtocols: ['http/1.1'] });
    socket.once('secureConnect', () => {
      socket.off('error', finish);
      finish(null);
    });
    socket.once('error', finish);
  });
}
