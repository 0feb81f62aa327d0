// What can be done with reports from any screen.
import './commands';
import { useCommand } from '../../commands';
import { useNav } from '../../frame/nav';
import { useSession } from '../../frame/session';

/** useReportsCommands gives the commands that are valid anywhere something to do; mounted once, by the frame. */
export function useReportsCommands(): void {
  const open = useSession().data?.project.open ?? false;
  const { go } = useNav.getState();
  useCommand('reports.new', () => go('reports', { tab: 'preview' }), open);
  useCommand('reports.executive', () => go('reports', { audience: 'executive' }), open);
  useCommand('reports.technical', () => go('reports', { audience: 'technical' }), open);
  useCommand('reports.retest', () => go('reports', { audience: 'retest' }), open);
  useCommand('reports.list', () => go('reports', { tab: 'made' }), open);
}
