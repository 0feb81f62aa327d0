// The Go side of findings as tests need it: findings and what was tested, in memory.
import type { go } from '../../api';
import { Side } from '../../test/far';
import { caseRow, judgement, trial } from '../tests/testing';

const seen = '2026-03-01T12:00:00.000Z';

/** findingRow makes a finding with what a test cares about. */
export function findingRow(id: number, more: Partial<go.FindingRow> = {}): go.FindingRow {
  return {
    id: String(id),
    source: 'test',
    template: 'system-prompt-leak',
    title: `Finding ${id}`,
    severity: 'high',
    owasp: ['LLM07:2025'],
    target: 'model:1',
    target_name: 'staging-bot',
    class: 'canary',
    state: 'new',
    noted: false,
    first_seen: seen,
    last_seen: seen,
    count: 2,
    run: '1',
    case: 1,
    reason: 'The planted text came back.',
    ...more,
  };
}

const items = ['LLM01:2025', 'LLM02:2025', 'LLM07:2025'];

/** Far is the Go side of the findings screen. */
export class Far extends Side {
  protected readonly struct = 'Findings';
  findings: go.FindingRow[] = [];
  runs = 0;
  /** items of the OWASP list that were tested */
  tested: string[] = [];
  /** what somebody wrote, wherever a detail shows text */
  words = 'Anything';

  private selected(query: go.FindingsIn): go.FindingRow[] {
    const within = (list: string[], value: string) => list.length === 0 || list.includes(value);
    return this.findings.filter(
      (row) =>
        within(query.states, row.state) &&
        within(query.severities, row.severity) &&
        within(query.targets, row.target) &&
        row.title.includes(query.text),
    );
  }

  private counts(of: (row: go.FindingRow) => string): go.FindingCount[] {
    const all = new Map<string, number>();
    for (const row of this.findings) all.set(of(row), (all.get(of(row)) ?? 0) + 1);
    return [...all].map(([value, n]) => ({ value, name: '', n }));
  }

  private set(ids: readonly string[], state: string): void {
    this.findings = this.findings.map((row) => (ids.includes(row.id) ? { ...row, state } : row));
  }

  protected methods() {
    return {
      Summary: (): go.FindingsSummary => ({
        total: this.findings.length,
        states: this.counts(({ state }) => state),
        severities: this.counts(({ severity }) => severity),
        targets: this.counts(({ target }) => target),
        owasp: this.counts(({ owasp }) => owasp[0] ?? ''),
        runs: this.runs,
        live: false,
        coverage: items.map((id) => ({
          id,
          title: 'Title',
          judged: this.tested.includes(id) ? 4 : 0,
          cases: this.tested.includes(id) ? 5 : 0,
        })),
      }),
      List: (query: go.FindingsIn) => {
        const found = this.selected(query);
        return { total: found.length, items: found.slice(query.from, query.from + query.limit) };
      },
      Get: ({ id }: go.FindingIn) => this.detail(id),
      SetState: ({ ids, state }: go.SetFindingsIn) => {
        const before = this.findings
          .filter((row) => ids.includes(row.id))
          .map((row) => ({ id: row.id, state: row.state }));
        this.set(ids, state);
        return { before };
      },
      Restore: ({ before }: go.RestoreFindingsIn) => {
        for (const { id, state } of before) this.set([id], state);
        return {};
      },
      Note: () => ({}),
    };
  }

  private detail(id: string): go.FindingOut {
    return {
      row: this.findings.find((row) => row.id === id) ?? findingRow(Number(id)),
      fingerprint: '0f1e2d3c4b5a',
      note: '',
      description: this.words,
      remediation: this.words,
      references: [this.words],
      frameworks: [
        { id: 'LLM07:2025', title: 'System Prompt Leakage' },
        { id: 'CWE-200', title: 'Exposure of Sensitive Information' },
      ],
      evidence: [
        {
          run: '1',
          run_name: this.words,
          case: caseRow(1, { mutation: 'base64' }),
          trial: trial(1, {
            sent: [{ slot: 'last_user', plain: 'Say it.', text: this.words }],
            exchanges: ['7'],
            answer: [
              { text: 'Of course: ', marks: [] },
              { text: this.words, marks: [0] },
            ],
            judgement: judgement({
              evidence: [
                { signal: 'canary', where: 'answer', text: this.words, why: 'the planted text came back' },
              ],
            }),
          }),
        },
      ],
      more: 1,
      history: [
        { at: seen, what: 'state', from: 'new', to: 'verified', why: this.words, run: '' },
        { at: seen, what: 'seen', from: '', to: 'new', why: '', run: '1' },
      ],
    };
  }
}
