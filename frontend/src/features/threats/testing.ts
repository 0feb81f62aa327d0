// The Go side of the watch as tests need it: threats, actors and rules, in memory.
import type { go } from '../../api';
import { Side } from '../../test/far';

const seen = '2026-03-01T12:00:00.000Z';

/** threatRow makes a threat with what a test cares about. */
export function threatRow(id: number, more: Partial<go.ThreatRow> = {}): go.ThreatRow {
  return {
    id: String(id),
    rule: 'prompt-injection',
    title: `Threat ${id}`,
    severity: 'high',
    state: 'new',
    owasp: ['LLM01:2025'],
    actor: 'key:3f9a',
    name: '3f9a',
    kind: 'key',
    host: 'api.example.test',
    model: 'gpt-test',
    first_seen: seen,
    last_seen: seen,
    count: 2,
    slow: false,
    seen: 'A user tries to steer the model.',
    noted: false,
    ...more,
  };
}

/** actorRow makes an actor with what a test cares about. */
export function actorRow(id: number, more: Partial<go.ActorRow> = {}): go.ActorRow {
  return {
    key: `key:actor-${id}`,
    kind: 'key',
    name: `actor-${id}`,
    first_seen: seen,
    last_seen: seen,
    exchanges: 12,
    refused: 1,
    failed: 0,
    input_tokens: 100,
    output_tokens: 50,
    cost: 1200,
    risk: 0.4,
    learning: false,
    ...more,
  };
}

/** ruleRow makes a rule with what a test cares about. */
export function ruleRow(id: string, more: Partial<go.ThreatRule> = {}): go.ThreatRule {
  return {
    id,
    name: `Rule ${id}`,
    meaning: 'Somebody tries to steer the model.',
    advice: 'Look at who it was.',
    severity: 'high',
    shipped_severity: 'high',
    on: true,
    threshold: 5,
    shipped_threshold: 5,
    threshold_of: 'requests',
    when: 'injection',
    where: '',
    window: '5 in an hour per actor',
    cooldown: '1h0m0s',
    single: false,
    samples: 4,
    own: false,
    file: 'injection.yaml',
    tags: ['injection'],
    owasp: ['LLM01:2025'],
    frameworks: [{ id: 'LLM01:2025', title: 'Prompt Injection' }],
    threats: 1,
    moments: 2,
    last_seen: seen,
    ...more,
  };
}

/** sign is what a detector saw. */
export function sign(more: Partial<go.ThreatSign> = {}): go.ThreatSign {
  return {
    kind: 'injection',
    name: 'override',
    side: 'request',
    role: 'user',
    where: 'message:0',
    score: 0.9,
    why: 'The text asks to forget what was said.',
    ...more,
  };
}

const kinds = ['key', 'user', 'cookie', 'client', 'address'];

/** Far is the Go side of the watch. */
export class Far extends Side {
  protected readonly struct = 'Threats';
  threats: go.ThreatRow[] = [];
  actors: go.ActorRow[] = [];
  rules: go.ThreatRule[] = [ruleRow('prompt-injection')];
  exceptions: go.ThreatException[] = [];
  problems: string[] = [];
  recorded = 12;
  waiting = 0;
  by = kinds;
  learning = '';
  marks: go.SignMark[] = [];
  /** what somebody wrote, wherever a detail shows text */
  words = 'Anything';

  private counts(of: (row: go.ThreatRow) => string): go.FindingCount[] {
    const all = new Map<string, number>();
    for (const row of this.threats) all.set(of(row), (all.get(of(row)) ?? 0) + 1);
    return [...all].map(([value, n]) => ({ value, name: '', n }));
  }

  private set(ids: readonly string[], state: string): go.ThreatsUndo {
    const before = this.threats
      .filter((row) => ids.includes(row.id))
      .map((row) => ({ id: row.id, state: row.state }));
    this.threats = this.threats.map((row) => (ids.includes(row.id) ? { ...row, state } : row));
    return { before, exceptions: [] };
  }

  protected methods() {
    return { ...this.lists(), ...this.acts(), ...this.ofRules(), ...this.ofActors() };
  }

  private lists() {
    const within = (list: string[], value: string) => list.length === 0 || list.includes(value);
    return {
      Summary: (): go.ThreatsSummary => ({
        total: this.threats.length,
        new: this.threats.filter(({ state }) => state === 'new').length,
        states: this.counts(({ state }) => state),
        severities: this.counts(({ severity }) => severity),
        recorded: this.recorded,
        waiting: this.waiting,
        rules: this.rules.filter(({ on }) => on).length,
        off: this.rules.filter(({ on }) => !on).length,
        exceptions: this.exceptions.length,
        broken: this.problems.length,
        cut: 0,
      }),
      List: (query: go.ThreatsIn) => {
        const found = this.threats.filter(
          (row) =>
            within(query.states, row.state) &&
            within(query.severities, row.severity) &&
            within(query.rules, row.rule) &&
            (!query.slow || row.slow) &&
            row.title.includes(query.text),
        );
        return { total: found.length, items: found.slice(query.from, query.from + query.limit) };
      },
      Timeline: (): go.ThreatTimelineOut => ({
        from: seen,
        step_ms: 60_000,
        bars: 60,
        total: this.threats.length,
        found:
          this.threats.length > 0
            ? [{ at: 3, from: seen, n: this.threats.length, counts: this.counts(({ severity }) => severity) }]
            : [],
      }),
      Get: ({ id }: go.ThreatIn) => this.detail(id),
      Moments: (): go.MomentsOut => ({ items: [], total: 1 }),
      Signs: (): go.SignsOut => ({ threats: this.threats.slice(0, 3), signs: this.marks, cut: 0 }),
    };
  }

  private acts() {
    return {
      SetState: ({ ids, state }: go.SetThreatsIn) => this.set(ids, state),
      Restore: ({ before, exceptions }: go.ThreatsUndo) => {
        for (const { id, state } of before) this.set([id], state);
        this.exceptions = this.exceptions.filter(({ id }) => !exceptions.includes(id));
        return {};
      },
      Note: () => ({}),
      Scopes: ({ ids }: go.ScopesIn): go.ScopesOut => ({
        scopes: [
          {
            id: 'actor',
            where: 'actor=key:3f9a',
            words: `exchanges whose actor is ${this.words}`,
            n: ids.length,
          },
          { id: 'host', where: 'host=api.example.test', words: this.words, n: ids.length },
          { id: 'everywhere', where: '', words: '', n: ids.length },
        ],
      }),
      Harmless: ({ ids, scope, reason }: go.HarmlessIn): go.ThreatsUndo => {
        this.exceptions = [this.exception('7', { reason, actor: scope === 'actor' ? 'key:3f9a' : '' })];
        return { ...this.set(ids, 'harmless'), exceptions: ['7'] };
      },
    };
  }

  /** exception is something that was called harmless. */
  exception(id: string, more: Partial<go.ThreatException> = {}): go.ThreatException {
    return {
      id,
      rule: 'prompt-injection',
      name: 'Rule prompt-injection',
      actor: '',
      where: '',
      words: '',
      reason: '',
      added: seen,
      ...more,
    };
  }

  private ofRules() {
    return {
      Rules: (): go.ThreatRulesOut => ({
        rules: this.rules,
        problems: this.problems,
        exceptions: this.exceptions,
      }),
      SetRule: ({ id, on, threshold, severity }: go.SetThreatRuleIn): go.SetThreatRuleIn => {
        const was = this.rules.find((rule) => rule.id === id) ?? ruleRow(id);
        this.rules = this.rules.map((rule) =>
          rule.id === id
            ? {
                ...rule,
                on,
                threshold: threshold || rule.shipped_threshold,
                severity: severity || rule.shipped_severity,
              }
            : rule,
        );
        return { id, on: was.on, threshold: was.threshold, severity: was.severity };
      },
      RemoveException: ({ id }: go.ExceptionIn) => {
        const exception = this.exceptions.find((one) => one.id === id) ?? this.exception(id);
        this.exceptions = this.exceptions.filter((one) => one.id !== id);
        return { exception };
      },
      AddException: ({ exception }: go.AddExceptionIn) => {
        this.exceptions = [{ ...exception, id: '8' }];
        return { id: '8' };
      },
      Rewatch: () => this.job(),
    };
  }

  private ofActors() {
    return {
      Actors: ({ from, limit, text }: go.ActorsIn): go.ActorsOut => {
        const found = this.actors.filter(({ name }) => name.includes(text));
        return { total: found.length, items: found.slice(from, from + limit) };
      },
      Actor: ({ key }: go.ActorIn): go.ActorOut => ({
        row: this.actors.find((row) => row.key === key) ?? actorRow(1, { key }),
        hours: Array.from({ length: 24 }, (_, hour) => hour % 5),
        endpoints: [{ value: this.words, n: 12 }],
        models: [{ value: this.words, n: 12 }],
        tools: [],
        baseline: this.learning
          ? []
          : [{ measure: 'requests per hour', low: 2, high: 9, now: 41, of: 60, above: true }],
        learning: this.learning,
        threats: this.threats.slice(0, 5),
        all: this.threats.length,
        query: `actor=${key}`,
      }),
      Identity: (): go.IdentityOut => ({ by: this.by, usual: this.by === kinds, kinds }),
      Identify: ({ by }: go.IdentifyIn) => {
        this.by = by;
        return this.job();
      },
    };
  }

  private job(): go.Job {
    return { id: '1', kind: 'rewatch', what: '', done: 0, all: 0, state: 'running', note: '' };
  }

  private detail(id: string): go.ThreatOut {
    const row = this.threats.find((each) => each.id === id) ?? threatRow(Number(id));
    return {
      row,
      rule_name: 'Rule prompt-injection',
      meaning: this.words,
      advice: this.words,
      usual: this.words,
      score: 0,
      note: '',
      group: '',
      raised: seen,
      endpoint: '3',
      place: `POST ${this.words}`,
      conversation: '4',
      query: 'threat=prompt-injection',
      frameworks: [
        { id: 'LLM01:2025', title: 'Prompt Injection' },
        { id: 'AML.T0051', title: 'LLM Prompt Injection' },
      ],
      moments: [
        { at: seen, exchange: '41', what: this.words, weight: 1, signs: [sign({ why: this.words })] },
      ],
      kept: 1,
      gone: 0,
    };
  }
}
