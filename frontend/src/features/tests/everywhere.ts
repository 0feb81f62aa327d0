// What can be done with tests from any screen.
import { useCommand } from '../../commands';
import { useNav } from '../../frame/nav';
import { useSession } from '../../frame/session';

const go = (params: Record<string, string>) => useNav.getState().go('tests', params);

/** useTestsCommands gives the commands that are valid anywhere something to do; mounted once, by the frame. */
export function useTestsCommands(): void {
  const open = useSession().data?.project.open ?? false;
  useCommand('tests.library', () => go({ tab: 'library' }), open);
  useCommand('tests.plan', () => go({ tab: 'plan' }), open);
  useCommand('tests.runs', () => go({ tab: 'runs', run: '' }), open);
}
