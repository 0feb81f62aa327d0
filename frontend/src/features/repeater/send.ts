import { api } from '../../api';
import { useNav } from '../../frame/nav';
import { notifyError } from '../../frame/notify';

/** sendToRepeater makes a tab of each exchange and goes to the first of them. */
export async function sendToRepeater(ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  try {
    const { tabs } = await api.repeater.NewTab({ ids, curl: '', group: '' });
    const first = tabs[0];
    if (first) useNav.getState().go('repeater', { tab: first.id });
  } catch (reason) {
    notifyError(reason);
  }
}
