// The cases of the run that is open: pages of them, fetched where they are in sight, and again when the run came further.
import { useSyncExternalStore } from 'react';
import { ApiError, api, type go } from '../../api';
import { Pages } from '../traffic/pages';

/** What a list is made from. */
export type Wanted = Omit<go.CasesIn, 'from' | 'limit'>;

/** Shown is what is known of the list on screen. A new object whenever something of it changed. */
export interface Shown {
  total: number;
  /** nothing of this list has arrived yet */
  opening: boolean;
  error: ApiError | null;
  /** grows when rows arrived */
  version: number;
}

interface Line {
  row: { id: string };
  case: go.CaseRow;
}

const nothing: Shown = { total: 0, opening: true, error: null, version: 0 };

class Cases {
  private shown = nothing;
  private wanted: Wanted | null = null;
  private key = '';
  private pages = this.newPages(null, '');
  private range = { first: 0, end: 1 };
  private listeners = new Set<() => void>();

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): Shown => this.shown;

  at(index: number): go.CaseRow | undefined {
    return this.pages.at(index)?.case;
  }

  /** want asks for the rows that are in sight. */
  want(first: number, end: number): void {
    this.range = { first, end: Math.max(end, first + 1) };
    if (this.wanted) this.pages.want(first, this.range.end);
  }

  /** open makes a list; the one that is shown stays until rows of the new one are here. */
  open(wanted: Wanted): void {
    const key = JSON.stringify(wanted);
    if (key === this.key && !this.shown.error) {
      this.refresh();
      return;
    }
    const another = wanted.run !== this.wanted?.run;
    this.key = key;
    this.wanted = wanted;
    this.pages.close();
    this.pages = this.newPages(wanted, key);
    this.range = { first: 0, end: Math.max(1, this.range.end - this.range.first) };
    this.set({ opening: true, error: null, ...(another ? { total: 0 } : {}) });
    this.pages.want(this.range.first, this.range.end);
  }

  /** refresh asks again for the rows in sight, when the run came further. */
  refresh(): void {
    if (!this.wanted) return;
    this.pages.want(this.range.first, this.range.end);
    this.pages.staleFrom(0);
  }

  private newPages(wanted: Wanted | null, key: string): Pages<Line> {
    return new Pages<Line>({
      load: async (from, limit) => {
        if (!wanted) return { items: [] };
        const { cases, total } = await api.tests.Cases({ ...wanted, from, limit });
        if (key === this.key) this.set({ total, opening: false, error: null });
        return { items: cases.map((each) => ({ row: { id: String(each.n) }, case: each })) };
      },
      changed: () => this.set({ version: this.shown.version + 1 }),
      failed: (reason) => {
        if (key === this.key) this.set({ error: ApiError.from(reason), opening: false });
      },
    });
  }

  private set(change: Partial<Shown>): void {
    this.shown = { ...this.shown, ...change };
    for (const listener of this.listeners) listener();
  }
}

/** cases is the one list of the window. */
export const cases = new Cases();

/** useCases gives what is known of it, fresh. */
export function useCases(): Shown {
  return useSyncExternalStore(cases.subscribe, cases.snapshot);
}
