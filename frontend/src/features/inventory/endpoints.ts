// The list of endpoints: one view on the Go side, its pages here, and the next view when the inventory grew.
import { useSyncExternalStore } from 'react';
import { ApiError, api, type go } from '../../api';
import { Pages } from '../traffic/pages';

/** What a list is made from. */
export interface Wanted {
  query: string;
  sort: string;
  desc: boolean;
}

/** Shown is what is known of the list on screen. A new object whenever something of it changed. */
export interface Shown {
  /** id of the view; empty until the first one is open */
  view: string;
  count: number;
  total: number;
  revision: number;
  explain: string;
  problem: go.QueryFault | null;
  opening: boolean;
  error: ApiError | null;
  /** grows when rows arrived or may have moved */
  version: number;
}

interface Line {
  row: go.EndpointRow;
}

const nothing: Shown = {
  view: '',
  count: 0,
  total: 0,
  revision: -1,
  explain: '',
  problem: null,
  opening: true,
  error: null,
  version: 0,
};

class Endpoints {
  private shown = nothing;
  private wanted: Wanted = { query: '', sort: 'risk', desc: true };
  private pages = this.newPages('');
  private range = { first: 0, end: 0 };
  private turn = 0;
  private listeners = new Set<() => void>();

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): Shown => this.shown;

  at(index: number): go.EndpointRow | undefined {
    return this.pages.at(index)?.row;
  }

  /** rows fetches the rows from first up to end. */
  async rows(first: number, end: number): Promise<go.EndpointRow[]> {
    return (await this.pages.items(first, end)).map(({ row }) => row);
  }

  /** want asks for the rows that are in sight. */
  want(first: number, end: number): void {
    this.range = { first, end };
    this.pages.want(first, end);
  }

  /** open makes a list in place of the one that is shown, which stays until the rows in sight of the new one are here. */
  async open(wanted: Wanted, fresh = true): Promise<void> {
    this.wanted = wanted;
    const mine = ++this.turn;
    if (fresh) this.set({ opening: true, error: null });
    try {
      const out = await api.inventory.Endpoints({ ...wanted, replaces: this.shown.view });
      if (mine !== this.turn) return;
      if (out.problem.message || !out.view) {
        this.set({ problem: out.problem, opening: false });
        return;
      }
      const pages = this.newPages(out.view);
      const { first, end } = fresh ? { first: 0, end: this.range.end - this.range.first } : this.range;
      await pages.preload(Math.min(first, out.count), Math.min(Math.max(end, 1), out.count));
      if (mine === this.turn) this.take(out, pages);
    } catch (reason) {
      if (mine === this.turn) this.set({ error: ApiError.from(reason), opening: false });
    }
  }

  /** refresh asks for the list once more, where the inventory has changed. */
  refresh(): Promise<void> {
    return this.open(this.wanted, false);
  }

  /** forget begins anew, with another project. */
  forget(): void {
    this.turn++;
    this.pages.close();
    this.pages = this.newPages('');
    this.shown = nothing;
    this.set({});
  }

  private take({ view, count, total, revision, explain }: go.EndpointsOut, pages: Pages<Line>): void {
    this.pages.close();
    this.pages = pages;
    const version = this.shown.version + 1;
    this.set({ view, count, total, revision, explain, problem: null, opening: false, error: null, version });
  }

  private newPages(view: string): Pages<Line> {
    return new Pages<Line>({
      load: async (from, limit) => {
        const { items } = await api.inventory.Page({ view, from, limit });
        return { items: items.map((row) => ({ row })) };
      },
      changed: () => this.set({ version: this.shown.version + 1 }),
      failed: (reason) => this.lost(reason, view),
    });
  }

  // A view that Go no longer knows: another list took its place, or the window was away for long.
  private lost(reason: unknown, view: string): void {
    const error = ApiError.from(reason);
    if (view !== this.shown.view || !view || this.shown.opening) return;
    if (error.code === 'not-found') void this.open(this.wanted);
    else this.set({ error });
  }

  private set(change: Partial<Shown>): void {
    this.shown = { ...this.shown, ...change };
    for (const listener of this.listeners) listener();
  }
}

/** endpoints is the one list of the window. */
export const endpoints = new Endpoints();

/** useEndpoints gives what is known of it, fresh. */
export function useEndpoints(): Shown {
  return useSyncExternalStore(endpoints.subscribe, endpoints.snapshot);
}
