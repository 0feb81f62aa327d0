// What a person writes about exchanges: colour, tags, note; and taking exchanges away. All of it can be taken back.
import { api, type go } from '../../api';
import { notifyError, notifyUndo } from '../../frame/notify';
import { t } from '../../i18n';
import { colourName } from './columns';
import { chosen } from './controller';
import { live } from './live';
import { keyOf } from './pages';
import { none, type Selection, single } from './selection';
import { useTraffic } from './store';

async function apply(mark: go.MarkIn): Promise<go.MarkIn[]> {
  const { before } = await api.traffic.Mark(mark);
  live.refresh(mark.ids);
  return before;
}

async function marked(mark: go.MarkIn, said: string): Promise<void> {
  if (mark.ids.length === 0) return;
  try {
    let before = await apply(mark);
    const undo = async () => {
      for (const each of before) await apply(each);
    };
    const redo = async () => {
      before = await apply(mark);
    };
    notifyUndo(said, undo, redo);
  } catch (reason) {
    notifyError(reason);
  }
}

const blank = { tags: [] as string[], note: '', colour: '' };

/** rowAtCursor is the exchange whose marks are shown while they are changed. */
export function rowAtCursor(): go.Row | undefined {
  return live.at(useTraffic.getState().selection.cursor)?.row;
}

/** setColour marks the chosen exchanges; the colour that the one at the cursor has already is taken away. */
export function setColour(colour: string): Promise<void> {
  const ids = chosen();
  const to = rowAtCursor()?.colour === colour ? '' : colour;
  const said = to
    ? t('traffic.marked.colour', { n: ids.length, colour: colourName(to) })
    : t('traffic.marked.none', { n: ids.length });
  return marked({ ...blank, ids, set: ['colour'], colour: to }, said);
}

/** setTags replaces the tags of the chosen exchange, or adds them to the chosen ones where there are several. */
export function setTags(tags: string[]): Promise<void> {
  const ids = chosen();
  const set = [ids.length > 1 ? 'add-tags' : 'tags'];
  return marked({ ...blank, ids, set, tags }, t('traffic.marked.tags', { n: ids.length }));
}

/** setNote replaces the note of the chosen exchanges. */
export function setNote(note: string): Promise<void> {
  const ids = chosen();
  return marked({ ...blank, ids, set: ['note'], note }, t('traffic.marked.note', { n: ids.length }));
}

// The line that is next when the chosen ones are gone: the one below, or else the one above.
function neighbour(): Selection {
  const { cursor, picked } = useTraffic.getState().selection;
  for (const by of [1, -1]) {
    for (let index = cursor + by; ; index += by) {
      const item = live.at(index);
      if (!item) break;
      if (!picked.has(keyOf(item))) return single(index, keyOf(item));
    }
  }
  return none;
}

/** remove moves the chosen exchanges to the trash. */
export async function remove(): Promise<void> {
  const ids = chosen();
  if (ids.length === 0) return;
  const change = async (undo: boolean) => {
    const out = await api.traffic.Delete({ ids, undo });
    live.refresh(ids);
    return out.n;
  };
  try {
    useTraffic.setState({ selection: neighbour() });
    const n = await change(false);
    notifyUndo(
      t('traffic.deleted', { n }),
      async () => void (await change(true)),
      async () => void (await change(false)),
    );
  } catch (reason) {
    notifyError(reason);
  }
}
