import { create } from 'zustand';
import type { go } from '../../api';

/** tabs are what tests proved, and what the watch sees. */
export const tabs = ['tests', 'watch'] as const;

export type Tab = (typeof tabs)[number];

/** What findings can be sorted by. */
export type Sort = 'severity' | 'last' | 'first' | 'count' | 'title' | 'target' | 'state';

/** What is listed; empty lists select everything. */
export type Filter = Omit<go.FindingsIn, 'sort' | 'desc' | 'from' | 'limit'>;

interface FindingsState {
  /** the project that the rest is about */
  project: string;
  tab: Tab;
  filter: Filter;
  sort: Sort;
  desc: boolean;
  /** the finding that is open; empty for none */
  open: string;
  /** findings that are chosen together */
  picked: ReadonlySet<string>;
}

export const everything: Filter = {
  states: [],
  severities: [],
  sources: [],
  targets: [],
  owasp: [],
  run: '',
  text: '',
};

const start = {
  tab: 'tests',
  filter: everything,
  sort: 'severity',
  desc: true,
  open: '',
  picked: new Set<string>(),
} as const;

/** useFindings is the state of the screen. It outlives the screen, so that coming back finds it as it was. */
export const useFindings = create<FindingsState>(() => ({ ...start, project: '' }));

/** begin forgets what was about another project. */
export function begin(project: string): void {
  const before = useFindings.getState().project;
  if (before === project) return;
  useFindings.setState(before === '' ? { project } : { ...start, project });
}

/** setFilter changes what is listed. What was chosen together was of another list. */
export function setFilter(change: Partial<Filter>): void {
  useFindings.setState(({ filter }) => ({ filter: { ...filter, ...change }, picked: new Set<string>() }));
}

/** toggled is a list with a value, or without it where it was there. */
export function toggled(list: readonly string[], value: string): string[] {
  return list.includes(value) ? list.filter((each) => each !== value) : [...list, value];
}
