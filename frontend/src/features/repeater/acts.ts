import { useQueryClient } from '@tanstack/react-query';
import { api, type go } from '../../api';
import { notifyError, notifyUndo } from '../../frame/notify';
import { t } from '../../i18n';
import { keepEdits } from './edits';
import { nameOf } from './names';
import { useRepeater } from './store';

/** show brings a tab to the front. */
export async function show(tab: string): Promise<void> {
  await keepEdits();
  useRepeater.setState({ tab });
}

/** useActs gives what can be done with tabs; errors are shown. */
export function useActs() {
  const client = useQueryClient();
  const fresh = () => client.invalidateQueries({ queryKey: ['repeater'] });
  const trying = async (act: () => Promise<void>) => {
    try {
      await act();
    } catch (reason) {
      notifyError(reason);
    }
  };
  const reopen = (tab = '') =>
    trying(async () => {
      const { id } = await api.repeater.ReopenTab({ tab });
      await fresh();
      await show(id);
    });
  return {
    reopen,
    make: (more: Partial<go.NewTabIn> = {}) =>
      trying(async () => {
        const { tabs } = await api.repeater.NewTab({ ids: [], curl: '', group: '', ...more });
        await fresh();
        if (tabs[0]) await show(tabs[0].id);
      }),
    close: (tab: go.Tab, next: string) =>
      trying(async () => {
        await keepEdits();
        await api.repeater.CloseTab({ tab: tab.id });
        if (useRepeater.getState().tab === tab.id) useRepeater.setState({ tab: next });
        await fresh();
        notifyUndo(t('repeater.tabs.closed', { name: nameOf(tab) }), () => reopen(tab.id));
      }),
    rename: (tab: string, name: string) =>
      trying(async () => {
        await keepEdits();
        await api.repeater.Rename({ tab, name });
        await fresh();
      }),
    group: (tabs: string[], group: string) =>
      trying(async () => {
        await keepEdits();
        await api.repeater.Group({ tabs, group });
        await fresh();
      }),
  };
}
