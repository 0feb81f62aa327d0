// What can be done with policies from any screen.
import { useCommand } from '../../commands';
import { useNav } from '../../frame/nav';
import { useSession } from '../../frame/session';

/** usePoliciesCommands gives the commands that are valid anywhere something to do; mounted once, by the frame. */
export function usePoliciesCommands(): void {
  const open = useSession().data?.project.open ?? false;
  const { go } = useNav.getState();
  useCommand('policies.new', () => go('policies', { policy: 'new' }), open);
  useCommand('policies.rulings', () => go('policies', { tab: 'rulings' }), open);
}
