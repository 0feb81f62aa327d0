// The Go side of the inventory as tests need it: endpoints and assets in memory.
import type { go } from '../../api';
import { Side } from '../../test/far';
import { noFault, row } from '../traffic/testing';

const seen = '2026-03-01T12:00:00.000Z';

/** endpointRow makes an endpoint with what a test cares about. */
export function endpointRow(id: number, more: Partial<go.EndpointRow> = {}): go.EndpointRow {
  return {
    id: String(id),
    scheme: 'https',
    host: 'api.example.test',
    method: 'GET',
    path: `/v1/things/${id}`,
    operation: '',
    protocol: 'rest',
    kind: 'plain',
    provider: '',
    family: '',
    models: [],
    auth: ['bearer'],
    access: 'internal',
    documented: '',
    first_seen: seen,
    last_seen: seen,
    count: id,
    query: `endpoint:${id}`,
    sensitive: [],
    risk: 0,
    why: '',
    new: false,
    dynamic: false,
    streamed: false,
    ...more,
  };
}

/** assetRow makes an asset. */
export function assetRow(id: number, more: Partial<go.AssetRow> = {}): go.AssetRow {
  return {
    id: String(id),
    kind: 'tool',
    name: `tool_${id}`,
    host: 'api.example.test',
    provider: 'openai',
    first_seen: seen,
    last_seen: seen,
    count: id,
    query: `asset:${id}`,
    versions: 1,
    fingerprint: 'f0e1d2c3b4a5968778695a4b3c2d1e0f',
    new: false,
    warnings: [],
    description: '',
    service: '',
    context: 0,
    tokens: 0,
    cost: 0,
    calls: 0,
    builtin: false,
    header: '',
    form: '',
    sdk: '',
    process: '',
    server: '',
    ...more,
  };
}

/** line makes a line of the timeline. */
export function line(id: number, more: Partial<go.InventoryLine> = {}): go.InventoryLine {
  return {
    id: String(id),
    at: seen,
    found: seen,
    kind: 'new-endpoint',
    endpoint: '1',
    asset: '',
    exchange: '7',
    subject: `GET api.example.test/v1/things/${id}`,
    what: 'It was seen for the first time.',
    detail: '',
    severity: 'info',
    new: false,
    ...more,
  };
}

/** place makes a place of sensitive data. */
export function place(id: number, more: Partial<go.SensitivePlace> = {}): go.SensitivePlace {
  return {
    id: String(id),
    endpoint: '1',
    label: 'GET api.example.test/v1/things/1',
    direction: 'request',
    role: 'user',
    path: '/messages/*/content',
    type: 'EMAIL_ADDRESS',
    class: 'personal',
    confidence: 0.9,
    sample: 'a…@e….test',
    first_seen: seen,
    last_seen: seen,
    last: '7',
    count: id,
    query: `place:${id}`,
    access: 'third-party',
    ...more,
  };
}

/** Far is the other side: what the inventory holds, and what was asked of it. */
export class Far extends Side {
  protected readonly struct = 'Inventory';
  endpoints: go.EndpointRow[] = [];
  assets: go.AssetRow[] = [];
  lines: go.InventoryLine[] = [];
  places: go.SensitivePlace[] = [];
  versions: go.AssetVersion[] = [];
  documents: go.DocumentRow[] = [];
  custom: go.CustomType[] = [];
  nodes: go.MapNode[] = [];
  edges: go.MapEdge[] = [];
  detail: Partial<go.EndpointOut> = {};
  overview: Partial<go.OverviewOut> = {};
  revision = 1;
  visited = '2026-02-01T00:00:00.000Z';
  /** found while somebody is looking: after what their visit counts as seen */
  meanwhile: go.InventoryLine[] = [];
  matches: (query: string, row: go.EndpointRow) => boolean = (query, { path }) => path.includes(query);
  problem: (query: string) => go.QueryFault = () => noFault;
  private views = 0;
  private shown: go.EndpointRow[] = [];

  /** grow tells the window of another revision. */
  grow(): void {
    this.revision++;
    this.pulse({ inventory: this.revision });
  }

  sum(): go.OverviewOut {
    const kinds = new Map<string, number>();
    for (const { kind } of this.assets) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    const count = (fits: (row: go.EndpointRow) => boolean) => this.endpoints.filter(fits).length;
    return {
      revision: this.revision,
      endpoints: this.endpoints.length,
      hosts: new Set(this.endpoints.map(({ host }) => host)).size,
      ai: count(({ kind }) => kind !== 'plain'),
      new: count((row) => row.new),
      shadow: count(({ documented }) => documented === 'shadow'),
      unseen: count(({ documented }) => documented === 'unseen'),
      risky: count(({ risk }) => risk >= 50),
      behind: 0,
      outside: 0,
      full: [],
      assets: [...kinds].map(([value, n]) => ({ value, n })),
      classes: [],
      kinds: [],
      accesses: [],
      changes: this.lines.filter(({ found }) => found > this.visited).length,
      visited: this.visited,
      documents: this.documents.length,
      ...this.overview,
    };
  }

  private endpoint({ id }: go.EndpointIn): go.EndpointOut {
    const found = this.endpoints.find((each) => each.id === id);
    if (!found) throw JSON.stringify({ code: 'not-found', message: `There is no endpoint ${id}.`, hint: '' });
    return {
      row: found,
      sample: found.path,
      risks: found.risk > 0 ? [{ code: 'no-auth', points: found.risk, what: found.why }] : [],
      auths: [],
      statuses: [{ value: '200', n: found.count }],
      requests: [],
      responses: [{ value: 'application/json', n: found.count }],
      clients: [],
      tools: [],
      addresses: [],
      parameters: [],
      security: [],
      cors: { origins: [], credentials: false, last: '' },
      limits: [],
      dynamic: { why: '', by: '', path: '' },
      shapes: [],
      places: this.places.filter(({ endpoint }) => endpoint === id),
      changes: this.lines.filter(({ endpoint }) => endpoint === id),
      documents: [],
      samples: [row(7)],
      decisions: [],
      failed: 0,
      unparsed: 0,
      cut: false,
      moved_from: '',
      ...this.detail,
    };
  }

  private asset({ id }: go.AssetIn): go.AssetOut {
    const found = this.assets.find((each) => each.id === id);
    if (!found) throw JSON.stringify({ code: 'not-found', message: `There is no asset ${id}.`, hint: '' });
    const link = ({ id: of, kind, name }: go.AssetRow) => ({ id: of, kind, name, count: 3 });
    return {
      row: found,
      versions: this.versions,
      answered: [],
      user_agents: [],
      endpoints: this.endpoints.slice(0, 3),
      from: this.assets
        .filter(({ kind }) => kind === 'client')
        .slice(0, 5)
        .map(link),
      to: [],
      changes: this.lines.filter(({ asset }) => asset === id),
      samples: [row(7)],
    };
  }

  private types(): go.TypesOut {
    const what = 'An e-mail address.';
    return { built_in: [{ name: 'EMAIL_ADDRESS', class: 'personal', what }], custom: this.custom };
  }

  protected methods() {
    return {
      ...this.lists(),
      Overview: () => this.sum(),
      Visit: () => {
        this.visited = this.lines.reduce((last, { found }) => (found > last ? found : last), this.visited);
        this.lines.unshift(...this.meanwhile.splice(0));
        return this.sum();
      },
      Endpoint: (input: go.EndpointIn) => this.endpoint(input),
      Asset: (input: go.AssetIn) => this.asset(input),
      Map: (): go.MapOut => ({ nodes: this.nodes, edges: this.edges, left: 0 }),
      Merge: () => ({ decision: '5' }),
      Split: () => ({ decision: '6' }),
      Undecide: () => ({ decision: '' }),
      Types: () => this.types(),
      SetType: (type: go.CustomType) => {
        this.custom.push(type);
        return this.types();
      },
      RemoveType: ({ name }: go.RemoveTypeIn) => {
        this.custom = this.custom.filter((each) => each.name !== name);
        return this.types();
      },
      ProveType: ({ pattern, match, ignore }: go.CustomType): go.ProveOut => ({
        problem: '',
        samples: [
          ...match.map((text) => ({ text, wants: true, found: '', ok: text.includes(pattern) })),
          ...ignore.map((text) => ({ text, wants: false, found: '', ok: !text.includes(pattern) })),
        ],
      }),
      Documents: () => ({ items: this.documents }),
      AddDocument: ({ name, text }: go.AddDocumentIn) => {
        if (text === 'broken')
          throw JSON.stringify({ code: 'usage', message: 'line 1, column 1: expected an object', hint: '' });
        const document: go.DocumentRow = {
          id: '1',
          name: name || 'pasted',
          form: 'openapi-3',
          imported: seen,
          operations: 3,
          seen: 1,
          unseen: 2,
          shadow: 4,
          hosts: ['api.example.test'],
          problems: ['line 3, column 5: expected a string'],
        };
        this.documents.push(document);
        return { document };
      },
      RemoveDocument: () => {
        this.documents = [];
        return { items: [] };
      },
      Export: () => ({ job: {}, download: '', name: '' }),
    };
  }

  private lists(): Record<string, (input: never) => unknown> {
    return {
      Endpoints: ({ query, sort, desc }: go.EndpointsIn): go.EndpointsOut => {
        const problem = this.problem(query);
        const found = this.endpoints.filter((each) => this.matches(query, each));
        if (sort === 'count') found.sort((a, b) => (desc ? b.count - a.count : a.count - b.count));
        if (!problem.message) this.shown = found;
        return {
          view: problem.message ? '' : `v${++this.views}`,
          count: found.length,
          total: this.endpoints.length,
          revision: this.revision,
          explain: query && `endpoints with ${query}`,
          problem,
        };
      },
      Page: ({ from, limit }: go.EndpointsPageIn) => ({
        items: this.shown.slice(from, from + limit),
        count: this.shown.length,
      }),
      Assets: ({ kind }: go.AssetsIn) => ({
        items: this.assets.filter((each) => kind === '' || each.kind === kind),
      }),
      Sensitive: ({ type, from, limit }: go.SensitiveIn): go.SensitiveOut => {
        const found = this.places.filter((each) => type === '' || each.type === type);
        const names = [...new Set(this.places.map((each) => each.type))];
        const types = names.map((name) => {
          const members = this.places.filter((each) => each.type === name);
          return {
            type: name,
            class: members[0]?.class ?? '',
            places: members.length,
            exchanges: members.length,
            query: `sensitive=${name}`,
            custom: false,
          };
        });
        return { items: found.slice(from, from + limit), count: found.length, types };
      },
      Changes: ({ kinds, before, limit }: go.ChangesIn): go.ChangesOut => {
        const found = this.lines.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind));
        const from = before ? found.findIndex(({ id }) => id === before) + 1 : 0;
        return { items: found.slice(from, from + limit), more: found.length > from + limit };
      },
    };
  }
}
