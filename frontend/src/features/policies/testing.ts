// The Go side of policies as tests need it: policies, presets, rulings and what waits, in memory.
import type { go } from '../../api';
import { Side } from '../../test/far';
import { emptyForm } from './store';

const seen = '2026-03-01T12:00:00.000Z';

/** policyForm makes what a person wrote of a policy. */
export const policyForm = (more: Partial<go.PolicyForm> = {}): go.PolicyForm => ({
  ...emptyForm,
  name: 'Secrets do not leave',
  action: 'redact',
  side: 'request',
  types: ['secret'],
  ...more,
});

/** policyRow makes a policy with what a test cares about. */
export function policyRow(
  id: string,
  form: Partial<go.PolicyForm> = {},
  more: Partial<go.PolicyRow> = {},
): go.PolicyRow {
  return {
    id,
    form: policyForm({ id, name: `Policy ${id}`, ...form }),
    added: seen,
    rulings: 0,
    done: 0,
    last: '',
    ...more,
  };
}

/** rulingRow makes a ruling. */
export function rulingRow(n: number, more: Partial<go.RulingRow> = {}): go.RulingRow {
  return {
    id: String(n),
    at: seen,
    exchange: String(n),
    policy: '1',
    name: 'Policy 1',
    action: 'redact',
    done: true,
    side: 'request',
    actor: 'key:3f9a',
    host: 'api.example.test',
    model: 'gpt-4o',
    reason: 'A secret stands in the request.',
    took_ms: 0.4,
    answer: '',
    signs: [],
    ...more,
  };
}

/** approvalRow makes something that waits. */
export function approvalRow(id: string, more: Partial<go.ApprovalRow> = {}): go.ApprovalRow {
  return {
    id,
    policy: 'Ask before tools run',
    side: 'request',
    host: 'api.example.test',
    model: 'gpt-4o',
    actor: 'key:3f9a',
    reason: 'A tool that deletes is called.',
    shown: 'delete everything of ⟨personal⟩',
    left_ms: 42_000,
    of_ms: 60_000,
    passes: false,
    ...more,
  };
}

/** outletRow makes a place that threats and rulings are sent to. */
export function outletRow(id: string, more: Partial<go.OutletRow> = {}): go.OutletRow {
  return {
    id,
    kind: 'webhook',
    to: 'http://siem.example.test/hook',
    name: 'SIEM',
    least: 'high',
    about: 'both',
    project: 'acme',
    signed: true,
    plain: true,
    sent: 3,
    lost: 1,
    why: 'it answered with status 500',
    ...more,
  };
}

const nothing: go.PreviewOut = {
  state: 'none',
  job: '',
  filter: '',
  exchanges: 0,
  all: 0,
  touched: 0,
  policies: [],
  actions: [],
  items: [],
  total: 0,
  left: 0,
  fault: { code: '', message: '', hint: '' },
};

/** Far is the struct Policies of the Go side. */
export class Far extends Side {
  protected readonly struct = 'Policies';
  policies: go.PolicyRow[] = [];
  presets: go.PolicyPreset[] = [];
  rulings: go.RulingRow[] = [];
  waiting: go.ApprovalRow[] = [];
  outlets: go.OutletRow[] = [];
  /** what Save and Check say is wrong */
  faults: go.PolicyFault[] = [];
  preview: go.PreviewOut = nothing;
  checked: go.PolicyCheckOut = { policies: 1, action: '', items: [] };
  mode = 'off';
  /** rules and types that a policy can name */
  words = 'a rule';
  private gone = new Map<string, go.PolicyRow[]>();

  /** tell is a pulse of the guard. */
  tell(): void {
    this.pulse({ guard: true, state: true });
  }

  private save(form: go.PolicyForm): go.PolicySaved {
    if (this.faults.length > 0) return { id: '', faults: this.faults };
    const id = form.id || String(this.policies.length + 1);
    const row = policyRow(id, { ...form, id });
    this.policies = form.id
      ? this.policies.map((each) => (each.id === id ? row : each))
      : [...this.policies, row];
    return { id, faults: [] };
  }

  private remove(ids: string[]): go.PoliciesRemoved {
    const token = String(this.gone.size + 1);
    this.gone.set(
      token,
      this.policies.filter(({ id }) => ids.includes(id)),
    );
    this.policies = this.policies.filter(({ id }) => !ids.includes(id));
    return { token };
  }

  private add(name: string): go.PolicyIDs {
    const preset = this.presets.find((each) => each.name === name);
    const ids = (preset?.items ?? []).map(({ form }) => this.save({ ...form, id: '' }).id);
    return { ids };
  }

  private page(list: go.RulingRow[], from: number, limit: number) {
    return { items: list.slice(from, from + limit), total: list.length };
  }

  protected methods() {
    return {
      List: () => ({ items: this.policies }),
      Words: (): go.PolicyWordsOut => ({
        actions: ['monitor', 'throttle', 'redact', 'approve', 'block'],
        signs: ['injection', 'hidden', 'secret', 'personal'],
        roles: ['user', 'assistant', 'system', 'tool', 'document'],
        rules: [{ value: 'llm01-direct', what: this.words, group: 'high' }],
        types: [
          { value: 'secret', what: '', group: 'all' },
          { value: 'CREDIT_CARD', what: this.words, group: 'personal' },
        ],
      }),
      Check: (form: go.PolicyForm) => ({ id: form.id, faults: this.faults }),
      Save: (form: go.PolicyForm) => this.save(form),
      Switch: ({ id, on }: go.PolicySwitch) => {
        this.policies = this.policies.map((row) =>
          row.id === id ? { ...row, form: { ...row.form, on } } : row,
        );
        return {};
      },
      Remove: ({ ids }: go.PolicyIDs) => this.remove(ids),
      Restore: ({ token }: go.PoliciesBack) => {
        this.policies = [...this.policies, ...(this.gone.get(token) ?? [])];
        return {};
      },
      SetMode: ({ mode }: go.GuardModeIn) => {
        this.mode = mode;
        return {};
      },
      Presets: () => ({ items: this.presets }),
      AddPreset: ({ name }: go.PolicyPresetIn) => this.add(name),
      Preview: (): go.Job => {
        this.preview = {
          ...nothing,
          state: 'done',
          exchanges: 40,
          all: 40,
          touched: this.rulings.length,
          policies: [{ id: '1', name: 'Policy 1', action: 'redact', rulings: this.rulings.length }],
          actions: [{ action: 'redact', n: this.rulings.length }],
        };
        return { id: '1', kind: 'preview', what: '', done: 0, all: 0, state: 'running', note: '' };
      },
      Previewed: ({ from, limit }: go.PreviewPage): go.PreviewOut =>
        this.preview.state === 'none'
          ? nothing
          : { ...this.preview, ...this.page(this.rulings, from, limit) },
      CheckText: () => this.checked,
      Rulings: ({ actions, from, limit }: go.RulingsIn): go.RulingsOut => ({
        ...this.page(
          this.rulings.filter(({ action }) => actions.length === 0 || actions.includes(action)),
          from,
          limit,
        ),
        all: this.rulings.length,
      }),
      Waiting: () => ({ items: this.waiting }),
      Answer: ({ id }: go.ApprovalIn) => {
        const answered = this.waiting.some((each) => each.id === id);
        this.waiting = this.waiting.filter((each) => each.id !== id);
        return { answered };
      },
      Outlets: () => ({ items: this.outlets }),
      AddOutlet: ({ kind, to, name }: go.OutletForm) => {
        this.outlets = [...this.outlets, outletRow(String(this.outlets.length + 1), { kind, to, name })];
        return { id: String(this.outlets.length) };
      },
      RemoveOutlet: ({ id }: go.OutletID) => {
        this.outlets = this.outlets.filter((each) => each.id !== id);
        return {};
      },
      TryOutlet: () => ({ sent: false, why: 'it answered with status 500' }),
    };
  }
}
