// Which keys a command has now: its own, or what the person gave it. This is the one place that keeps it.
import { create } from 'zustand';
import { type Command, useRegistry } from '.';
import { normal, parse, plain } from './keys';

export interface Keys {
  /** by id of a command; an empty list means that it has none */
  overrides: Readonly<Record<string, readonly string[]>>;
  /** whether keys without Ctrl, Cmd or Alt do anything (WCAG 2.1.4) */
  letters: boolean;
}

interface Store extends Keys {
  /** gives a command keys; undefined gives it its own back */
  bind(id: string, keys: readonly string[] | undefined): void;
  useLetters(letters: boolean): void;
  reset(): void;
}

const storageKey = 'assay.keys';

/** readKeys makes whatever was stored Keys. */
export function readKeys(text: string | null): Keys {
  try {
    const stored = JSON.parse(text ?? '{}') as Partial<Keys> | null;
    const entries = Object.entries(stored?.overrides ?? {}).filter(
      ([, keys]) => Array.isArray(keys) && keys.every((each) => typeof each === 'string'),
    );
    return { overrides: Object.fromEntries(entries), letters: stored?.letters !== false };
  } catch {
    return { overrides: {}, letters: true };
  }
}

/** useKeys holds what the person changed about keys. */
export const useKeys = create<Store>((set, get) => {
  const keep = (change: Partial<Keys>) => {
    set(change);
    const { overrides, letters } = get();
    localStorage.setItem(storageKey, JSON.stringify({ overrides, letters }));
  };
  return {
    ...readKeys(localStorage.getItem(storageKey)),
    bind(id, keys) {
      const { [id]: _, ...others } = get().overrides;
      keep({ overrides: keys ? { ...others, [id]: keys.map((each) => normal(each)) } : others });
    },
    useLetters: (letters) => keep({ letters }),
    reset: () => keep({ overrides: {}, letters: true }),
  };
});

/** keysOf gives the keys that a command has now, those that do nothing left out. */
export function keysOf(
  command: Command,
  { overrides, letters }: Keys = useKeys.getState(),
): readonly string[] {
  const keys = overrides[command.id] ?? command.keys;
  return letters ? keys : keys.filter((each) => !plain(parse(each)) || named(each));
}

// Enter, Escape and arrows are keys without Ctrl, but no characters: dictation cannot press them by accident.
function named(keys: string): boolean {
  return parse(keys).key.length > 1;
}

/**
 * conflicts gives the commands that already answer to keys where a command would: the same scope, or one of the two
 * anywhere. The other command would no longer be reached where both are valid.
 */
export function conflicts(id: string, keys: string): Command[] {
  const { commands } = useRegistry.getState();
  const scope = commands.get(id)?.scope;
  const wanted = normal(keys);
  return [...commands.values()].filter((other) => {
    if (other.id === id) return false;
    if (other.scope !== scope && other.scope !== 'global' && scope !== 'global') return false;
    return keysOf(other).some((each) => normal(each) === wanted);
  });
}
