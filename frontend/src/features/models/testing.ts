// The Go side of models as tests need it: models, roles and what an import comes to, in memory.
import type { go } from '../../api';
import { Side } from '../../test/far';

const seen = '2026-03-01T12:00:00.000Z';

/** modelRow makes a model with what a test cares about. */
export function modelRow(id: string, more: Partial<go.ModelRow> = {}): go.ModelRow {
  return {
    id,
    state: 'imported',
    kind: 'llm',
    name: `Model ${id}`,
    provider: 'openai',
    model: 'gpt-4o',
    host: 'api.example.test',
    url: 'https://api.example.test/v1/chat/completions',
    from: '',
    asset: '',
    endpoint: '',
    exchange: '',
    query: 'asset:1',
    count: 3,
    tokens: 120,
    clients: ['curl'],
    keys: ['⟨cred:0f⟩'],
    tools: ['lookup_policy'],
    first_seen: seen,
    last_seen: seen,
    status: 'ok',
    error: '',
    latency_ms: 812,
    tried: seen,
    worst: '',
    findings: 0,
    runs: 0,
    ...more,
  };
}

/** modelResult is what came of asking a model. */
export function modelResult(more: Partial<go.ModelResult> = {}): go.ModelResult {
  return {
    id: '1',
    name: 'Model 1',
    provider: 'openai',
    model: 'gpt-4o',
    url: 'https://api.example.test/v1/chat/completions',
    host: 'api.example.test',
    status: 'ok',
    error: '',
    code: '',
    cause: '',
    fix: '',
    http_status: 200,
    retry_after_s: 0,
    latency_ms: 812,
    prompt: 'What is the capital of France? Answer in one short sentence.',
    answer: 'The capital of France is Paris.',
    slot: '/messages/0/content',
    answer_path: '/choices/0/message/content',
    input_tokens: 14,
    output_tokens: 8,
    auth: 'bearer',
    key: 'a key that is not kept',
    answered_by: 'gpt-4o-2024-08-06',
    candidates: [],
    requests: 1,
    ...more,
  };
}

/** roleRow makes a test role. */
export function roleRow(name: string, more: Partial<go.RoleRow> = {}): go.RoleRow {
  return {
    name,
    headers: ['Authorization: Bearer {{env:TOKEN_A}}'],
    body: [],
    command: '',
    login: [],
    token: '',
    latest: '',
    knows: [],
    holds: [],
    added: seen,
    models: [],
    ...more,
  };
}

const preset = (name: string, title: string, base: string): go.PresetRow => ({
  name,
  title,
  base,
  model: base ? 'small-model' : '',
  auth: 'bearer',
  header: '',
  key_env: '',
  env_set: false,
});

/** Far is the Go side of the models screen. */
export class Far extends Side {
  protected readonly struct = 'Models';
  models: go.ModelRow[] = [];
  roles: go.RoleRow[] = [];
  result: go.ModelResult = modelResult();
  found: go.ModelTextRequest[] = [];
  local: go.LocalModel[] = [];
  /** what somebody wrote, wherever a detail shows text */
  words = 'Anything';
  private gone: go.ModelRow[] = [];

  private detail(id: string): go.ModelOut {
    const row = this.models.find((each) => each.id === id) ?? modelRow(id);
    return {
      row,
      method: 'POST',
      headers: [{ name: 'X-Note', value: this.words }],
      body: JSON.stringify({ messages: [{ role: 'user', content: this.words }] }),
      body_cut: false,
      slot: '/messages/0/content',
      answer: '/choices/0/message/content',
      by_format: true,
      auth: 'bearer',
      auth_name: '',
      key: 'a key that is not kept',
      ready: false,
      role: '',
      imported: seen,
      try: {
        at: seen,
        code: '',
        error: '',
        status: 200,
        latency_ms: 812,
        input_tokens: 14,
        output_tokens: -1,
        prompt: this.result.prompt,
        answer: this.words,
        model: 'gpt-4o',
      },
      scope: { host: row.host, local: false, in: false, line: '', authorisation: '', added: '' },
      runs:
        row.runs > 0
          ? [{ id: '1', name: this.words, state: 'done', created: seen, cases: 20, vulnerable: 3 }]
          : [],
    };
  }

  protected methods() {
    return {
      List: () => ({ items: this.models }),
      Get: ({ id }: go.ModelIn) => this.detail(id),
      Presets: () => ({
        items: [
          preset('openai', 'OpenAI', 'https://api.openai.com/v1'),
          preset('azure', 'Azure OpenAI', ''),
          preset('custom', 'Bring your own', ''),
        ],
        auth: ['none', 'bearer', 'header', 'query', 'basic', 'sigv4'],
      }),
      Add: (form: go.ModelForm) => {
        if (this.result.id) {
          this.models = this.models.filter(({ from }) => from === '' || from !== form.from);
          this.models = [...this.models, modelRow(this.result.id, { name: form.name || this.result.name })];
        }
        return this.result;
      },
      Try: () => this.result,
      Cancel: () => ({}),
      Names: () => ({ names: ['gpt-4o', 'gpt-4o-mini'] }),
      Local: () => ({ items: this.local, ports: [11434, 1234] }),
      Look: () => ({ form: 'har', items: this.found, total: this.found.length, left: 0 }),
      Rename: ({ name }: go.RenameModelIn) => ({ name }),
      SetAnswer: () => ({}),
      SetRoleOf: () => ({}),
      SetScope: () => ({}),
      LeaveScope: () => ({}),
      Remove: ({ id }: go.ModelIn) => {
        this.gone = this.models.filter((row) => row.id === id);
        this.models = this.models.filter((row) => row.id !== id);
        return { token: '1', name: this.gone[0]?.name ?? '' };
      },
      Restore: () => {
        this.models = [...this.models, ...this.gone];
        return {};
      },
      Roles: () => ({ items: this.roles }),
      SetRole: ({ was, role }: go.SetRoleIn) => {
        this.roles = [...this.roles.filter(({ name }) => name !== was), role];
        return {};
      },
      RemoveRole: ({ name }: go.RoleIn) => {
        this.roles = this.roles.filter((role) => role.name !== name);
        return {};
      },
    };
  }
}
