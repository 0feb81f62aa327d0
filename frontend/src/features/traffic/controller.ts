// What a person does with the list: which view is shown, where they are in it, and what they chose.
import { api } from '../../api';
import { notifyDone, notifyError } from '../../frame/notify';
import { t } from '../../i18n';
import { live } from './live';
import { idOf, keyOf } from './pages';
import { MOST, none, ranged, type Selection, single, span, toggled } from './selection';
import { type Reveal, useTraffic } from './store';

const get = useTraffic.getState;
const set = useTraffic.setState;

function select(selection: Selection): void {
  set({ selection });
}

/** chosen gives the ids of the chosen exchanges, oldest first. */
export function chosen(selection = get().selection): string[] {
  const ids = new Set([...selection.picked].map(idOf));
  if (ids.size === 0 && selection.key) ids.add(idOf(selection.key));
  return [...ids].sort((a, b) => a.length - b.length || (a < b ? -1 : 1)); // by number
}

/** show opens the view that the filter and the switches ask for, and stays at the line the keyboard is at. */
export async function show(): Promise<void> {
  const { query, filterOn, all, group, selection } = get();
  const id = idOf(selection.key);
  let found = -1;
  const taken = await live.open({ query: filterOn ? query : '', all, group }, async (out) => {
    if (id) found = (await api.traffic.Locate({ view: out.view, id })).index;
    return found >= 0 ? found : out.count;
  });
  if (!taken) return;
  const { count } = live.snapshot();
  const item = live.at(found);
  select(found >= 0 && item ? single(found, keyOf(item)) : none);
  const reveal: Reveal = found >= 0 ? { index: found, how: 'middle' } : { index: count - 1, how: 'end' };
  set({ reveal, seen: count, ...(found < 0 && { detail: false }) });
}

/** change sets the filter or a switch, and shows what it asks for. */
export function change(to: Partial<Pick<ReturnType<typeof get>, 'query' | 'filterOn' | 'all' | 'group'>>) {
  set(to);
  return show();
}

/** clearFilter takes the filter away altogether. */
export function clearFilter(): Promise<void> {
  set({ text: '' });
  return change({ query: '', filterOn: true });
}

/** settle keeps screen and keyboard at their lines after lines may have moved, those in sight by some places. */
export async function settle(from: number, by = 0): Promise<void> {
  if (by !== 0 && !get().follow) set({ reveal: { index: by, how: 'shift' } });
  const { selection: old } = get();
  if (old.cursor < from || !old.key) return;
  const selection =
    by === 0 ? old : { ...old, cursor: old.cursor + by, anchor: Math.max(0, old.anchor + by) };
  select(selection);
  try {
    const index = await live.locate(idOf(selection.key));
    if (get().selection !== selection || index === selection.cursor) return;
    const anchor = selection.anchor < 0 ? -1 : Math.max(0, selection.anchor + index - selection.cursor);
    select(index < 0 ? none : { ...selection, cursor: index, anchor });
  } catch {
    // the view is gone: what opens next settles it
  }
}

async function keyAt(index: number): Promise<string> {
  const item = live.at(index) ?? (await live.items(index, index + 1))[0];
  return item ? keyOf(item) : '';
}

/** moveTo brings the keyboard to a line; extend chooses everything from the anchor to it. */
export async function moveTo(index: number, extend = false, how: Reveal['how'] = 'least'): Promise<void> {
  const { selection } = get();
  if (index < 0 || index >= live.snapshot().count) return;
  set({ follow: how === 'end', reveal: { index, how } });
  try {
    if (extend) {
      const { first, end } = span(selection, index);
      select({ ...selection, cursor: index });
      const items = await live.items(first, end);
      if (get().selection.cursor === index) select(ranged(selection, index, items.map(keyOf)));
      return;
    }
    const item = live.at(index);
    select(single(index, item ? keyOf(item) : ''));
    if (item) return;
    const key = await keyAt(index);
    if (get().selection.cursor === index) select(single(index, key));
  } catch (reason) {
    notifyError(reason);
  }
}

/** clicked is a click on a line with or without Ctrl and Shift. */
export function clicked(index: number, key: string, how: { ctrl: boolean; shift: boolean }): void {
  const { selection } = get();
  if (how.shift) void moveTo(index, true);
  else {
    select(how.ctrl ? toggled(selection, index, key) : single(index, key));
    set({ follow: false, ...(!how.ctrl && { detail: true }) });
  }
}

/** pointed is a click with the right button: what is chosen stays when the line is part of it. */
export function pointed(index: number, key: string): void {
  const { selection } = get();
  if (!selection.picked.has(key)) select(single(index, key));
  set({ follow: false });
}

/** selectAll chooses every line, up to as many as can be handled together. */
export async function selectAll(): Promise<void> {
  const { count } = live.snapshot();
  if (count === 0) return;
  try {
    const items = await live.items(Math.max(0, count - MOST), count);
    const keys = items.map(keyOf);
    const { selection } = get();
    const cursor = selection.cursor < 0 ? count - 1 : selection.cursor;
    const key = selection.cursor < 0 ? (keys.at(-1) ?? '') : selection.key;
    select({ cursor, key, anchor: cursor, picked: new Set(keys) });
    if (count > MOST) notifyDone(t('traffic.select.most', { n: MOST }));
  } catch (reason) {
    notifyError(reason);
  }
}

// Lines that an expanded group adds are not new.
async function toggleGroup(conversation: string, expand: boolean): Promise<void> {
  const before = live.snapshot().count;
  await live.toggle(conversation, expand);
  set({ seen: get().seen + live.snapshot().count - before });
}

/** fold expands or folds the group at the cursor, from any of its turns; it tells whether there was one. */
export async function fold(index: number, expand: boolean): Promise<void> {
  const item = live.at(index);
  if (!item?.row.conversation) return;
  if (item.turns > 0 ? item.expanded === expand : item.turn === 0 || expand) return;
  if (item.turns === 1 && expand) return; // its one turn is what the line shows
  try {
    await toggleGroup(item.row.conversation, expand);
    // folding from a turn leads to the group's line
    if (item.turn > 0) await moveTo(Math.max(0, index - item.turn));
  } catch (reason) {
    notifyError(reason);
  }
}

/** foldAll expands or folds every group. */
export async function foldAll(expand: boolean): Promise<void> {
  try {
    await toggleGroup('', expand);
    await settle(0);
  } catch (reason) {
    notifyError(reason);
  }
}

/** goTo shows one exchange, and lets go of the filter if it hides it. */
export async function goTo(id: string): Promise<void> {
  select({ ...none, key: id, picked: new Set([id]) });
  await show();
  if (get().selection.cursor < 0 && live.snapshot().view) {
    set({ text: '', query: '', filterOn: true, all: true });
    select({ ...none, key: id, picked: new Set([id]) });
    await show();
  }
  const found = get().selection.cursor >= 0;
  set({ detail: found, follow: false });
  if (!found) notifyDone(t('traffic.gone', { id }));
}

/** followOn goes to the newest line and stays there. */
export function followOn(): void {
  const { count } = live.snapshot();
  set({ follow: true, reveal: { index: count - 1, how: 'end' } });
}
