// What a person does with policies. Nothing here throws: what went wrong is said.
import { api, type go } from '../../api';
import { notifyDone, notifyUndo } from '../../frame/notify';
import { t } from '../../i18n';
import { tried } from '../actions/act';
import { usePoliciesScreen } from './store';

type Renew = () => Promise<void>;

/** setMode says how far the guard goes. */
export function setMode(mode: string, renew: Renew): Promise<void> {
  return tried(async () => {
    await api.policies.SetMode({ mode });
    await renew();
  });
}

/** switchPolicy switches a policy on or off. */
export function switchPolicy(row: go.PolicyRow, on: boolean, renew: Renew): Promise<void> {
  return tried(async () => {
    await api.policies.Switch({ id: row.id, on });
    await renew();
  });
}

// Removes policies, and brings them back as often as it is asked for.
async function removed(said: string, ids: string[], renew: Renew): Promise<void> {
  let { token } = await api.policies.Remove({ ids });
  const gone = async () => {
    if (ids.includes(usePoliciesScreen.getState().open)) usePoliciesScreen.setState({ open: '' });
    await renew();
  };
  await gone();
  notifyUndo(
    said,
    async () => {
      await api.policies.Restore({ token });
      await renew();
    },
    async () => {
      ({ token } = await api.policies.Remove({ ids }));
      await gone();
    },
  );
}

/** removePolicy forgets a policy; it can be brought back. What it did stays. */
export function removePolicy(row: go.PolicyRow, renew: Renew): Promise<void> {
  return tried(() => removed(t('policies.removed', { name: row.form.name }), [row.id], renew));
}

/** addPreset adds the policies of a preset, which are off; they can be taken away again. */
export function addPreset(preset: go.PolicyPreset, renew: Renew): Promise<void> {
  return tried(async () => {
    const { ids } = await api.policies.AddPreset({ name: preset.name });
    usePoliciesScreen.setState({ presets: false, open: '' });
    await renew();
    if (ids.length === 0) return notifyDone(t('policies.presets.had', { name: preset.name }));
    let token = '';
    notifyUndo(
      t('policies.presets.added', { name: preset.name, n: ids.length }),
      async () => {
        ({ token } = await api.policies.Remove({ ids }));
        await renew();
      },
      async () => {
        await api.policies.Restore({ token });
        await renew();
      },
    );
  });
}

/** answer says yes or no to what waits. */
export function answer(id: string, yes: boolean, renew: Renew): Promise<void> {
  return tried(async () => {
    const { answered } = await api.policies.Answer({ id, yes });
    if (!answered) notifyDone(t('policies.approvals.late'));
    await renew();
  });
}
