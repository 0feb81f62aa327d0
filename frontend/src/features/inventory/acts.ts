// What a person does with the inventory. Nothing here throws: what went wrong is said.
import { api } from '../../api';
import { useNav } from '../../frame/nav';
import { notifyUndo } from '../../frame/notify';
import { t } from '../../i18n';
import { saved, tried } from '../actions/act';

/** openTraffic shows the exchanges that a count counts. */
export function openTraffic(query: string): void {
  useNav.getState().go('traffic', { query, all: 'true' });
}

/** openExchange shows one exchange in the list of all. */
export function openExchange(id: string): void {
  useNav.getState().go('traffic', { id, query: '', all: 'true' });
}

/** openEndpoint shows an endpoint. */
export function openEndpoint(id: string): void {
  useNav.getState().go('inventory', { tab: 'endpoints', endpoint: id });
}

/** openAsset shows an asset. */
export function openAsset(id: string): void {
  useNav.getState().go('inventory', { tab: 'assets', asset: id });
}

/** exportInventory saves the inventory: the endpoints a filter selects, or all. */
export function exportInventory(format: string, query: string): Promise<void> {
  return tried(async () => saved(await api.inventory.Export({ format, query })));
}

async function decided(said: string, decide: () => Promise<{ decision: string }>, done: () => void) {
  let { decision } = await decide();
  done();
  notifyUndo(
    said,
    async () => {
      await api.inventory.Undecide({ decision });
      done();
    },
    async () => {
      decision = (await decide()).decision;
      done();
    },
  );
}

/** merge makes one endpoint of several; done is called whenever the list is another one. */
export function merge(ids: string[], done: () => void): Promise<void> {
  const said = t('inventory.merge.done', { n: ids.length });
  return tried(() => decided(said, () => api.inventory.Merge({ ids }), done));
}

/** split takes the parameter of a path apart. */
export function split(id: string, segment: number, name: string, done: () => void): Promise<void> {
  const said = t('inventory.split.done', { name });
  return tried(() => decided(said, () => api.inventory.Split({ id, segment }), done));
}

/** undecide takes a decision about paths back. */
export function undecide(decision: string, done: () => void): Promise<void> {
  return tried(async () => {
    await api.inventory.Undecide({ decision });
    done();
  });
}
