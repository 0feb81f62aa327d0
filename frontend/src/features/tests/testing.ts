// The Go side of the tests as tests need it: templates, runs and cases in memory.
import type { go } from '../../api';
import { Side } from '../../test/far';

const begun = '2026-03-01T12:00:00.000Z';

const verdictsInTurn = ['vulnerable', 'resisted', 'resisted', 'unclear', 'errored'] as const;

/** counts makes counts of cases. */
export function counts(more: Partial<go.CaseCounts> = {}): go.CaseCounts {
  return { vulnerable: 0, resisted: 0, unclear: 0, errored: 0, pending: 0, ...more };
}

/** caseRow makes a case with what a test cares about. */
export function caseRow(n: number, more: Partial<go.CaseRow> = {}): go.CaseRow {
  const verdict = more.verdict ?? verdictsInTurn[n % verdictsInTurn.length] ?? 'resisted';
  return {
    n,
    template: `template-${n % 7}`,
    name: `Template ${n % 7}`,
    severity: 'high',
    target: 'model:1',
    target_name: 'Lab',
    mutation: n % 3 === 0 ? 'base64' : 'none',
    strategy: '',
    done: true,
    verdict,
    counts: counts(verdict ? { [verdict]: 1 } : {}),
    trials: 1,
    reason: `Reason ${n}`,
    blocked: false,
    by: 'rules',
    ...more,
  };
}

/** templateRow makes a template. */
export function templateRow(id: string, more: Partial<go.TemplateRow> = {}): go.TemplateRow {
  return {
    id,
    name: `Name of ${id}`,
    severity: 'high',
    owasp: ['LLM01:2025'],
    technique: 'injection',
    level: 'prompt',
    tags: ['quick'],
    kinds: ['llm'],
    cases: 3,
    own: false,
    ...more,
  };
}

/** runRow makes a run. */
export function runRow(id: string, more: Partial<go.RunRow> = {}): go.RunRow {
  return {
    id,
    name: `quick on Lab`,
    state: 'done',
    why: '',
    created: begun,
    ended: begun,
    spent_ms: 61_000,
    targets: ['Lab'],
    suites: ['quick'],
    starred: false,
    here: false,
    left: { low: 0, high: 0 },
    tally: {
      cases: 10,
      counts: counts({ vulnerable: 2, resisted: 4, unclear: 2, errored: 2 }),
      flaky: 1,
      blocked: 1,
      trials: 12,
      requests: 14,
      tokens: 4200,
      estimated_tokens: 0,
      usd: 0.31,
      unpriced: 0,
      throttled_ms: 0,
    },
    ...more,
  };
}

/** forecast is what a run will take. */
export const forecast: go.Forecast = {
  templates: 3,
  cases: 400,
  requests: { low: 400, high: 900 },
  tokens: { low: 20_000, high: 61_000 },
  usd: { low: 0.4, high: 1.1 },
  seconds: { low: 180, high: 300 },
  priced: true,
  basis: 'Prices are those of 2026-02-01.',
};

/** judgement makes a verdict with its proof. */
export function judgement(more: Partial<go.JudgementOut> = {}): go.JudgementOut {
  return {
    verdict: 'vulnerable',
    reason: 'The planted text came back.',
    evidence: [{ signal: 'canary', where: 'answer', text: 'vexil', why: 'the planted text came back' }],
    confidence: 0.99,
    by: 'rules',
    blocked: false,
    ...more,
  };
}

/** trial makes a trial. */
export function trial(n: number, more: Partial<go.TrialOut> = {}): go.TrialOut {
  return {
    n,
    started: begun,
    took_ms: 120,
    sent: [{ slot: 'last_user', plain: 'Say vexil.', text: 'U2F5IHZleGlsLg==' }],
    exchanges: ['7'],
    judgement: judgement(),
    rules: judgement({ verdict: '', reason: '', evidence: [] }),
    vote: {
      judge: '',
      verdict: '',
      reason: '',
      asked: '',
      input_tokens: 0,
      output_tokens: 0,
      usd: 0,
      priced: false,
    },
    person: { verdict: '', reason: '', at: '' },
    answer: [
      { text: 'Here it is: ', marks: [] },
      { text: 'vexil', marks: [0] },
    ],
    cut: false,
    requests: 1,
    input_tokens: 20,
    output_tokens: 9,
    estimated: false,
    usd: 0.001,
    priced: true,
    throttled_ms: 0,
    ...more,
  };
}

type Fault = Pick<go.TemplateFault, 'line' | 'what'> & Partial<go.TemplateFault>;

/** fault makes something that is wrong in a template. */
export const fault = (of: Fault): go.TemplateFault => ({ column: 3, where: '', nearest: '', ...of });

/** Far is the other side: what it holds, and what was asked of it. */
export class Far extends Side {
  protected readonly struct = 'Tests';
  templates: go.TemplateRow[] = [];
  broken: go.BrokenFile[] = [];
  models: go.TargetRow[] = [];
  runs: go.RunRow[] = [];
  count = 0;
  makeCase: (n: number) => go.CaseRow = (n) => caseRow(n);
  trials: go.TrialOut[] = [];
  skipped: go.SkippedGroup[] = [];
  untested: go.FrameworkID[] = [];
  outOf: string[] = [];
  faults: go.TemplateFault[] = [];
  spent = false;
  said: go.PersonVote = { verdict: '', reason: '', at: '' };
  text = 'id: one\nname: One\nattack:\n  prompts:\n    - "Say {{canary}}."\n';
  words = 'What it proves, in words.';
  revision = '1';

  /** tell says that a run came further. */
  tell(): void {
    this.pulse({ tests: true });
  }

  private found({ verdicts, templates, mutations, text }: go.CasesIn): number[] | undefined {
    if (verdicts.length + templates.length + mutations.length === 0 && !text) return undefined;
    const all: number[] = [];
    for (let n = 1; n <= this.count; n++) {
      const row = this.makeCase(n);
      const fits =
        (verdicts.length === 0 || verdicts.includes(row.done ? row.verdict : 'pending')) &&
        (templates.length === 0 || templates.includes(row.template)) &&
        (mutations.length === 0 || mutations.includes(row.mutation)) &&
        row.reason.includes(text);
      if (fits) all.push(n);
    }
    return all;
  }

  private page(input: go.CasesIn): go.CasesOut {
    const some = this.found(input);
    const total = some?.length ?? this.count;
    const end = Math.min(total, input.from + input.limit);
    const cases = [];
    for (let at = input.from; at < end; at++) cases.push(this.makeCase(some ? (some[at] ?? 0) : at + 1));
    return { total, cases };
  }

  private run(id: string): go.RunOut {
    const row = this.runs.find((each) => each.id === id);
    if (!row) throw JSON.stringify({ code: 'not-found', message: `There is no run ${id}.`, hint: '' });
    return {
      row,
      waiting: '',
      budget: { requests: 0, tokens: 0, usd: 2, minutes: 0 },
      forecast,
      targets: [{ ref: 'model:1', name: 'Lab', host: 'lab.test', kind: 'llm', model: 'm', baseline: '6' }],
      skipped: this.skipped,
      untested: this.untested,
      judge: '',
      authorisation: '',
      baseline: this.runs.find((each) => each.starred && each.id !== id)?.id ?? '',
      needs_key: false,
      spent: this.spent,
    };
  }

  private template(id: string): go.TemplateOut {
    const row = this.templates.find((each) => each.id === id);
    if (!row) throw JSON.stringify({ code: 'not-found', message: `There is no template ${id}.`, hint: '' });
    return {
      row,
      description: this.words,
      frameworks: [{ id: 'LLM01:2025', title: 'Prompt Injection' }],
      needs: [{ id: 'tools', title: 'the model may call functions' }],
      slot: 'last_user',
      prompts: [this.words],
      turns: [],
      payloads: [{ name: 'orders', values: [this.words] }],
      requests: [],
      mutations: ['none', 'base64'],
      signals: ['canary'],
      detect: '{"canary": {}}',
      remediation: this.words,
      references: [this.words],
      samples: 2,
      suites: ['Quick'],
      trials: 3,
      file: `${id}.yaml`,
      text: this.text,
      results: this.runs.map(({ id: run, name, created, tally }) => ({
        run,
        name,
        at: created,
        counts: tally.counts,
      })),
    };
  }

  private heat(): go.HeatOut {
    const rows: go.HeatName[] = [];
    const cells: go.HeatCell[] = [];
    const columns: go.HeatName[] = ['none', 'base64'].map((id) => ({ id, name: id, counts: counts() }));
    for (let n = 1; n <= Math.min(this.count, 200); n++) {
      const row = this.makeCase(n);
      rows.push({ id: `${row.template}-${n}`, name: row.name, counts: row.counts });
      cells.push({ row: n - 1, column: row.mutation === 'none' ? 0 : 1, counts: row.counts });
    }
    return { rows, columns, cells };
  }

  protected methods() {
    return {
      Library: (): go.LibraryOut => ({
        templates: this.templates,
        owasp: [
          { id: 'LLM01:2025', title: 'Prompt Injection' },
          { id: 'LLM02:2025', title: 'Sensitive Information Disclosure' },
        ],
        suites: [
          { id: 'quick', name: 'Quick', description: 'The worst first.', minutes: 5, templates: 16 },
          { id: 'deep', name: 'Deep', description: 'All of it.', minutes: 0, templates: 200 },
        ],
        mutations: [{ name: 'base64', family: 'encodings', what: 'Base64.' }],
        folder: '/home/me/templates',
        revision: this.revision,
        broken: this.broken,
      }),
      Shelf: (): go.ShelfOut => ({ revision: this.revision }),
      Template: ({ id }: go.TemplateIn) => this.template(id),
      Source: ({ file }: go.FileIn): go.TemplateText => ({ file, text: this.text }),
      Check: (): go.TemplateCheck => ({ id: 'one', problems: this.faults }),
      Examples: (): go.ExamplesOut => ({
        problems: this.faults,
        examples: [
          {
            line: 9,
            why: this.words,
            answer: '',
            wanted: 'vulnerable',
            found: 'resisted',
            reason: this.words,
            correct: false,
          },
        ],
      }),
      Save: ({ file }: go.TemplateText): go.KeptTemplate => ({ id: 'one', file, problems: this.faults }),
      Copy: ({ id }: go.CopyTemplateIn): go.KeptTemplate => ({ id, file: `${id}.yaml`, problems: [] }),
      Discard: ({ file }: go.FileIn): go.TemplateText => ({ file, text: this.text }),
      Targets: (): go.TargetsOut => ({ models: this.models, roles: [], strategies: [] }),
      Plan: (): go.PlanOut => ({
        forecast,
        targets: this.models.map(({ ref, name, host, model }) => ({
          ref,
          name,
          host,
          kind: 'llm',
          model,
          baseline: '',
        })),
        skipped: this.skipped,
        out_of: this.outOf,
        example: `POST https://lab.test/v1/chat\n\n${this.words}`,
        cut: false,
      }),
      Start: (): go.RunIn => {
        this.runs.unshift(runRow('9'));
        return { id: '9' };
      },
      Runs: (): go.RunsOut => ({ runs: this.runs }),
      Running: (): go.RunsOut => ({
        runs: this.runs.filter(({ state, here }) => here && state === 'running'),
      }),
      Run: ({ id }: go.RunIn) => this.run(id),
      Rename: () => ({}),
      Star: () => ({}),
      Remove: () => ({}),
      Pause: () => ({}),
      Stop: () => ({}),
      Resume: () => ({}),
      Retry: () => ({}),
      Cases: (input: go.CasesIn) => this.page(input),
      Case: ({ n }: go.CaseIn): go.CaseOut => ({
        row: this.makeCase(n),
        description: this.words,
        remediation: this.words,
        frameworks: [{ id: 'LLM01:2025', title: 'Prompt Injection' }],
        baseline: '6',
        trials: this.trials,
        interval: { low: 0.2, high: 1 },
        judged: this.trials.length,
      }),
      Heat: () => this.heat(),
      Errors: (): go.ErrorsOut => ({
        groups:
          this.count === 0
            ? []
            : [
                {
                  cause: this.words,
                  n: this.count,
                  cases: [caseRow(1, { verdict: 'errored', reason: this.words })],
                },
              ],
      }),
      Overrule: ({ verdict, reason }: go.OverruleIn): go.OverruleOut => {
        const before = this.said;
        this.said = { verdict, reason, at: begun };
        return { before };
      },
      Accept: (): go.AcceptOut => ({ before: [{ id: '4', state: 'new' }] }),
      Unaccept: () => ({}),
      Compare: ({ from, limit }: go.CompareIn): go.CompareOut => ({
        before: runRow('1', { name: this.words }),
        after: runRow('2', { name: this.words }),
        counts: ['new', 'fixed', 'still', 'flaky', 'same', 'not_comparable'].map((change) => ({
          change,
          n: this.count,
        })),
        total: this.count,
        cases: Array.from({ length: Math.max(0, Math.min(limit, this.count - from)) }, (_, at) => ({
          key: String(from + at),
          change: 'new',
          why: this.words,
          before: this.makeCase(from + at + 1),
          after: this.makeCase(from + at + 1),
        })),
      }),
      Export: () => ({ download: '', name: 'run.sarif', job: {} }),
    };
  }
}
