import { create } from 'zustand';
import type { go } from '../../api';

export const tabs = ['policies', 'preview', 'check', 'rulings', 'outlets'] as const;

export type Tab = (typeof tabs)[number];

interface PoliciesState {
  /** the project that the rest is about */
  project: string;
  tab: Tab;
  /** the policy that is open; new for one that is not kept yet, empty for none */
  open: string;
  /** the list's part of the room beside the editor, in per cent */
  part: number;
  /** what a new policy begins with */
  draft: go.PolicyForm;
  /** the presets are looked at in place of the list */
  presets: boolean;
  /** the policies that are asked what they would do, by id; none: those that are on */
  asked: string[];
  /** a policy that is not kept as it is asked; null for none */
  tried: go.PolicyForm | null;
  /** the recorded traffic that a preview looks at */
  filter: string;
  /** the rulings of a preview that are listed; empty for all */
  previewed: string;
  /** the rulings of the guard that are listed, by action and by policy; empty for all */
  action: string;
  policy: string;
  /** the text that is checked, and who says it */
  text: string;
  role: string;
}

export const emptyForm: go.PolicyForm = {
  id: '',
  name: '',
  on: false,
  action: 'monitor',
  side: '',
  where: '',
  signs: [],
  rules: [],
  types: [],
  tools: [],
  models: [],
  least: 0,
  budget: '',
  finish: false,
  fail_closed: false,
  patience: 0,
  say: '',
};

const start = {
  tab: 'policies',
  open: '',
  part: 42,
  draft: emptyForm,
  presets: false,
  asked: [] as string[],
  tried: null,
  filter: '',
  previewed: '',
  action: '',
  policy: '',
  text: '',
  role: 'user',
} as const;

/** usePoliciesScreen is the state of the screen. It outlives the screen, so that coming back finds it as it was. */
export const usePoliciesScreen = create<PoliciesState>(() => ({ ...start, project: '' }));

/** begin forgets what was about another project. */
export function begin(project: string): void {
  const before = usePoliciesScreen.getState().project;
  if (before === project) return;
  usePoliciesScreen.setState(before === '' ? { project } : { ...start, project });
}

/** openNew begins a policy. */
export function openNew(draft: go.PolicyForm = emptyForm): void {
  usePoliciesScreen.setState({ tab: 'policies', presets: false, open: 'new', draft });
}

/** openPreview asks policies what they would have done: a draft, or those of the ids. */
export function openPreview(what: { tried?: go.PolicyForm; asked?: string[] }): void {
  usePoliciesScreen.setState({ tab: 'preview', tried: what.tried ?? null, asked: what.asked ?? [] });
}
