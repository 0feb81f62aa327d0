import { create } from 'zustand';
import { useNav } from '../../frame/nav';
import { notifyDone } from '../../frame/notify';
import { t } from '../../i18n';

/** useDiffBase holds the exchange that waits for a second one to be compared with. */
export const useDiffBase = create<{ base: string }>(() => ({ base: '' }));

/** diffWith compares two exchanges; one alone waits for the other, or is compared with the one that waits. */
export function diffWith(ids: string[]): void {
  const { base } = useDiffBase.getState();
  const [a = '', b = ''] = ids.length > 1 ? ids : [base, ids[0]];
  if (!b || ids.length > 2) return;
  if (!a || a === b) {
    useDiffBase.setState({ base: b });
    notifyDone(t('actions.diff.waits', { id: b }));
    return;
  }
  useDiffBase.setState({ base: '' });
  useNav.getState().go('diff', { a, b });
}
