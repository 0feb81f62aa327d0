import { ApiError, api, type go, onPulse, type Pulse } from '../../api';
import { Pages } from './pages';

/** What a view is made from. */
export interface Wanted {
  query: string;
  all: boolean;
  group: boolean;
}

/** Shown is what is known of the view on screen. A new object whenever something of it changed. */
export interface Shown {
  /** id of the view; empty until the first one is open */
  view: string;
  count: number;
  total: number;
  folded: number;
  behind: number;
  /** older ones are still being looked for */
  looking: boolean;
  explain: string;
  problem: go.QueryFault | null;
  /** a view is being opened */
  opening: boolean;
  error: ApiError | null;
  /** grows when items arrived or may have moved */
  version: number;
}

const nothing: Shown = {
  view: '',
  count: 0,
  total: 0,
  folded: 0,
  behind: 0,
  looking: false,
  explain: '',
  problem: null,
  opening: true,
  error: null,
  version: 0,
};

/** A Mover hears that items from an index on may have moved, those in sight by some places. */
type Mover = (from: number, by: number) => void;

/** at most ten times a second */
const SYNC_EVERY = 100;

/**
 * Live holds the view on screen and keeps it up to date: one Sync at a time, no more than ten a second however much
 * arrives. Components read it through useSyncExternalStore.
 */
class Live {
  private shown = nothing;
  private wanted: Wanted = { query: '', all: false, group: false };
  private pages = this.newPages('');
  private readonly listeners = new Set<() => void>();
  private readonly movers = new Set<Mover>();
  private turn = 0; // of open: an answer to an older one is dropped
  private news: { ids: Set<string>; missed: boolean } | null = null;
  private syncing = false;
  private synced = 0;
  private range = { first: 0, end: 0 };
  private top = 0; // the first row in sight

  snapshot = (): Shown => this.shown;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** onMove calls back, once the new count is shown, when items may have moved. */
  onMove(mover: Mover): () => void {
    this.movers.add(mover);
    return () => this.movers.delete(mover);
  }

  /** follow listens to pulses until the returned function is called. What happened before is caught up with at once. */
  follow(): () => void {
    if (this.shown.view) this.note({ ids: [], missed: true });
    return onPulse((pulse: Pulse) => {
      if (pulse.ended.length + pulse.changed.length === 0 && !pulse.missed) return;
      this.note({ ids: [...pulse.ended, ...pulse.changed], missed: pulse.missed });
    });
  }

  /**
   * open takes another view in place of the one shown, which stays on screen until the first items of the new one are
   * here. A query that cannot be read changes nothing but the problem. It tells whether the view was taken.
   */
  async open(wanted: Wanted, around?: (view: go.ViewOut) => Promise<number>): Promise<boolean> {
    const turn = ++this.turn;
    this.wanted = wanted;
    this.set({ opening: true, error: null });
    try {
      const out = await api.traffic.Open({ ...wanted, replaces: this.shown.view });
      if (turn !== this.turn) return false;
      if (!out.view) {
        this.set({ opening: false, problem: out.problem });
        return false;
      }
      const pages = this.newPages(out.view);
      const index = around ? await around(out) : out.count;
      const size = Math.max(60, this.range.end - this.range.first);
      const first = Math.max(0, Math.min(index, out.count) - size);
      await pages.preload(first, Math.min(out.count, index + size));
      if (turn !== this.turn) return false;
      this.take(out, pages);
      return true;
    } catch (reason) {
      if (turn === this.turn) this.set({ opening: false, error: ApiError.from(reason) });
      return false;
    }
  }

  /** reopen makes the same view again: after an error, or when another project was opened. */
  reopen(): Promise<boolean> {
    this.set({ view: '' });
    return this.open(this.wanted);
  }

  at(index: number): go.Item | undefined {
    return this.pages.at(index);
  }

  /** want tells which items are drawn, and which of them is the first in sight. */
  want(first: number, end: number, top: number): void {
    this.range = { first, end };
    this.top = top;
    this.pages.want(first, Math.min(end, this.shown.count));
  }

  items(first: number, end: number): Promise<go.Item[]> {
    return this.pages.items(Math.max(0, first), Math.min(end, this.shown.count));
  }

  /** locate finds an exchange; -1 when the view does not show it. */
  async locate(id: string): Promise<number> {
    if (!this.shown.view) return -1;
    return (await api.traffic.Locate({ view: this.shown.view, id })).index;
  }

  /** toggle expands or folds a group; an empty conversation means all of them. */
  async toggle(conversation: string, expand: boolean): Promise<void> {
    const { view } = this.shown;
    const out = await api.traffic.Toggle({ view, conversation, expand });
    if (view === this.shown.view) await this.moved(out, new Set(), false);
  }

  private take(out: go.ViewOut, pages: Pages): void {
    this.pages.close();
    this.pages = pages;
    this.set({
      view: out.view,
      count: out.count,
      total: out.total,
      folded: out.folded,
      explain: out.explain,
      problem: null,
      opening: false,
      error: null,
      behind: 0,
      looking: out.looking,
      version: this.shown.version + 1,
    });
  }

  private note(news: { ids: string[]; missed: boolean }): void {
    this.news ??= { ids: new Set(), missed: false };
    for (const id of news.ids) this.news.ids.add(id);
    this.news.missed ||= news.missed;
    void this.sync();
  }

  private async sync(): Promise<void> {
    if (this.syncing || !this.shown.view) return;
    this.syncing = true;
    const rest = this.synced + SYNC_EVERY - performance.now();
    if (rest > 0) await new Promise((done) => setTimeout(done, rest));
    const news = this.news;
    this.news = null;
    const { view } = this.shown;
    try {
      const out = news ? await api.traffic.Sync({ view }) : null;
      if (out && news && view === this.shown.view) await this.moved(out, news.ids, news.missed);
    } catch (reason) {
      this.lost(reason, view);
    }
    this.synced = performance.now();
    this.syncing = false;
    if (this.news) void this.sync();
  }

  private async moved(out: go.SyncOut, ids: ReadonlySet<string>, missed: boolean): Promise<void> {
    const before = this.shown.count;
    const { view } = this.shown;
    const by = out.from <= this.top ? await this.drift(view) : 0;
    if (view !== this.shown.view) return;
    if (by !== 0) {
      // What is in sight comes under other indexes: those pages are here before the count changes.
      const { first, end } = this.range;
      const pages = this.newPages(view);
      await pages.preload(Math.max(0, first + by), Math.min(out.count, end + by));
      if (view !== this.shown.view) return;
      this.pages.close();
      this.pages = pages;
    }
    if (by === 0) {
      this.pages.staleFrom(missed ? 0 : Math.min(out.from, before));
      this.pages.staleIds(ids);
      await this.tail(out.count);
      if (view !== this.shown.view) return;
    }
    this.pages.cut(out.count);
    this.set({
      count: out.count,
      total: out.total,
      folded: out.folded,
      behind: out.behind,
      looking: out.looking,
      version: this.shown.version + 1,
    });
    if (out.from < before) for (const mover of this.movers) mover(out.from, by);
  }

  // While the end is in sight, what is appended is fetched before there is room for it.
  private async tail(count: number): Promise<void> {
    const { first, end } = this.range;
    if (count <= this.shown.count || end < this.shown.count) return;
    await this.pages.preload(Math.max(0, count - (end - first)), count);
  }

  // By how many places the topmost row in sight has moved.
  private async drift(view: string): Promise<number> {
    const id = this.at(this.top)?.row.id;
    if (!id) return 0;
    const { index } = await api.traffic.Locate({ view, id });
    return index < 0 ? 0 : index - this.top;
  }

  // A view that Go no longer knows belonged to another project, or the one that is being opened takes its place.
  private lost(reason: unknown, view: string): void {
    const error = ApiError.from(reason);
    if (view !== this.shown.view || !view || this.shown.opening) return;
    if (error.code === 'not-found') void this.reopen();
    else this.set({ error });
  }

  private newPages(view: string): Pages {
    return new Pages({
      load: (from, limit) => api.traffic.Page({ view, from, limit }),
      changed: () => this.set({ version: this.shown.version + 1 }),
      failed: (reason) => this.lost(reason, view),
    });
  }

  private set(change: Partial<Shown>): void {
    this.shown = { ...this.shown, ...change };
    for (const listener of this.listeners) listener();
  }
}

/** live is the one list of the window. */
export const live = new Live();
