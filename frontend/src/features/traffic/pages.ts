import type { go } from '../../api';

/** How many items one call fetches. */
export const PAGE = 100;

/** keyOf names a line of the list: an exchange, or the group whose first line it is. */
export function keyOf(item: go.Item): string {
  return item.turns > 0 ? `g${item.row.id}` : item.row.id;
}

/** idOf is the exchange that a key stands for. */
export function idOf(key: string): string {
  return key.startsWith('g') ? key.slice(1) : key;
}

/** Held is what a list is made of: something whose row has an id. */
interface Held {
  row: { id: string };
}

interface Page<T> {
  items: T[];
  /** it has to be fetched again; until then it is shown as it is */
  stale: boolean;
}

interface PagesOptions<T> {
  load(from: number, limit: number): Promise<{ items: T[] }>;
  /** items arrived */
  changed(): void;
  failed(reason: unknown): void;
  /** pages kept at most */
  keep?: number;
  /** calls under way at most */
  flight?: number;
}

/**
 * Pages holds what was fetched of one view: the pages used last. It fetches what was wanted last and forgets what was
 * wanted before that, so that a fast scroll costs no more than where it ends.
 */
export class Pages<T extends Held = go.Item> {
  private readonly pages = new Map<number, Page<T>>(); // in the order of use, oldest first
  private readonly flying = new Map<number, Promise<void>>();
  // how often a page became stale: an answer that was under way meanwhile is shown, and asked for again
  private readonly spoilt = new Map<number, number>();
  private wanted: number[] = [];
  private over = false;

  constructor(private readonly options: PagesOptions<T>) {}

  /** at is the item at an index, if it is here. */
  at(index: number): T | undefined {
    return this.pages.get(Math.floor(index / PAGE))?.items[index % PAGE];
  }

  /** want asks for the items from first up to end. */
  want(first: number, end: number): void {
    this.wanted = [];
    for (let n = Math.floor(first / PAGE); n * PAGE < end; n++) {
      this.wanted.push(n);
      const page = this.pages.get(n);
      if (page) {
        this.pages.delete(n);
        this.pages.set(n, page);
      }
    }
    this.pump();
  }

  /** preload fetches the pages of a range, as far as they are missing or stale, and waits for them. */
  async preload(first: number, end: number): Promise<void> {
    this.wanted = [];
    for (let n = Math.floor(first / PAGE); n * PAGE < end; n++) this.wanted.push(n);
    await Promise.all(
      this.wanted.map(async (n) => {
        // what is under way may be of before it became stale
        for (let tries = 0; tries < 2 && this.pages.get(n)?.stale !== false; tries++) await this.fetch(n);
      }),
    );
  }

  /** items fetches the items from first up to end, from here where they are here. */
  async items(first: number, end: number): Promise<T[]> {
    const found: T[] = [];
    for (let index = first; index < end; ) {
      const page = this.pages.get(Math.floor(index / PAGE));
      const here = page && !page.stale ? page.items.slice(index % PAGE, (index % PAGE) + end - index) : [];
      const next =
        here.length > 0 ? here : (await this.options.load(index, Math.min(500, end - index))).items;
      if (next.length === 0) break;
      found.push(...next);
      index += next.length;
    }
    return found;
  }

  /** staleFrom says that items from an index on may have moved. */
  staleFrom(index: number): void {
    for (const n of this.pages.keys()) if ((n + 1) * PAGE > index) this.spoil(n);
    for (const n of this.flying.keys()) if ((n + 1) * PAGE > index) this.spoil(n);
    this.pump();
  }

  /** staleIds says that some exchanges changed in place. */
  staleIds(ids: ReadonlySet<string>): void {
    for (const [n, page] of this.pages) {
      if (page.items.some((item) => ids.has(item.row.id))) this.spoil(n);
    }
    for (const n of this.flying.keys()) this.spoil(n); // what is under way may have been read before the change
    this.pump();
  }

  /** cut drops what is beyond the end. */
  cut(count: number): void {
    for (const [n, page] of this.pages) {
      const left = count - n * PAGE;
      if (left <= 0) this.pages.delete(n);
      else if (page.items.length > left) page.items = page.items.slice(0, left);
    }
  }

  /** close stops fetching: another view took its place. */
  close(): void {
    this.over = true;
    this.wanted = [];
  }

  private spoil(n: number): void {
    const page = this.pages.get(n);
    if (page) page.stale = true;
    this.spoilt.set(n, (this.spoilt.get(n) ?? 0) + 1);
  }

  private pump(): void {
    for (const n of this.wanted) {
      if (this.over || this.flying.size >= (this.options.flight ?? 2)) return;
      const page = this.pages.get(n);
      if (this.flying.has(n) || (page && !page.stale)) continue;
      void this.fetch(n);
    }
  }

  private fetch(n: number): Promise<void> {
    const under = this.flying.get(n) ?? this.fly(n);
    this.flying.set(n, under);
    return under;
  }

  private async fly(n: number): Promise<void> {
    const before = this.spoilt.get(n) ?? 0;
    try {
      const { items } = await this.options.load(n * PAGE, PAGE);
      if (!this.over) this.keep(n, items, before);
    } catch (reason) {
      this.wanted = this.wanted.filter((other) => other !== n); // asked for again when it is wanted again
      if (!this.over) this.options.failed(reason);
    }
    this.flying.delete(n);
    this.pump();
  }

  private keep(n: number, items: T[], before: number): void {
    const stale = (this.spoilt.get(n) ?? 0) !== before;
    if (!stale) this.spoilt.delete(n);
    const known = this.pages.get(n)?.items ?? [];
    this.pages.delete(n);
    this.pages.set(n, { items: items.map((item, i) => same(known[i], item)), stale });
    for (const old of this.pages.keys()) {
      if (this.pages.size <= (this.options.keep ?? 60)) break;
      if (!this.wanted.includes(old)) this.pages.delete(old);
    }
    this.options.changed();
  }
}

// same keeps the object that is shown where nothing of it changed, so that its row is not drawn again.
function same<T>(old: T | undefined, item: T): T {
  return old && JSON.stringify(old) === JSON.stringify(item) ? old : item;
}
