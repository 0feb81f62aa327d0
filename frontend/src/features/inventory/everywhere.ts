// What can be done with the inventory from any screen.
import { useCommand } from '../../commands';
import { useNav } from '../../frame/nav';
import { useSession } from '../../frame/session';

const go = (params: Record<string, string>) => useNav.getState().go('inventory', params);

async function save(format: string): Promise<void> {
  const { exportInventory } = await import('./acts');
  await exportInventory(format, '');
}

/** useInventoryCommands gives the commands that are valid anywhere something to do; mounted once, by the frame. */
export function useInventoryCommands(): void {
  const open = useSession().data?.project.open ?? false;
  useCommand('inventory.endpoints', () => go({ tab: 'endpoints' }), open);
  useCommand('inventory.assets', () => go({ tab: 'assets' }), open);
  useCommand('inventory.sensitive', () => go({ tab: 'sensitive' }), open);
  useCommand('inventory.changes', () => go({ tab: 'changes' }), open);
  useCommand('inventory.map', () => go({ tab: 'map' }), open);
  useCommand('inventory.documents', () => go({ dialog: 'documents' }), open);
  useCommand('inventory.types', () => go({ tab: 'sensitive', dialog: 'types' }), open);
  useCommand('inventory.csv', () => void save('csv'), open);
  useCommand('inventory.json', () => void save('json'), open);
  useCommand('inventory.openapi', () => void save('openapi'), open);
}
