import { expect, test, vi } from 'vitest';
import type { go } from '../../api';
import { keyOf, PAGE, Pages } from './pages';
import { item } from './testing';

// source answers calls only when told to, so that a test sees what is under way.
function source(total = 10_000) {
  const open: { from: number; answer(): Promise<void> }[] = [];
  let colour = '';
  const load = (from: number, limit: number) =>
    new Promise<go.PageOut>((done) => {
      const answer = async () => {
        const n = Math.max(0, Math.min(limit, total - from));
        done({ items: Array.from({ length: n }, (_, i) => item(from + i, { colour })), count: total });
        await Promise.resolve();
        await Promise.resolve();
      };
      open.push({ from, answer });
    });
  return {
    open,
    load,
    paint: (to: string) => (colour = to),
    answer: (n = 0) => open.splice(n, 1)[0]?.answer(),
  };
}

function pagesOf(from: ReturnType<typeof source>, keep = 60) {
  const changed = vi.fn();
  const failed = vi.fn();
  return { pages: new Pages({ load: from.load, changed, failed, keep }), changed, failed };
}

const asked = (from: ReturnType<typeof source>) => from.open.map((call) => call.from);

test('what is wanted is fetched, and then it is there', async () => {
  const far = source();
  const { pages, changed } = pagesOf(far);
  pages.want(150, 180);
  expect(asked(far)).toEqual([100]);
  expect(pages.at(150)).toBeUndefined();
  await far.answer();
  expect(pages.at(150)?.row.id).toBe('150');
  expect(changed).toHaveBeenCalledOnce();
});

test('a fast scroll costs no more than where it ends', async () => {
  const far = source();
  const { pages } = pagesOf(far);
  for (let first = 0; first <= 9_000; first += 300) pages.want(first, first + 30);
  expect(asked(far)).toEqual([0, 300]); // two at a time
  await far.answer();
  await far.answer();
  expect(asked(far)).toEqual([9_000]);
});

test('the pages used longest ago are forgotten', async () => {
  const far = source();
  const { pages } = pagesOf(far, 3);
  for (let n = 0; n < 5; n++) {
    pages.want(n * PAGE, n * PAGE + 10);
    await far.answer();
  }
  expect([0, 1, 2, 3, 4].map((n) => pages.at(n * PAGE) !== undefined)).toEqual([
    false,
    false,
    true,
    true,
    true,
  ]);
});

test('a stale page stays in sight until it was fetched again', async () => {
  const far = source();
  const { pages } = pagesOf(far);
  pages.want(0, 20);
  await far.answer();
  far.paint('red');
  pages.staleFrom(50);
  expect(pages.at(3)?.row.colour).toBe('');
  expect(asked(far)).toEqual([0]);
  await far.answer();
  expect(pages.at(3)?.row.colour).toBe('red');
});

test('rows that did not change keep their object', async () => {
  const far = source();
  const { pages } = pagesOf(far);
  pages.want(0, 20);
  await far.answer();
  const before = pages.at(3);
  pages.staleIds(new Set(['7']));
  await far.answer();
  expect(pages.at(3)).toBe(before);
});

test('what became stale while it was under way is fetched once more', async () => {
  const far = source();
  const { pages } = pagesOf(far);
  pages.want(0, 20);
  pages.staleFrom(0);
  expect(asked(far)).toEqual([0]);
  await far.answer();
  expect(pages.at(0)).toBeDefined();
  expect(asked(far)).toEqual([0]);
  await far.answer();
  expect(asked(far)).toEqual([]);
});

test('preloading fetches a page once, and again where it became stale on the way', async () => {
  const far = source();
  const { pages } = pagesOf(far);
  pages.want(0, 20);
  const done = pages.preload(0, 20);
  expect(asked(far)).toEqual([0]);
  pages.staleFrom(0);
  await far.answer();
  expect(asked(far)).toEqual([0]);
  await far.answer();
  await done;
  await pages.preload(0, 20);
  expect(asked(far)).toEqual([]);
});

test('pages before a move and exchanges elsewhere stay fresh', async () => {
  const far = source();
  const { pages } = pagesOf(far);
  pages.want(0, 20);
  await far.answer();
  pages.staleFrom(100);
  pages.staleIds(new Set(['4711']));
  expect(asked(far)).toEqual([]);
});

test('a page that cannot be fetched is not asked for in a loop', async () => {
  const failed = vi.fn();
  const load = vi.fn(() => Promise.reject(new Error('gone')));
  const pages = new Pages({ load, changed: vi.fn(), failed });
  pages.want(0, 20);
  await vi.waitFor(() => expect(failed).toHaveBeenCalled());
  await new Promise((done) => setTimeout(done, 5));
  expect(load).toHaveBeenCalledOnce();
  pages.want(0, 20);
  expect(load).toHaveBeenCalledTimes(2);
});

test('items come from several calls, as far as there are any', async () => {
  const far = source(720);
  const { pages } = pagesOf(far);
  const all = pages.items(10, 2_000);
  for (let n = 0; n < 4; n++) {
    await far.answer();
    await new Promise((done) => setTimeout(done));
  }
  expect((await all).map(keyOf)).toEqual(Array.from({ length: 710 }, (_, i) => String(i + 10)));
});

test('a group is another line than the exchange it shows', () => {
  expect(keyOf({ ...item(4), turns: 3 })).not.toBe(keyOf({ ...item(4), turn: 1 }));
});
