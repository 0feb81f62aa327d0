import { create } from 'zustand';
import type { go } from '../../api';
import { recall, remember } from '../traffic/remember';

export const tabs = ['library', 'plan', 'runs'] as const;

export type Tab = (typeof tabs)[number];

/** What the cases of a run are shown as. */
export const looks = ['cases', 'template', 'mutation', 'target', 'heat', 'errors', 'compare'] as const;

export type Look = (typeof looks)[number];

/** Which cases are listed. */
export interface CaseFilter {
  verdicts: readonly string[];
  templates: readonly string[];
  mutations: readonly string[];
  targets: readonly string[];
  text: string;
}

export const allCases: CaseFilter = { verdicts: [], templates: [], mutations: [], targets: [], text: '' };

interface TestsState {
  /** the project that the rest is about */
  project: string;
  tab: Tab;
  /** what stands in the filter of the library */
  text: string;
  /** the template that is open; empty for none */
  template: string;
  /** a file of the folder that cannot be read as a template, and is open; empty for none */
  file: string;
  /** items of OWASP whose templates are folded away */
  folded: ReadonlySet<string>;
  /** the run that is open; empty for none */
  run: string;
  /** the case that is open; 0 for none */
  case: number;
  look: Look;
  filter: CaseFilter;
  sort: string;
  desc: boolean;
  /** the run that the open one is compared with, and what became of the cases that are listed */
  before: string;
  change: string;
  /** what a person chose to send */
  plan: go.PlanIn;
  /** part of the space that the list takes, in percent */
  split: { rows: number; columns: number };
}

const isSplit = (value: unknown): value is TestsState['split'] => {
  const split = value as TestsState['split'] | null;
  return typeof split?.rows === 'number' && typeof split.columns === 'number';
};

/** noPlan is what is chosen before a person chose anything. */
export const noPlan: go.PlanIn = {
  name: '',
  targets: [],
  suites: ['quick'],
  templates: [],
  owasp: [],
  severity: '',
  mutations: [],
  strategies: [],
  trials: 0,
  concurrency: 0,
  rate: 0,
  patience: 0,
  budget: { requests: 0, tokens: 0, usd: 0, minutes: 0 },
  judge: '',
  attacker: '',
  role: '',
  other: '',
  system: '',
  key: '',
  authorisation: '',
  confirmed: false,
};

const start = {
  tab: 'library',
  text: '',
  template: '',
  file: '',
  folded: new Set<string>(),
  run: '',
  case: 0,
  look: 'cases',
  filter: allCases,
  sort: 'n',
  desc: false,
  before: '',
  change: '',
  plan: noPlan,
} as const;

/** useTests is the state of the screen. It outlives the screen, so that coming back finds it as it was. */
export const useTests = create<TestsState>(() => ({
  ...start,
  project: '',
  split: recall('tests.split', isSplit, { rows: 42, columns: 50 }),
}));

/** begin forgets what was about another project. */
export function begin(project: string): void {
  const before = useTests.getState().project;
  if (before === project) return;
  useTests.setState(before === '' ? { project } : { ...start, project });
}

/** setPlan changes what a person chose. A change of targets asks again whether they may be attacked. */
export function setPlan(change: Partial<go.PlanIn>): void {
  const { plan } = useTests.getState();
  const again = change.targets ? { confirmed: false, key: '' } : {};
  useTests.setState({ plan: { ...plan, ...again, ...change } });
}

/** setFilter narrows the list of cases. */
export function setFilter(change: Partial<CaseFilter>): void {
  useTests.setState({ filter: { ...useTests.getState().filter, ...change } });
}

/** setSplit changes and remembers how the space is divided. */
export function setSplit(split: TestsState['split']): void {
  useTests.setState({ split });
  remember('tests.split', split);
}
