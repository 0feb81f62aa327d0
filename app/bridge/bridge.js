// What Wails puts into the page of a desktop window, for a browser: window.go and window.runtime over one WebSocket.
(() => {
  'use strict';

  // The token, or an invitation that is good for it once, comes in the fragment, which no server and no history gets to
  // see. The token survives a reload of this tab only.
  const stored = 'assay.token';
  const [, once, secret] = /^(once-)?([0-9a-f]{64})$/.exec(location.hash.slice(1)) ?? [];
  if (secret) history.replaceState(null, '', location.pathname + location.search);
  let token = sessionStorage.getItem(stored) ?? '';

  function keep(value) {
    token = value;
    window.assayToken = value;
    sessionStorage.setItem(stored, value);
  }

  async function admit() {
    const answer = await fetch('/bridge/token', { method: 'POST', body: secret });
    if (answer.ok) keep(await answer.text());
  }

  const fault = (code, message, hint) => JSON.stringify({ code, message, hint });
  const lostFault = () =>
    token
      ? fault('connection', 'The connection to Assay is lost.', 'This page connects again by itself; is `assay serve` still running?')
      : fault('connection', 'This page was opened without its token.', 'Open the whole address that Assay printed, with the part after #.');

  const firstWait = 250; // milliseconds
  const longestWait = 5000;

  const pending = new Map(); // id -> {resolve, reject}
  let unsent = []; // calls made before the first connection
  let socket = null; // while it is open
  let lost = false;
  let wait = firstWait;
  let last = 0;

  function announce(state) {
    window.dispatchEvent(new CustomEvent('assay:connection', { detail: state }));
  }

  function opened() {
    socket = this;
    wait = firstWait;
    for (const message of unsent) socket.send(message);
    unsent = [];
    if (lost) {
      lost = false;
      announce('restored');
    }
  }

  function closed() {
    socket = null;
    unsent = [];
    for (const { reject } of pending.values()) reject(lostFault());
    pending.clear();
    if (!lost) {
      lost = true;
      announce('lost');
    }
    setTimeout(connect, wait);
    wait = Math.min(wait * 2, longestWait);
  }

  function received({ data }) {
    const message = JSON.parse(data);
    if (message.event !== undefined) {
      notify(message.event, [message.data]);
      return;
    }
    const call = pending.get(message.id);
    pending.delete(message.id);
    if (message.error !== undefined) call?.reject(message.error);
    else call?.resolve(message.result);
  }

  function connect() {
    const next = new WebSocket(`ws://${location.host}/bridge`, ['assay', `assay.token.${token}`]);
    next.onopen = opened;
    next.onmessage = received;
    next.onclose = closed;
  }

  function call(name, arg) {
    return new Promise((resolve, reject) => {
      if (lost) {
        reject(lostFault());
        return;
      }
      last += 1;
      pending.set(last, { resolve, reject });
      const message = JSON.stringify({ id: last, name, arg });
      if (socket) socket.send(message);
      else unsent.push(message);
    });
  }

  // window.go.package.Struct.Method(argument)
  const named = (make) => new Proxy({}, { get: (_, name) => (typeof name === 'string' ? make(name) : undefined) });
  window.go = named((pkg) => named((struct) => named((method) => (arg) => call(`${pkg}.${struct}.${method}`, arg))));

  const listeners = new Map(); // event -> [{callback, left}]

  function notify(event, args) {
    const live = (listeners.get(event) ?? []).filter((one) => {
      one.left -= 1;
      return one.left !== 0;
    });
    const told = listeners.get(event) ?? [];
    listeners.set(event, live);
    for (const { callback } of told) callback(...args);
  }

  function listen(event, callback, most) {
    const one = { callback, left: most };
    listeners.set(event, [...(listeners.get(event) ?? []), one]);
    return () => listeners.set(event, (listeners.get(event) ?? []).filter((other) => other !== one));
  }

  const runtime = {
    EventsOnMultiple: listen,
    EventsOff: (...events) => {
      for (const event of events) listeners.delete(event);
    },
    EventsOffAll: () => listeners.clear(),
    EventsEmit: (event, ...args) => notify(event, args),
    LogError: (text) => console.error(text),
    LogFatal: (text) => console.error(text),
    LogWarning: (text) => console.warn(text),
    LogInfo: (text) => console.info(text),
    WindowReload: () => location.reload(),
    WindowReloadApp: () => location.reload(),
    WindowSetTitle: (title) => {
      document.title = title;
    },
    WindowIsFullscreen: async () => document.fullscreenElement !== null,
    WindowGetSize: async () => ({ w: window.innerWidth, h: window.innerHeight }),
    ClipboardGetText: () => navigator.clipboard.readText(),
    ClipboardSetText: async (text) => {
      await navigator.clipboard.writeText(text);
      return true;
    },
    Environment: async () => ({ buildType: 'production', platform: 'browser', arch: '' }),
    CanResolveFilePaths: () => false,
  };
  // What a tab cannot do (move a window, native dialogs, notifications) does nothing.
  window.runtime = new Proxy(runtime, { get: (known, name) => known[name] ?? (async () => undefined) });

  if (once) {
    admit().finally(connect);
  } else {
    keep(secret ?? token);
    connect();
  }
})();
