// What a person does with threats. Nothing here throws: what went wrong is said.
import { api, type go } from '../../api';
import { useNav } from '../../frame/nav';
import { notifyDone, notifyUndo } from '../../frame/notify';
import { t } from '../../i18n';
import { tried } from '../actions/act';
import { stateWord, type ThreatState } from './parts';
import { useThreats } from './store';

type Renew = () => Promise<void>;

// What was done can be taken back, and done once more.
async function taken(said: string, act: () => Promise<go.ThreatsUndo>, renew: Renew): Promise<void> {
  let undo = await act();
  await renew();
  notifyUndo(
    said,
    async () => {
      await api.threats.Restore(undo);
      await renew();
    },
    async () => {
      undo = await act();
      await renew();
    },
  );
}

/** setState says what a person holds of threats; it can be taken back. Harmless is asked about first. */
export function setState(ids: string[], state: ThreatState, renew: Renew): Promise<void> {
  if (ids.length === 0) return Promise.resolve();
  if (state === 'harmless') {
    useThreats.setState({ harmless: ids });
    return Promise.resolve();
  }
  return tried(() =>
    taken(
      t('threats.set', { n: ids.length, state: stateWord(state) }),
      () => api.threats.SetState({ ids, state, note: '' }),
      renew,
    ),
  );
}

/** callHarmless marks threats so, and keeps their rules from speaking of the like again; it can be taken back. */
export function callHarmless(ids: string[], scope: string, reason: string, renew: Renew): Promise<void> {
  return tried(() =>
    taken(
      t('threats.set', { n: ids.length, state: stateWord('harmless') }),
      () => api.threats.Harmless({ ids, scope, reason }),
      renew,
    ),
  );
}

/** setRule changes how this project sets a rule; it can be taken back. */
export function setRule(name: string, to: go.SetThreatRuleIn, renew: Renew): Promise<void> {
  return tried(async () => {
    const before = await api.threats.SetRule(to);
    await renew();
    const again = (set: go.SetThreatRuleIn) => async () => {
      await api.threats.SetRule(set);
      await renew();
    };
    notifyUndo(t('threats.rules.set', { name }), again(before), again(to));
  });
}

/** removeException makes a rule speak again; it can be taken back. */
export function removeException(id: string, renew: Renew): Promise<void> {
  return tried(async () => {
    let now = id;
    const remove = async () => {
      const gone = await api.threats.RemoveException({ id: now });
      await renew();
      return gone;
    };
    const gone = await remove();
    notifyUndo(
      t('threats.exceptions.removed'),
      async () => {
        now = (await api.threats.AddException(gone)).id;
        await renew();
      },
      async () => {
        await remove();
      },
    );
  });
}

/** rewatch looks at everything anew; the status bar says how far it came. */
export function rewatch(): Promise<void> {
  return tried(async () => {
    await api.threats.Rewatch({});
    notifyDone(t('threats.rewatch.begun'));
  });
}

/** identify tells actors apart by something else, and watches everything anew. */
export function identify(by: string[]): Promise<void> {
  return tried(async () => {
    await api.threats.Identify({ by });
    notifyDone(t('threats.rewatch.begun'));
  });
}

const there = (params: Record<string, string>) =>
  useNav.getState().go('findings', { tab: 'watch', ...params });

/** openThreat shows a threat. */
export const openThreat = (id: string): void => there({ threat: id });

/** openActor shows an actor. */
export const openActor = (key: string): void => there({ actor: key });

/** openRule shows a rule. */
export const openRule = (id: string): void => there({ rule: id });
