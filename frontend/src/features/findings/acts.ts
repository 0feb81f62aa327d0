// What a person does with findings. Nothing here throws: what went wrong is said.
import { api } from '../../api';
import { useNav } from '../../frame/nav';
import { notifyUndo } from '../../frame/notify';
import { t } from '../../i18n';
import { tried } from '../actions/act';
import { type FindingState, stateWord } from './parts';

/** setState says what a person holds of findings; it can be taken back. */
export function setState(
  ids: string[],
  state: FindingState,
  renew: () => Promise<void>,
  why = '',
): Promise<void> {
  if (ids.length === 0) return Promise.resolve();
  return tried(async () => {
    let { before } = await api.findings.SetState({ ids, state, why });
    await renew();
    notifyUndo(
      t('findings.set', { n: ids.length, state: stateWord(state) }),
      async () => {
        await api.findings.Restore({ before });
        await renew();
      },
      async () => {
        ({ before } = await api.findings.SetState({ ids, state, why }));
        await renew();
      },
    );
  });
}

/** openCase shows the case of a run that showed a finding. */
export function openCase(run: string, n: number): void {
  useNav.getState().go('tests', { tab: 'runs', run, look: 'cases', case: String(n) });
}

/** openTarget shows what was attacked. */
export function openTarget(target: string): void {
  const [kind, id = ''] = target.split(':');
  if (kind === 'model') useNav.getState().go('models', { model: id });
  else if (kind === 'exchange') useNav.getState().go('traffic', { id, query: '', all: 'true' });
}
