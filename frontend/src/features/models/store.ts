import { create } from 'zustand';
import type { go } from '../../api';

export const tabs = ['models', 'roles'] as const;

export type Tab = (typeof tabs)[number];

/** How a model is imported. */
export const ways = ['provider', 'custom', 'request', 'local', 'discovered'] as const;

export type Way = (typeof ways)[number];

/** What came of the latest import or try. */
export interface Outcome {
  /** a result of Go; absent while it is on its way */
  result?: go.ModelResult;
  /** what the form has wrong */
  error?: unknown;
}

interface ModelsState {
  /** the project that the rest is about */
  project: string;
  tab: Tab;
  /** the row that is open; empty for none */
  open: string;
  /** an import is open in place of the list */
  importing: boolean;
  way: Way;
  form: go.ModelForm;
  outcome: Outcome | null;
  /** what was found in the pasted text */
  looked: go.ModelTextOut | null;
  /** shown states; empty for all */
  state: string;
  /** words that rows must have */
  text: string;
  /** the test role that is edited; null for none, empty for a new one */
  role: string | null;
}

export const emptyForm: go.ModelForm = {
  from: '',
  text: '',
  form: '',
  nth: 0,
  provider: '',
  url: '',
  name: '',
  model: '',
  method: 'POST',
  headers: [],
  body: '',
  slot: '',
  answer: '',
  role: '',
  auth: '',
  key: '',
  key_env: '',
  keep: false,
  recorded: false,
  patience: 0,
  no_try: false,
};

const start = {
  tab: 'models',
  open: '',
  importing: false,
  way: 'provider',
  form: emptyForm,
  outcome: null,
  looked: null,
  state: '',
  text: '',
  role: null,
} as const;

/** useModels is the state of the screen. It outlives the screen, so that coming back finds it as it was. */
export const useModelsScreen = create<ModelsState>(() => ({ ...start, project: '' }));

/** begin forgets what was about another project. */
export function begin(project: string): void {
  const before = useModelsScreen.getState().project;
  if (before === project) return;
  useModelsScreen.setState(before === '' ? { project } : { ...start, project });
}

/** setForm changes what was said of the model that is imported; what came of another one no longer stands there. */
export function setForm(change: Partial<go.ModelForm>): void {
  const another = (['text', 'nth', 'provider', 'from'] as const).some(
    (field) => field in change && change[field] !== useModelsScreen.getState().form[field],
  );
  useModelsScreen.setState(({ form }) => ({
    form: { ...form, ...change },
    ...(another && { outcome: null }),
  }));
}

/** openImport begins an import. */
export function openImport(way: Way, form: Partial<go.ModelForm> = {}): void {
  useModelsScreen.setState({
    importing: true,
    way,
    form: { ...emptyForm, ...form },
    outcome: null,
    looked: null,
  });
}

/** closeImport goes back to the list. A key that was typed is forgotten. */
export function closeImport(): void {
  useModelsScreen.setState({ importing: false, form: emptyForm, outcome: null, looked: null });
}
