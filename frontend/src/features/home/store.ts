import { create } from 'zustand';

/** tabs of Home: how things stand, what was tested, what has to hold, and how the score is made. */
export const tabs = ['overview', 'coverage', 'requirements', 'score'] as const;

export type Tab = (typeof tabs)[number];

interface HomeState {
  /** the project that the rest is about */
  project: string;
  tab: Tab;
  /** the part whose score is shown: endpoint:7, model:NAME, client:NAME; empty for the whole project */
  of: string;
  /** what that part is called */
  name: string;
  /** the framework whose coverage is shown */
  framework: string;
  /** which requirements are listed; empty for all */
  state: string;
  /** the requirement that is open; empty for none */
  requirement: string;
}

const start = {
  tab: 'overview',
  of: '',
  name: '',
  framework: 'owasp-llm',
  state: '',
  requirement: '',
} as const;

/** useHome is the state of the screen. It outlives the screen, so that coming back finds it as it was. */
export const useHome = create<HomeState>(() => ({ ...start, project: '' }));

/** begin forgets what was about another project. */
export function begin(project: string): void {
  const before = useHome.getState().project;
  if (before === project) return;
  useHome.setState(before === '' ? { project } : { ...start, project });
}
