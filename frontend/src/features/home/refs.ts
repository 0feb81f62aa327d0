// A ref names the evidence of something: finding:3, endpoint:7, owasp:LLM01:2025. What it says is shown where it is kept.
import { api, type go } from '../../api';
import { type ScreenId, useNav } from '../../frame/nav';
import { t } from '../../i18n';
import { openEndpoint, openExchange, openTraffic } from '../inventory/acts';
import { setPlan, useTests } from '../tests/store';
import { whereIs } from './query';

const show = (screen: ScreenId, params: Record<string, string>) => useNav.getState().go(screen, params);

const ways: Readonly<Record<string, (value: string) => void>> = {
  finding: (finding) => show('findings', { tab: 'tests', finding }),
  threat: (threat) => show('findings', { tab: 'watch', threat }),
  rule: (rule) => show('findings', { tab: 'watch', rule }),
  owasp: (owasp) => show('findings', { tab: 'tests', owasp }),
  target: (target) => show('findings', { tab: 'tests', target }),
  severity: (severity) => show('findings', { tab: 'tests', severity }),
  run: (run) => show('tests', { tab: 'runs', run }),
  template: (template) => show('tests', { tab: 'library', template }),
  endpoint: openEndpoint,
  exchange: openExchange,
  wire: (value) => openTraffic(`wire:${value}`),
  inventory: (query) => show('inventory', { tab: 'endpoints', query }),
  coverage: () => show('home', { tab: 'coverage', framework: 'owasp-llm' }),
  requirement: (requirement) => show('home', { tab: 'requirements', requirement }),
  policy: (policy) => show('policies', { policy }),
  model: (name) => openTraffic(whereIs('model', name)),
  client: (name) => openTraffic(whereIs('client', name)),
  host: (name) => openTraffic(whereIs('host', name)),
  provider: (name) => openTraffic(whereIs('provider', name)),
  tool: (name) => openTraffic(whereIs('tool', name)),
};

function parted(ref: string): [string, string] {
  const at = ref.indexOf(':');
  return at < 0 ? ['', ''] : [ref.slice(0, at), ref.slice(at + 1)];
}

/** opener gives what shows the evidence; nothing where a ref names none that can be shown. */
export function opener(ref: string): (() => void) | undefined {
  const [kind, value] = parted(ref);
  const way = ways[kind];
  return way && value ? () => way(value) : undefined;
}

/** proofOf is what shows the reason of a code: an item that was not tested has no findings, but what would test it. */
export function proofOf(code: string, ref: string): string {
  const open = code.endsWith('vulnerable');
  if (ref === '' && code === 'never-tested') return 'inventory:kind:llm';
  if (ref === '' && code === 'unread') return 'wire:tunnel';
  return ref.startsWith('owasp:') && !open ? ref.replace('owasp:', 'coverage:') : ref;
}

/** refWord is what a ref names, in words. */
export function refWord(ref: string): string {
  const [kind, value] = parted(ref);
  return t('home.word.ref', { kind: ways[kind] ? kind : 'other', value });
}

// What is planned is sent to the imported models, where a person chose nothing else; where there are many, a person chooses.
async function plan(change: Partial<go.PlanIn>): Promise<void> {
  setPlan(change);
  show('tests', { tab: 'plan' });
  const { models } = await api.tests.Targets({});
  const { targets } = useTests.getState().plan;
  if (targets.length === 0 && models.length <= MANY) setPlan({ targets: models.map(({ ref }) => ref) });
}

const MANY = 3;

/** planItem plans a test of an item of the OWASP list; nothing is sent before a person says so. */
export const planItem = (id: string): void =>
  void plan({ suites: [], templates: [], owasp: [id] }).catch(() => undefined); // the plan itself says what is wrong

/** planAll plans a test of the whole list. */
export const planAll = (): void =>
  void plan({ suites: ['owasp-llm-top-10'], templates: [], owasp: [] }).catch(() => undefined);
