// What a person writes about exchanges, and taking exchanges away: the same wherever an exchange appears. All of it can
// be taken back.
import { api, type go } from '../../api';
import { notifyUndo } from '../../frame/notify';
import { t } from '../../i18n';
import { tried } from './act';

const names = {
  red: () => t('actions.colour.red'),
  orange: () => t('actions.colour.orange'),
  yellow: () => t('actions.colour.yellow'),
  green: () => t('actions.colour.green'),
  blue: () => t('actions.colour.blue'),
  purple: () => t('actions.colour.purple'),
} as const;

/** colours are those that an exchange can be marked with; the key of each is its place in the list. */
export const colours = Object.keys(names) as (keyof typeof names)[];

/** colourName is a mark's colour in words. */
export function colourName(colour: string): string {
  return colour in names ? names[colour as keyof typeof names]() : colour;
}

function mark(to: Partial<go.MarkIn> & Pick<go.MarkIn, 'ids' | 'set'>, said: string): Promise<void> {
  const change: go.MarkIn = { tags: [], note: '', colour: '', ...to };
  return tried(async () => {
    if (change.ids.length === 0) return;
    let { before } = await api.traffic.Mark(change);
    notifyUndo(
      said,
      async () => {
        for (const each of before) await api.traffic.Mark(each);
      },
      async () => {
        before = (await api.traffic.Mark(change)).before;
      },
    );
  });
}

/** markColour gives exchanges a colour; an empty one takes theirs away. */
export function markColour(ids: string[], colour: string): Promise<void> {
  const n = ids.length;
  const said = colour
    ? t('actions.marked.colour', { n, colour: colourName(colour) })
    : t('actions.marked.none', { n });
  return mark({ ids, set: ['colour'], colour }, said);
}

/** markTags replaces the tags of one exchange; several get them beside their own. */
export function markTags(ids: string[], tags: string[]): Promise<void> {
  const set = [ids.length > 1 ? 'add-tags' : 'tags'];
  return mark({ ids, set, tags }, t('actions.marked.tags', { n: ids.length }));
}

/** markNote replaces the notes of exchanges. */
export function markNote(ids: string[], note: string): Promise<void> {
  return mark({ ids, set: ['note'], note }, t('actions.marked.note', { n: ids.length }));
}

/** remove moves exchanges to the trash. */
export function remove(ids: string[]): Promise<void> {
  return tried(async () => {
    if (ids.length === 0) return;
    const { n } = await api.traffic.Delete({ ids, undo: false });
    const change = async (undo: boolean) => void (await api.traffic.Delete({ ids, undo }));
    notifyUndo(
      t('actions.deleted', { n }),
      () => change(true),
      () => change(false),
    );
  });
}
