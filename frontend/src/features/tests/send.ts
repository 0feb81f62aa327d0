import { useNav } from '../../frame/nav';
import { setPlan } from './store';

/** sendToTests makes targets of exchanges and goes to the plan. */
export function sendToTests(ids: string[]): void {
  if (ids.length === 0) return;
  setPlan({ targets: ids.map((id) => `exchange:${id}`) });
  useNav.getState().go('tests', { tab: 'plan' });
}
