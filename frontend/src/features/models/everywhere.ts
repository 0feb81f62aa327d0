// What can be done with models from any screen.
import { useCommand } from '../../commands';
import { useNav } from '../../frame/nav';
import { useSession } from '../../frame/session';

/** useModelsCommands gives the commands that are valid anywhere something to do; mounted once, by the frame. */
export function useModelsCommands(): void {
  const open = useSession().data?.project.open ?? false;
  const { go } = useNav.getState();
  useCommand('models.add', () => go('models', { add: 'provider' }), open);
  useCommand('models.roles', () => go('models', { tab: 'roles' }), open);
}
