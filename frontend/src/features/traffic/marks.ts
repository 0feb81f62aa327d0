// What a person writes about the exchanges they chose in the list; and taking those away.
import type { go } from '../../api';
import * as marks from '../actions/marks';
import { chosen } from './controller';
import { live } from './live';
import { keyOf } from './pages';
import { none, type Selection, single } from './selection';
import { useTraffic } from './store';

/** rowAtCursor is the exchange whose marks are shown while they are changed. */
export function rowAtCursor(): go.Row | undefined {
  return live.at(useTraffic.getState().selection.cursor)?.row;
}

/** setColour marks the chosen exchanges; the colour that the one at the cursor has already is taken away. */
export function setColour(colour: string): Promise<void> {
  return marks.markColour(chosen(), rowAtCursor()?.colour === colour ? '' : colour);
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
export function remove(): Promise<void> {
  const ids = chosen();
  if (ids.length > 0) useTraffic.setState({ selection: neighbour() });
  return marks.remove(ids);
}
