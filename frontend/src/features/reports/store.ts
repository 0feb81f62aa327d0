import { create } from 'zustand';
import type { go } from '../../api';

export const tabs = ['preview', 'hidden', 'made'] as const;

export type Tab = (typeof tabs)[number];

interface ReportsState {
  /** the project that the rest is about */
  project: string;
  tab: Tab;
  /** what the person chose; nothing until the project has told what was chosen last */
  form: go.ReportForm | null;
  /** what is asked for beside what was chosen last: by a link from another screen */
  wanted: Partial<go.ReportForm>;
  /** counts what changes the report besides the form: logo, what is shown, another look at the project */
  version: number;
  /** the preview that is there, by its id */
  preview: string;
  /** the form's part of the room, in per cent */
  part: number;
  /** what was exported last; nothing once it was put away */
  done: go.ReportExportOut | null;
}

const start = {
  tab: 'preview',
  form: null,
  wanted: {},
  version: 0,
  preview: '',
  part: 36,
  done: null,
} as const;

/** useReports is the state of the screen. It outlives the screen, so that coming back finds it as it was. */
export const useReports = create<ReportsState>(() => ({ ...start, project: '' }));

/** begin forgets what was about another project. */
export function begin(project: string): void {
  const before = useReports.getState().project;
  if (before === project) return;
  useReports.setState(before === '' ? { project } : { ...start, project });
}

/** change changes some fields of the form. */
export function change(fields: Partial<go.ReportForm>): void {
  const { form } = useReports.getState();
  if (form) useReports.setState({ form: { ...form, ...fields } });
}

/** want asks for a report of something; of what is not named, it is as before. */
export function want(fields: Partial<go.ReportForm>): void {
  const { form, wanted } = useReports.getState();
  useReports.setState(form ? { form: { ...form, ...fields } } : { wanted: { ...wanted, ...fields } });
}

/** anew gathers the report once more. */
export function anew(): void {
  useReports.setState(({ version }) => ({ version: version + 1 }));
}
