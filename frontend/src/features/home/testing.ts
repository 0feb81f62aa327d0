// The Go side of Home as tests need it, in memory.
import type { go } from '../../api';
import { Side } from '../../test/far';

const seen = '2026-03-01T12:00:00.000Z';

/** reason makes something that takes points away. */
export const reason = (n: number, more: Partial<go.HomeReason> = {}): go.HomeReason => ({
  area: 'findings',
  code: 'finding-critical',
  points: 10 - n,
  full: 10 - n,
  what: `Critical: weakness ${n} on weak bot.`,
  ref: `finding:${n}`,
  ...more,
});

/** item makes an item of the OWASP list. */
export const item = (n: number, more: Partial<go.HomeCovered> = {}): go.HomeCovered => ({
  id: `LLM${String(n).padStart(2, '0')}:2025`,
  title: `Category ${n}`,
  state: 'not_tested',
  cases: 0,
  vulnerable: 0,
  targets: 0,
  templates: 7,
  last: '',
  why: '',
  ...more,
});

/** advice makes something to do. */
export const advice = (n: number, more: Partial<go.HomeAdvice> = {}): go.HomeAdvice => ({
  priority: 'P0',
  code: `mend-${n}`,
  what: `Do this ${n}. And how it is done.`,
  why: `Critical: weakness ${n}.`,
  who: 'whoever builds the application',
  check: `assay test run --template t${n}`,
  effort: 'low',
  gain: 5,
  risk: 25,
  refs: [{ ref: `finding:${n}`, name: '' }],
  run: '',
  done_at: '',
  ...more,
});

/** snapshot is how things stood. */
export const snapshot = (n: number, more: Partial<go.HomeSnapshot> = {}): go.HomeSnapshot => ({
  at: `2026-03-0${n}T12:00:00.000Z`,
  cause: `run:${n}`,
  enough: true,
  score: 30 + n,
  grade: 'E',
  severities: [n, 1, 0, 0, 0],
  ...more,
});

/** posture is how things stand after a test that proved something. */
export const posture = (more: Partial<go.HomePosture> = {}): go.HomePosture => ({
  of: '',
  name: '',
  at: seen,
  enough: true,
  score: 38.2,
  grade: 'E',
  missing: '',
  reasons: [1, 2, 3, 4, 5, 6, 7].map((n) => reason(n)),
  areas: [
    { area: 'findings', limit: 40, taken: 40, n: 7, why: 'what is proven weighs most' },
    { area: 'coverage', limit: 20, taken: 16, n: 0, why: 'what nobody tested may be as bad' },
  ],
  items: [
    item(1, { state: 'vulnerable', cases: 10, vulnerable: 7, targets: 1, last: seen }),
    item(2, { state: 'resisted', cases: 3, targets: 1, last: seen }),
    item(3),
    item(4, { state: 'not_testable', why: 'The target has no tools.' }),
  ],
  list: 'OWASP Top 10 for LLM Applications 2025',
  gaps: [
    { code: 'not-tested', what: 'Category 3 was not tested.', ref: 'owasp:LLM03:2025', n: 1, advice: '' },
  ],
  advice: [1, 2, 3, 4, 5, 6].map((n) => advice(n)),
  done: [advice(9, { what: 'Mended long ago.', run: '7', done_at: seen })],
  trend: [snapshot(1), snapshot(2)],
  moved: {
    since: seen,
    cause: 'run:1',
    by: -4.2,
    moves: [{ points: -4.2, kind: 'new', what: 'A new weakness.', ref: 'finding:8' }],
    more: 0,
  },
  more: 0,
  ...more,
});

/** requirement is something that has to hold. */
export const requirement = (
  id: string,
  state: string,
  more: Partial<go.HomeRequirement> = {},
): go.HomeRequirement => ({
  id,
  name: `Rule ${id}`,
  why: 'Because.',
  severity: 'high',
  owasp: ['LLM02:2025'],
  state,
  of: 3,
  failing: state === 'fail' ? 2 : 0,
  what: `What was seen of ${id}.`,
  refs: state === 'fail' ? ['endpoint:7', 'exchange:12'].map((ref) => ({ ref, name: '' })) : [],
  fix: 'Mend it.',
  enforced: '',
  can_hold: true,
  ...more,
});

/** Far is the struct Home of the Go side. */
export class Far extends Side {
  protected readonly struct = 'Home';
  stood: go.StoodOut = { exchanges: 24, models: 1, runs: 1 };
  posture: go.HomePosture = posture();
  requirements: go.HomeRequirement[] = [];
  criticals: go.HomeCriticals = {
    items: [
      {
        id: '1',
        title: 'Weakness 1',
        severity: 'critical',
        target: 'weak bot',
        first_seen: seen,
        last_seen: seen,
      },
    ],
    total: 9,
    severity: 'critical',
    open: 11,
    severities: [9, 2, 0, 0, 0],
  };
  assets: go.HomeAsset[] = [
    {
      ref: 'endpoint:7',
      kind: 'endpoint',
      name: 'POST api.example.test/v1/chat',
      enough: true,
      score: 42,
      grade: 'E',
      missing: '',
      risk: 60,
      open: 11,
      worst: 'critical',
      threats: 0,
      tested: 6,
      of: 10,
    },
  ];
  seen: go.HomeSeen = { latest: [], providers: [], models: [], hosts: [] };
  coverage: go.HomeCoverage = {
    frameworks: [
      { id: 'owasp-llm', name: 'OWASP Top 10', version: '2025', source: 'https://genai.owasp.org' },
      { id: 'atlas', name: 'MITRE ATLAS', version: '5.6', source: 'https://atlas.mitre.org' },
    ],
    id: 'owasp-llm',
    note: '',
    assets: ['weak bot', 'other bot'],
    rows: [
      {
        item: item(1, { state: 'vulnerable', cases: 10, vulnerable: 7 }),
        cells: [
          { state: 'vulnerable', cases: 10, ref: 'finding:3' },
          { state: 'not_tested', cases: 0, ref: '' },
        ],
      },
      {
        item: item(3),
        cells: [
          { state: 'not_tested', cases: 0, ref: '' },
          { state: 'not_tested', cases: 0, ref: '' },
        ],
      },
    ],
  };
  /** methods that cannot be done now */
  broken: string[] = [];

  private answer<T>(name: string, value: T): T {
    if (this.broken.includes(name)) {
      throw JSON.stringify({
        code: 'failed',
        message: `${name} cannot be worked out`,
        hint: 'Look at the log.',
      });
    }
    return value;
  }

  protected methods() {
    return {
      Stood: () => this.answer('Stood', this.stood),
      Posture: ({ of }: go.HomeIn) =>
        this.answer('Posture', of ? { ...this.posture, of, name: of, trend: [], score: 42 } : this.posture),
      Criticals: () => this.answer('Criticals', this.criticals),
      Assets: () => this.answer('Assets', { items: this.assets, more: 0 }),
      Seen: () => this.answer('Seen', this.seen),
      Coverage: ({ framework }: go.HomeCoverageIn) =>
        this.answer('Coverage', { ...this.coverage, id: framework || 'owasp-llm' }),
      Requirements: () => this.answer('Requirements', { items: this.requirements }),
      Enforce: ({ id, action }: go.HomeEnforceIn): go.HomeEnforced => {
        this.requirements = this.requirements.map((one) =>
          one.id === id ? { ...one, enforced: 'policy 3, which only says so' } : one,
        );
        return { policy: '3', name: `Rule ${id}`, action, made: true };
      },
    };
  }
}
