// The one listener for keys: finds the command that is meant, where the focus is, and runs it.
import { available, type Command, runCommand, type Scope, useRegistry } from '.';
import { keysOf } from './bindings';
import { type Chord, mac, matches, parse, plain } from './keys';

const editors =
  'input, textarea, select, [contenteditable=""], [contenteditable="true"], [role="textbox"]:not([aria-readonly="true"])';
const switches = /^(?:button|checkbox|radio|range|color|file|submit|reset)$/;
const pressed =
  'button, a, summary, [role="button"], [role="menuitem"], [role="option"], [role="tab"], [role="switch"]';

/** isEditor tells whether keys typed into an element write something. */
export function isEditor(element: Element | null): boolean {
  const editor = element?.closest(editors);
  return !!editor && !(editor instanceof HTMLInputElement && switches.test(editor.type));
}

/** scopesAt gives the scopes that an element is in, nearest first, global last. */
export function scopesAt(element: Element | null): Scope[] {
  const scopes: Scope[] = [];
  for (let at = element?.closest('[data-scope]'); at; at = at.parentElement?.closest('[data-scope]')) {
    scopes.push(...((at.getAttribute('data-scope') ?? '').split(' ') as Scope[]));
  }
  return [...scopes, 'global'];
}

// What an editor needs for itself, whoever else would like it.
const editing = [
  'Mod+A',
  'Mod+C',
  'Mod+V',
  'Mod+X',
  'Mod+Z',
  'Mod+Shift+Z',
  'Mod+Y',
  'Alt+ArrowLeft',
  'Alt+ArrowRight',
].map(parse);

/** allowed tells whether keys may be taken from an element. */
function allowed(chord: Chord, event: KeyboardEvent, target: Element | null): boolean {
  if (isEditor(target)) return !plain(chord) && !editing.some((own) => matches(own, event));
  if (chord.key === 'enter' || chord.key === ' ') return !plain(chord) || !target?.closest(pressed);
  if (chord.key === 'c' && chord.mod) return !getSelection()?.toString(); // what is selected is copied
  return true;
}

/** commandFor finds the command an event means: the nearest scope wins, and in a scope one that has something to do. */
function commandFor(event: KeyboardEvent): { command: Command; ready: boolean } | undefined {
  const target = event.target instanceof Element ? event.target : null;
  const scopes = scopesAt(target);
  const modal = target?.closest('[aria-modal="true"]');
  let idle: Command | undefined;
  for (const scope of scopes) {
    if (scope === 'global' && modal) continue; // a dialog is about one thing
    for (const command of useRegistry.getState().commands.values()) {
      if (command.scope !== scope) continue;
      const chord = keysOf(command)
        .map(parse)
        .find((each) => matches(each, event));
      if (!chord || !allowed(chord, event, target)) continue;
      if (available(command.id)) return { command, ready: true };
      idle ??= command;
    }
  }
  return idle && { command: idle, ready: false };
}

function onKey(event: KeyboardEvent) {
  if (event.defaultPrevented || event.isComposing) return;
  const found = commandFor(event);
  if (!found) return;
  const held = mac ? event.metaKey : event.ctrlKey;
  if (found.ready) {
    event.preventDefault();
    event.stopPropagation();
    if (!(event.repeat && held)) runCommand(found.command.id);
  } else if (held && event.key.toLowerCase() !== 'f') {
    event.preventDefault(); // our key with nothing to do: a browser would reload or print the window. Its search is welcome.
  }
}

/** listenForKeys makes commands answer to their keys until the returned function is called. */
export function listenForKeys(): () => void {
  // In the capture phase: Ctrl+Enter sends also where an editor would break the line.
  window.addEventListener('keydown', onKey, true);
  return () => window.removeEventListener('keydown', onKey, true);
}
