// The Go side as tests of this screen need it: what window.go would be in the window.
import type { go } from '../../api';

export const fault = { code: '', message: '', hint: '' };

export const nothing: go.SetupStatus = {
  seen: 0,
  listen: '127.0.0.1:8080',
  clients: [],
  started: [],
  refusals: [],
  passed: [],
  target: { on: false, url: '', example: '' },
  remote: {
    allowed: false,
    listen: '0.0.0.0:8080',
    addresses: [{ ip: '192.0.2.7', interface: 'eth0', proxy: '', certificate: '' }],
  },
  upstream: { found: false, url: '', source: '', used: false },
  port: { taken: false, port: 0, name: '', pid: 0, free: '' },
};

export const found: go.Found = {
  screen: true,
  browsers: [{ name: 'chromium', path: '/usr/bin/chromium' }],
  terminal: '',
  shells: ['sh', 'fish'],
  tools: [
    {
      name: 'Node.js',
      command: 'node',
      note: '',
      variables: [{ name: 'NODE_OPTIONS', value: '--require=/x/assay.cjs', proof: 'test: node' }],
    },
  ],
  bases: [{ provider: 'openai', url: 'http://127.0.0.1:8080/r/openai/v1' }],
  docker: { run: 'docker run IMAGE', compose: 'services:', remote: true },
};

const certificate: go.CertificateOut = {
  path: '/home/ada/ca.pem',
  sha256: 'AA:BB',
  spki: 'c3BraQ==',
  expires: '2035-01-01',
  trust: [{ store: 'the system', why: 'copy the root', command: 'sudo install ca.pem', root: true }],
  untrust: [{ store: 'the system', why: 'remove the root', command: 'sudo rm ca.crt', root: true }],
};

/** Far is the other side: what it answers with, and what was asked of it. */
export class Far {
  status = structuredClone(nothing);
  found = structuredClone(found);
  calls: { method: string; input: unknown }[] = [];
  private listeners: ((pulse: unknown) => void)[] = [];

  install(): void {
    const answers: Record<string, Record<string, (input: never) => unknown>> = {
      Setup: {
        Status: () => this.status,
        Found: () => this.found,
        Script: ({ shell }: go.ScriptIn) => ({ text: `# ${shell}\nexport HTTPS_PROXY=x` }),
        OpenBrowser: () => ({}),
        Demo: () => ({}),
        PlaySample: () => ({}),
        Target: ({ on }: go.TargetIn) => {
          this.status.target = { on, url: on ? 'http://127.0.0.1:4000/' : '', example: '' };
          return this.status;
        },
        Remote: () => this.status,
        Upstream: () => this.status,
        EndClient: () => this.status,
        ImportFile: () => ({ format: 'har', exchanges: 60, left_out: 2, why: 'cut', query: 'id:1..60' }),
      },
      Certificate: {
        State: () => certificate,
        Check: () => ({ answered: true, ours: true, trusted: false, problem: 'not trusted', stores: [] }),
        Trust: () => ({ stores: [], problems: ['administrator rights are needed'] }),
      },
      Actions: { PassThrough: () => ({}), Decrypt: () => ({}) },
      Session: {
        State: () => ({
          capture: { on: true, listen: '127.0.0.1:8080', fault },
          jobs: [],
          project: { open: true },
        }),
        StartCapture: () => ({}),
      },
    };
    const bound = Object.entries(answers).map(([struct, methods]) => [struct, this.watched(struct, methods)]);
    Object.assign(window, {
      go: { window: Object.fromEntries(bound) },
      runtime: {
        EventsOnMultiple: (_: string, listener: (pulse: unknown) => void) => {
          this.listeners.push(listener);
          return () => {};
        },
      },
    });
  }

  /** The inputs with which a method was called. */
  asked(method: string): unknown[] {
    return this.calls.filter((call) => call.method === method).map(({ input }) => input);
  }

  /** Says that something changed. */
  pulse(): void {
    for (const listener of this.listeners)
      listener({ seq: 1, ended: [], changed: [], missed: true, state: true, inventory: 0 });
  }

  private watched(struct: string, methods: Record<string, (input: never) => unknown>) {
    return Object.fromEntries(
      Object.entries(methods).map(([name, run]) => [
        name,
        async (input: never) => {
          this.calls.push({ method: `${struct}.${name}`, input });
          return structuredClone(run(input));
        },
      ]),
    );
  }
}
