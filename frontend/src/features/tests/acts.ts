// What a person does with tests. Nothing here throws: what went wrong is said.
import { api, type go } from '../../api';
import { useNav } from '../../frame/nav';
import { notifyDone, notifyError, notifyUndo } from '../../frame/notify';
import { t } from '../../i18n';
import { saved, tried } from '../actions/act';
import { allCases, type CaseFilter, setPlan, useTests } from './store';
import { verdictWord } from './words';

const show = (params: Record<string, string>) => useNav.getState().go('tests', params);

/** openTemplate shows a template in the library. */
export const openTemplate = (id: string): void => show({ tab: 'library', template: id });

/** openRun shows a run, all its cases or those that a number counts. */
export function openRun(id: string, change: Partial<CaseFilter> = {}): void {
  useTests.setState({ run: id, before: '' });
  openCases(change);
  show({ tab: 'runs', run: id });
}

/** openCases shows the cases of a run that a number counts. */
export function openCases(change: Partial<CaseFilter>): void {
  useTests.setState({ look: 'cases', filter: { ...allCases, ...change }, case: 0 });
}

/** planFor goes to the plan with templates chosen. */
export function planFor(templates: string[]): void {
  setPlan({ templates, suites: [] });
  show({ tab: 'plan' });
}

/** startRun begins to send what was planned, and shows it. The key that was given for it is forgotten. */
export async function startRun(plan: go.PlanIn): Promise<boolean> {
  try {
    const { id } = await api.tests.Start(plan);
    setPlan({ key: '', name: '' });
    openRun(id);
    return true;
  } catch (reason) {
    notifyError(reason);
    return false;
  }
}

/** pause, stop, resume and retry do what they say; done is called when it is done. */
export const pause = (id: string, done: () => void) => act(() => api.tests.Pause({ id }), done);
export const stop = (id: string, done: () => void) => act(() => api.tests.Stop({ id }), done);
export const resume = (more: go.ContinueIn, done: () => void) => act(() => api.tests.Resume(more), done);
export const retry = (more: go.ContinueIn, done: () => void) => act(() => api.tests.Retry(more), done);
export const rename = (id: string, name: string, done: () => void) =>
  act(() => api.tests.Rename({ id, name }), done);
export const star = (id: string, starred: boolean, done: () => void) =>
  act(() => api.tests.Star({ id, starred }), done);

/** noMore is how a run goes on without anything given anew. */
export const noMore = (id: string): go.ContinueIn => ({
  id,
  key: '',
  budget: { requests: 0, tokens: 0, usd: 0, minutes: 0 },
});

function act(run: () => Promise<unknown>, done: () => void): Promise<void> {
  return tried(async () => {
    await run();
    done();
  });
}

/** removeRun forgets a run for good. */
export function removeRun({ id, name }: go.RunRow, done: () => void): Promise<void> {
  return tried(async () => {
    await api.tests.Remove({ id });
    if (useTests.getState().run === id) useTests.setState({ run: '', case: 0 });
    notifyDone(t('tests.runs.removed', { name }));
    done();
  });
}

/** exportRun saves what a run came to. */
export function exportRun(id: string, format: string, baseline: string): Promise<void> {
  return tried(async () => saved(await api.tests.Export({ id, format, baseline })));
}

/** overrule says another verdict of a trial, or with an empty one none; it can be taken back. */
export function overrule(input: go.OverruleIn, done: () => void): Promise<void> {
  return tried(async () => {
    let { before } = await api.tests.Overrule(input);
    done();
    const said = input.verdict
      ? t('tests.overrule.done', { verdict: verdictWord(input.verdict) })
      : t('tests.overrule.taken');
    notifyUndo(
      said,
      async () => {
        await api.tests.Overrule({ ...input, verdict: before.verdict, reason: before.reason });
        done();
      },
      async () => {
        ({ before } = await api.tests.Overrule(input));
        done();
      },
    );
  });
}

/** acceptRisk accepts the risk of what a case found; it can be taken back. */
export function acceptRisk(input: go.AcceptIn, done: () => void): Promise<void> {
  return tried(async () => {
    let { before } = await api.tests.Accept(input);
    done();
    notifyUndo(
      t('tests.overrule.accepted'),
      async () => {
        await api.tests.Unaccept({ before });
        done();
      },
      async () => {
        ({ before } = await api.tests.Accept(input));
        done();
      },
    );
  });
}

/** discard takes a template of one's own out of the folder; it can be taken back. */
export function discard(file: string, done: () => void): Promise<void> {
  return tried(async () => {
    const kept = await api.tests.Discard({ file });
    done();
    notifyUndo(
      t('tests.own.discarded', { file }),
      async () => {
        await api.tests.Save(kept);
        done();
      },
      async () => {
        await api.tests.Discard({ file });
        done();
      },
    );
  });
}
