import { create } from 'zustand';
import { recall, remember } from '../traffic/remember';

export const tabs = ['endpoints', 'assets', 'sensitive', 'changes', 'map'] as const;

export type Tab = (typeof tabs)[number];

/** What endpoints can be sorted by. */
export type Sort = 'path' | 'host' | 'kind' | 'count' | 'risk' | 'first' | 'last' | 'new';

/** Dialog is what is open over the screen. */
export type Dialog = 'documents' | 'types';

interface InventoryState {
  /** the project that the rest is about */
  project: string;
  tab: Tab;
  /** what stands in the filter bar of the endpoints */
  text: string;
  /** what was applied of it */
  query: string;
  sort: Sort;
  desc: boolean;
  /** the endpoint that is open, the asset, the node of the map; empty for none */
  endpoint: string;
  asset: string;
  node: string;
  /** endpoints that are chosen together */
  picked: ReadonlySet<string>;
  /** which assets are listed; empty for all */
  kind: string;
  /** which places of sensitive data are listed; empty for all */
  type: string;
  /** which lines of the timeline are listed; empty for all */
  change: string;
  /** the map as a table */
  table: boolean;
  dialog: Dialog | null;
  /** part of the space that the list takes, in percent */
  split: { rows: number; columns: number };
}

const isSplit = (value: unknown): value is InventoryState['split'] => {
  const split = value as InventoryState['split'] | null;
  return typeof split?.rows === 'number' && typeof split.columns === 'number';
};

const start = {
  tab: 'endpoints',
  text: '',
  query: '',
  sort: 'risk',
  desc: true,
  endpoint: '',
  asset: '',
  node: '',
  picked: new Set<string>(),
  kind: '',
  type: '',
  change: '',
  table: false,
  dialog: null,
} as const;

/** useInventory is the state of the screen. It outlives the screen, so that coming back finds it as it was. */
export const useInventory = create<InventoryState>(() => ({
  ...start,
  project: '',
  split: recall('inventory.split', isSplit, { rows: 45, columns: 50 }),
}));

// What is chosen together is in the list: another filter makes another list.
useInventory.subscribe(({ query, picked }, before) => {
  if (query !== before.query && picked.size > 0) useInventory.setState({ picked: new Set() });
});

/** begin forgets what was about another project, and tells whether there was one. */
export function begin(project: string): boolean {
  const before = useInventory.getState().project;
  if (before === project) return false;
  useInventory.setState(before === '' ? { project } : { ...start, project });
  return before !== '';
}

/** setSplit changes and remembers how the space is divided. */
export function setSplit(split: InventoryState['split']): void {
  useInventory.setState({ split });
  remember('inventory.split', split);
}
