import { useCommand } from '../../commands';
import { copyAs } from './act';
import { useLastFormat } from './formats';

/**
 * useExchangeActions gives the keys of the menu something to do for the chosen exchanges of a list. onMenu opens the menu,
 * onExport asks as what to export.
 */
export function useExchangeActions(
  ids: string[],
  { onMenu, onExport, enabled = true }: { onMenu(): void; onExport(): void; enabled?: boolean },
): void {
  const some = enabled && ids.length > 0;
  useCommand('actions.menu', onMenu, some);
  useCommand('actions.copy', () => void copyAs(ids, useLastFormat.getState().format), some);
  useCommand('actions.export', onExport, enabled);
}
