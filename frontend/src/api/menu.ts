import { EventsOn } from '../wailsjs/runtime/runtime';

/** onMenu calls back with the id of the command that a person chose in the menu bar of the desktop window. */
export function onMenu(run: (command: string) => void): () => void {
  return EventsOn('command', run);
}
