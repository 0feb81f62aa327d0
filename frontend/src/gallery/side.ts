// The Go side of the gallery: while it is mounted, every call to Go is answered from here, in the state that is shown.
import { Far as FindingsFar, findingRow } from '../features/findings/testing';
import {
  advice,
  item as covered,
  Far as HomeFar,
  posture,
  reason,
  requirement,
} from '../features/home/testing';
import { assetRow, endpointRow, Far as InventoryFar, line, place } from '../features/inventory/testing';
import { Far as ModelsFar, modelResult, modelRow, roleRow } from '../features/models/testing';
import {
  approvalRow,
  outletRow,
  Far as PoliciesFar,
  policyRow,
  rulingRow,
} from '../features/policies/testing';
import { hiddenKind, Far as ReportsFar, reportForm, reportMade } from '../features/reports/testing';
import { Far as SetupFar } from '../features/setup/testing';
import {
  caseRow,
  fault,
  judgement,
  runRow,
  Far as TestsFar,
  templateRow,
  trial,
} from '../features/tests/testing';
import { actorRow, ruleRow, sign, Far as ThreatsFar, threatRow } from '../features/threats/testing';
import { item, Far as TrafficFar } from '../features/traffic/testing';
import { answers } from './answers';
import { countOf, type State, textOf } from './states';

type Method = (input: unknown) => Promise<unknown>;
type Structs = Record<string, Record<string, Method>>;
type Host = { go?: { window: Structs }; runtime?: unknown };

const host = window as unknown as Host;

function inventory(state: State): InventoryFar {
  const far = new InventoryFar();
  const n = countOf(state);
  const few = Math.min(n, 60);
  const ids = (most: number) => Array.from({ length: most }, (_, at) => at + 1);
  const text = (at: number) => textOf(state, at);
  far.endpoints = ids(n).map((at) =>
    endpointRow(at, {
      host: text(at),
      path: `/{id}/${text(at)}`,
      operation: text(at),
      risk: at % 100,
      why: text(at),
      models: [text(at)],
      sensitive: [text(at)],
      documented: at % 2 ? 'shadow' : '',
      new: at % 3 === 0,
    }),
  );
  far.assets = ids(few).map((at) =>
    assetRow(at, { name: text(at), description: text(at), versions: 2, warnings: [text(at)] }),
  );
  far.versions = ids(Math.min(n, 2)).map((at) => ({
    n: 3 - at,
    fingerprint: 'f0e1d2c3',
    seen: '2026-03-01T12:00:00Z',
    exchange: '1',
    text: text(at),
  }));
  far.lines = ids(few).map((at) => line(at, { subject: text(at), what: text(at), detail: text(at) }));
  far.places = ids(few).map((at) => place(at, { label: text(at), path: text(at), sample: text(at) }));
  far.documents = ids(Math.min(n, 3)).map((at) => ({
    id: String(at),
    name: text(at),
    form: 'openapi-3',
    imported: '2026-03-01T12:00:00Z',
    operations: at,
    seen: at,
    unseen: 0,
    shadow: at,
    hosts: [text(at)],
    problems: [text(at)],
  }));
  const kinds = ['client', 'service', 'model', 'tool'];
  far.nodes = ids(few).map((at) => ({
    id: String(at),
    kind: kinds[at % 4] ?? '',
    name: text(at),
    service: '',
    access: '',
    count: at,
    query: `asset:${at}`,
    warnings: at % 2,
  }));
  far.edges = ids(Math.max(0, few - 1)).map((at) => ({ from: String(at), to: String(at + 1), count: at }));
  far.matches = () => true;
  return far;
}

function tests(state: State): TestsFar {
  const far = new TestsFar();
  const n = countOf(state);
  const few = Math.min(n, 300);
  const text = (at: number) => textOf(state, at);
  far.count = n;
  far.words = text(1);
  far.makeCase = (at) =>
    caseRow(at, {
      name: text(at),
      reason: text(at),
      target_name: text(at),
      mutation: at % 2 ? text(2) : 'none',
    });
  far.templates = Array.from({ length: few }, (_, at) =>
    templateRow(`template-${at}`, { name: text(at), owasp: [at % 2 ? 'LLM01:2025' : 'LLM02:2025'] }),
  );
  far.broken = n > 0 ? [{ file: text(1), own: true, problems: [fault({ line: 2, what: text(1) })] }] : [];
  far.models = Array.from({ length: Math.min(n, 40) }, (_, at) => ({
    ref: `model:${at + 1}`,
    name: text(at),
    provider: 'openai',
    model: text(at),
    host: text(at),
    tried: 'failed',
    problem: text(at),
    needs_key: false,
  }));
  far.runs = Array.from({ length: Math.min(n, 60) }, (_, at) =>
    runRow(String(at + 1), {
      name: text(at),
      targets: [text(at)],
      why: text(at),
      state: at % 2 ? 'done' : 'paused',
    }),
  );
  far.trials =
    n > 0
      ? [
          trial(1, {
            sent: [{ slot: 'last_user', plain: text(1), text: text(2) }],
            answer: [{ text: text(3), marks: [0] }],
            judgement: judgement({
              reason: text(4),
              evidence: [{ signal: 'canary', where: 'answer', text: text(1), why: text(2) }],
            }),
          }),
        ]
      : [];
  far.skipped = n > 0 ? [{ why: text(1), cases: 3, templates: [text(1)] }] : [];
  return far;
}

function policies(state: State): PoliciesFar {
  const far = new PoliciesFar();
  const n = countOf(state);
  const few = Array.from({ length: Math.min(n, 300) }, (_, at) => at + 1);
  const text = (at: number) => textOf(state, at);
  const actions = ['monitor', 'throttle', 'redact', 'approve', 'block'];
  const action = (at: number) => actions[at % actions.length] ?? '';
  const row = (at: number) =>
    policyRow(
      String(at),
      {
        name: text(at),
        action: action(at),
        on: at % 2 > 0,
        where: text(at),
        tools: [text(at)],
        say: text(at),
      },
      { rulings: at, done: at, last: '2026-03-01T12:00:00Z' },
    );
  far.words = text(1);
  far.policies = few.map(row);
  far.presets = few.slice(0, 4).map((at) => ({ name: text(at), items: [row(at), row(at + 1)], have: 0 }));
  const sign = { kind: 'secret', name: text(1), where: text(1), score: 0.9, why: text(2), start: 2, end: 6 };
  far.rulings = Array.from({ length: n }, (_, at) =>
    rulingRow(at + 1, {
      name: text(at),
      reason: text(at),
      action: action(at),
      model: text(at),
      signs: [sign],
    }),
  );
  far.outlets = few
    .slice(0, 20)
    .map((at) => outletRow(String(at), { to: text(at), name: text(at), why: text(at), project: text(at) }));
  far.waiting = few
    .slice(0, 3)
    .map((at) =>
      approvalRow(String(at), { policy: text(at), reason: text(at), shown: text(at), host: text(at) }),
    );
  far.preview = {
    ...far.preview,
    state: n > 0 ? 'done' : 'none',
    exchanges: n,
    all: n,
    touched: n,
    policies: few
      .slice(0, 3)
      .map((at) => ({ id: String(at), name: text(at), action: action(at), rulings: n })),
    actions: n > 0 ? [{ action: 'redact', n }] : [],
  };
  far.checked = { policies: 1, action: n > 0 ? 'redact' : '', items: far.rulings.slice(0, 3) };
  return far;
}

function home(state: State): HomeFar {
  const far = new HomeFar();
  const n = countOf(state);
  const text = (at: number) => textOf(state, at);
  const few = Array.from({ length: Math.min(n, 60) }, (_, at) => at + 1);
  const [asset] = far.assets;
  const [critical] = far.criticals.items;
  if (!asset || !critical) return far;
  far.stood = { exchanges: n, models: n, runs: n };
  far.posture = posture({
    enough: n > 0,
    missing: n > 0 ? '' : 'Nothing was tested yet.',
    reasons: few.map((at) => reason(Math.min(at, 9), { what: text(at) })),
    items: few.slice(0, 10).map((at) => covered(at, { title: text(at), why: text(at) })),
    gaps: few.map((at) => ({
      code: 'shadow',
      what: text(at),
      ref: `endpoint:${at}`,
      n: 1,
      advice: text(at),
    })),
    advice: few.map((at) => advice(at, { what: text(at), why: text(at), check: text(at) })),
    done: few
      .slice(0, 3)
      .map((at) => advice(at, { what: text(at), run: '7', done_at: '2026-03-01T12:00:00.000Z' })),
    ...(n === 0 && { trend: [], areas: [] }),
  });
  far.requirements = few.map((at) =>
    requirement(String(at), ['fail', 'unknown', 'pass'][at % 3] ?? 'pass', {
      name: text(at),
      what: text(at),
      fix: text(at),
    }),
  );
  far.assets = few.map((at) => ({ ...asset, ref: `endpoint:${at}`, name: text(at) }));
  far.criticals = {
    ...far.criticals,
    items: few.slice(0, 5).map((at) => ({ ...critical, id: String(at), title: text(at), target: text(at) })),
  };
  const tallies = few.slice(0, 5).map((at) => ({ value: text(at), name: text(at), n: at }));
  far.seen = { latest: [], providers: tallies, models: tallies, hosts: tallies };
  far.coverage = {
    ...far.coverage,
    note: n > 0 ? text(1) : '',
    assets: few.slice(0, 20).map(text),
    rows: few.slice(0, 10).map((at) => ({
      item: covered(at, { title: text(at) }),
      cells: few.slice(0, 20).map(() => ({ state: 'resisted', cases: 3, ref: 'run:1' })),
    })),
  };
  return far;
}

function reports(state: State): ReportsFar {
  const far = new ReportsFar();
  const n = countOf(state);
  const text = (at: number) => textOf(state, at);
  const few = Array.from({ length: Math.min(n, 60) }, (_, at) => at + 1);
  far.form = reportForm({ title: text(1), client: text(2), note: text(3), format: 'html' });
  far.large = true; // there is nobody here who has a page
  Object.assign(far, { findings: n, exchanges: n, models: n });
  far.runs = few.map((at) => ({
    id: String(at),
    name: text(at),
    state: 'done',
    started: '',
    starred: false,
  }));
  far.targets = few.map((at) => ({ ref: `model:${at}`, name: text(at), n: at }));
  far.shortened = n > 0 ? [text(1)] : [];
  far.hidden = few
    .slice(0, 5)
    .map((at) => hiddenKind(`${at} ${text(at)}`, `${at} ${text(at)}`, Math.min(n, 30)));
  far.made = few.map((at) =>
    reportMade({ file: `${text(at)}.pdf`, sha256: `${1000 + at}`.repeat(16), shown: [text(at)], open: true }),
  );
  return far;
}

function models(state: State): ModelsFar {
  const far = new ModelsFar();
  const text = (at: number) => textOf(state, at);
  const found = ['discovered', 'imported', 'tested'];
  far.words = text(1);
  far.models = Array.from({ length: Math.min(countOf(state), 300) }, (_, at) =>
    modelRow(String(at + 1), {
      name: text(at),
      model: text(at),
      provider: text(at),
      host: text(at),
      clients: [text(at)],
      tools: [text(at)],
      state: found[(at + 2) % 3] ?? '',
      from: at % 3 === 1 ? `asset:${at}` : '',
      status: at % 4 ? 'ok' : 'failed',
      error: text(at),
      worst: at % 3 ? '' : 'critical',
      findings: 3,
      runs: 1,
    }),
  );
  far.roles = Array.from({ length: Math.min(countOf(state), 40) }, (_, at) =>
    roleRow(`${at} ${text(at)}`, { headers: [text(at)], holds: [text(at)], models: [text(at)] }),
  );
  const candidates = [
    { pointer: '/reply', text: text(1) },
    { pointer: `/${text(2)}`, text: text(2) },
  ];
  far.result = modelResult({ name: text(1), prompt: text(1), answer: text(2), candidates });
  return far;
}

function findings(state: State): FindingsFar {
  const far = new FindingsFar();
  const text = (at: number) => textOf(state, at);
  const severities = ['critical', 'high', 'medium', 'low', 'info'];
  const states = ['new', 'verified', 'accepted', 'false_positive', 'fixed'];
  far.words = text(1);
  far.runs = 1;
  far.tested = ['LLM01:2025'];
  far.findings = Array.from({ length: countOf(state) }, (_, at) =>
    findingRow(at + 1, {
      title: text(at),
      target_name: text(at),
      reason: text(at),
      severity: severities[at % 5] ?? '',
      state: states[at % 5] ?? '',
      noted: at % 2 === 0,
    }),
  );
  return far;
}

function threats(state: State): ThreatsFar {
  const far = new ThreatsFar();
  const text = (at: number) => textOf(state, at);
  const severities = ['critical', 'high', 'medium', 'low', 'info'];
  const states = ['new', 'confirmed', 'harmless', 'closed'];
  const n = countOf(state);
  const few = Math.min(n, 300);
  far.words = text(1);
  far.recorded = n;
  far.threats = Array.from({ length: n }, (_, at) =>
    threatRow(at + 1, {
      title: text(at),
      name: text(at),
      host: text(at),
      model: text(at),
      seen: text(at),
      severity: severities[at % 5] ?? '',
      state: states[at % 4] ?? '',
      slow: at % 3 === 0,
      noted: at % 2 === 0,
    }),
  );
  far.actors = Array.from({ length: n }, (_, at) =>
    actorRow(at + 1, { name: text(at), learning: at % 2 === 0 }),
  );
  far.rules = Array.from({ length: few }, (_, at) =>
    ruleRow(`rule-${at}`, {
      name: text(at),
      meaning: text(at),
      advice: text(at),
      when: text(at),
      where: text(at),
      own: at % 2 === 0,
      on: at % 3 !== 1,
      severity: severities[at % 5] ?? '',
    }),
  );
  far.problems = n > 0 ? [text(1)] : [];
  far.exceptions = n > 0 ? [far.exception('1', { words: text(1), reason: text(2) })] : [];
  far.marks =
    n > 0 ? [{ sign: sign({ name: text(1), why: text(2) }), at: '', from: 0, to: 0, rule: text(3) }] : [];
  return far;
}

/** What the stories of other features are told, from the stand-ins of their own tests. */
function told(state: State): Structs {
  const traffic = new TrafficFar();
  traffic.items = Array.from({ length: countOf(state) }, (_, at) => {
    const text = textOf(state, at + 1);
    const tags = state === 'hostile' || state === 'long' ? [text] : ['todo'];
    const threat = { severity: 'high', titles: [text], n: at % 2 };
    const client = text.slice(0, 60);
    return item(at + 1, { last_user: text, answer: text, client, tags, note: text, threat });
  });
  traffic.guard = {
    mode: 'enforce',
    at_work: true,
    policies: 3,
    closed: 1,
    waiting: Math.min(3, countOf(state)),
  };
  const setup = new SetupFar();
  const structs: Structs = {};
  for (const far of [
    setup,
    traffic,
    inventory(state),
    tests(state),
    models(state),
    findings(state),
    threats(state),
    policies(state),
    reports(state),
    home(state),
  ]) {
    far.install();
    Object.assign(structs, host.go?.window);
  }
  return structs;
}

const never = () => new Promise(() => {});

const broken = async () => {
  throw JSON.stringify({
    code: 'failed',
    message: 'The project could not be read: disk I/O error.',
    hint: 'Check the disk, then open the project again.',
  });
};

/** Methods that a story asked for and that have no answer here. */
export const unanswered = new Set<string>();

const missing = (name: string) => async () => {
  unanswered.add(name);
  throw JSON.stringify({
    code: 'failed',
    message: `The gallery has no answer for ${name}.`,
    hint: 'Add one in gallery/answers.ts.',
  });
};

/** stage puts a Go side in place of the real one, and gives what puts that back. */
export function stage(state: State): () => void {
  const { go: realGo, runtime: realRuntime } = host;
  const known = told(state);
  for (const [struct, methods] of Object.entries(answers(state))) {
    const answering = Object.entries(methods).map(([name, answer]) => [name, async () => answer]);
    known[struct] = { ...known[struct], ...Object.fromEntries(answering) };
  }
  const method = (struct: string, name: string): Method => {
    if (state === 'loading') return never;
    if (state === 'error') return broken;
    return known[struct]?.[name] ?? missing(`${struct}.${name}`);
  };
  const struct = (name: string) =>
    new Proxy({}, { get: (_, key) => (typeof key === 'string' ? method(name, key) : undefined) });
  const structs = new Proxy({}, { get: (_, key) => (typeof key === 'string' ? struct(key) : undefined) });
  host.go = { window: structs as Structs };
  host.runtime = { EventsOnMultiple: () => () => {} };
  return () => Object.assign(host, { go: realGo, runtime: realRuntime });
}
