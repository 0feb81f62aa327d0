// The Go side as tests need it: what window.go would be in the window, holding rows in memory.
import type { go } from '../../api';

/** row makes an exchange with what a test cares about. */
export function row(id: number, more: Partial<go.Row> = {}): go.Row {
  return {
    id: String(id),
    started: '2026-03-01T12:00:00.000Z',
    source: 'proxy',
    wire: 'http',
    state: 'complete',
    method: 'POST',
    url: 'https://api.example.test/v1/chat',
    host: 'api.example.test',
    path: '/v1/chat',
    status: 200,
    client: 'Cursor',
    error: '',
    stage: '',
    read: true,
    kind: 'llm',
    provider: 'openai',
    family: 'openai.chat',
    model: 'gpt-test',
    operation: '',
    last_user: `question ${id}`,
    answer: '',
    tools: [],
    calls: [],
    messages: 1,
    stream: false,
    refusal: false,
    finish: 'stop',
    input_tokens: 10,
    output_tokens: 5,
    total_tokens: 15,
    ttfb_ms: 12,
    duration_ms: 40,
    request_bytes: 100,
    response_bytes: 200,
    lost: false,
    conversation: '',
    tags: [],
    note: '',
    colour: '',
    threat: { severity: '', titles: [], n: 0 },
    ...more,
  };
}

export const item = (id: number, more: Partial<go.Row> = {}): go.Item => ({
  row: row(id, more),
  turns: 0,
  expanded: false,
  turn: 0,
});

const noGuard: go.GuardState = {
  mode: 'off',
  at_work: false,
  policies: 0,
  closed: 0,
  waiting: 0,
  rulings: 0,
  lost: 0,
};

export const noFault: go.QueryFault = { column: 0, length: 0, message: '', nearest: '' };

/** Far is the other side: rows, what was asked of it, and what it suggests. */
export class Far {
  items: go.Item[] = [];
  calls: { method: string; input: unknown }[] = [];
  suggest: (input: go.SuggestIn) => Partial<go.SuggestOut> = () => ({});
  matches: (query: string, row: go.Row) => boolean = (query, { last_user }) => last_user.includes(query);
  capture = { on: false, lost: 0, lost_why: '' };
  guard: Partial<go.GuardState> = {};
  readOnly = false;
  private views = 0;
  private query = '';
  private moved = Number.POSITIVE_INFINITY; // the first row that moved since the last Sync
  private listeners: ((pulse: unknown) => void)[] = [];

  install(): void {
    const named = (name: string, methods: Record<string, (input: never) => unknown>) =>
      Object.fromEntries(
        Object.entries(methods).map(([method, run]) => [
          method,
          async (input: never) => {
            this.calls.push({ method: `${name}.${method}`, input });
            return run(input);
          },
        ]),
      );
    const host = window as unknown as Record<string, unknown>;
    host.go = {
      window: { Traffic: named('Traffic', this.traffic()), Session: named('Session', this.session()) },
    };
    host.runtime = {
      EventsOnMultiple: (_: string, listener: (pulse: unknown) => void) => this.listeners.push(listener),
    };
  }

  /** pulse tells the window that exchanges changed. */
  pulse(changed: string[]): void {
    for (const each of this.listeners)
      each({ seq: 1, ended: [], changed, missed: false, state: false, inventory: 0 });
  }

  /** asked gives the inputs of the calls of a method, oldest first. */
  asked<T>(method: string): T[] {
    return this.calls.filter((call) => call.method === method).map((call) => call.input as T);
  }

  private shown(): go.Item[] {
    return this.items.filter(({ row }) => this.matches(this.query, row));
  }

  private counts() {
    return { count: this.shown().length, total: this.items.length, folded: 0, looking: false };
  }

  private traffic(): Record<string, (input: never) => unknown> {
    return {
      Open: (input: go.ViewIn): go.ViewOut => {
        this.query = input.query;
        return { view: `v${++this.views}`, ...this.counts(), explain: '', problem: noFault };
      },
      Page: ({ from, limit }: go.PageIn): go.PageOut => ({
        items: this.shown().slice(from, from + limit),
        count: this.shown().length,
      }),
      Sync: (): go.SyncOut => {
        const from = Math.min(this.moved, this.shown().length);
        this.moved = Number.POSITIVE_INFINITY;
        return { ...this.counts(), from, behind: 0 };
      },
      Locate: ({ id }: go.LocateIn) => ({ index: this.shown().findIndex(({ row }) => row.id === id) }),
      Suggest: (input: go.SuggestIn) => ({
        suggestions: [],
        explain: '',
        problem: noFault,
        ...this.suggest(input),
      }),
      Filters: () => ({ saved: [], recent: [] }),
      Facets: () => ({ tags: [], colours: [] }),
      Mark: ({ ids, set }: go.MarkIn) => ({ before: [{ ids, set, tags: [], note: '', colour: '' }] }),
      Delete: ({ ids, undo }: go.DeleteIn) => {
        this.moved = this.shown().findIndex(({ row }) => ids.includes(row.id));
        if (!undo) this.items = this.items.filter(({ row }) => !ids.includes(row.id));
        this.pulse(ids);
        return { n: ids.length };
      },
    };
  }

  private session(): Record<string, (input: never) => unknown> {
    return {
      State: () => ({
        version: '',
        os: 'linux',
        mode: 'browser',
        project: { open: true, path: 'one.assay', name: 'one', read_only: this.readOnly, why: '', fault: {} },
        capture: {
          listen: '127.0.0.1:8080',
          wanted: '127.0.0.1:8080',
          clients: 0,
          open: 0,
          recorded: 0,
          tunnels: 0,
          refused: 0,
          overflow: 0,
          fault: { code: '', message: '', hint: '' },
          ...this.capture,
        },
        guard: { ...noGuard, ...this.guard },
        jobs: [],
      }),
    };
  }
}
