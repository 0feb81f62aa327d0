// One registry of commands feeds the palette, the menus, the keys and the ? sheet.
import { useEffect, useRef } from 'react';
import { create } from 'zustand';

/**
 * Where the keys of a command are valid: anywhere; only while a list, a viewer or a screen's own area has focus
 * (an ancestor of the focused element has data-scope with that word). Keys of one letter are never valid in an editor.
 */
export type Scope =
  | 'global'
  | 'list'
  | 'viewer'
  | 'repeater'
  | 'inventory'
  | 'models'
  | 'tests'
  | 'findings'
  | 'threats'
  | 'policies'
  | 'reports'
  | 'approvals';

export interface Command {
  /** feature.verb, for example traffic.focusFilter */
  id: string;
  /** i18n key of the title */
  title: string;
  /** i18n key of the group in the palette and the ? sheet */
  group: string;
  /** in order of preference, for example "Mod+K", "Shift+F6", "J"; Mod is Ctrl, and Cmd on macOS */
  keys: string[];
  scope: Scope;
}

interface Registry {
  commands: Map<string, Command>;
  /** what runs now, by id: the handler mounted last wins */
  handlers: Map<string, (() => void)[]>;
  version: number;
}

export const useRegistry = create<Registry>(() => ({ commands: new Map(), handlers: new Map(), version: 0 }));

/** defineCommands adds commands; called once at module level by each feature's commands.ts. */
export function defineCommands(list: Command[]): void {
  const { commands, version } = useRegistry.getState();
  for (const command of list) {
    if (commands.has(command.id)) throw new Error(`command ${command.id} is defined twice`);
    commands.set(command.id, command);
  }
  useRegistry.setState({ version: version + 1 });
}

/** useCommand gives a command something to do while the component is mounted and enabled. */
export function useCommand(id: string, run: () => void, enabled = true): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    if (!enabled) return;
    const handler = () => latest.current();
    const { handlers, version } = useRegistry.getState();
    handlers.set(id, [...(handlers.get(id) ?? []), handler]);
    useRegistry.setState({ version: version + 1 });
    return () => {
      const state = useRegistry.getState();
      state.handlers.set(
        id,
        (state.handlers.get(id) ?? []).filter((other) => other !== handler),
      );
      useRegistry.setState({ version: state.version + 1 });
    };
  }, [id, enabled]);
}

/** runCommand runs what is mounted for a command and tells whether there was anything. */
export function runCommand(id: string): boolean {
  const handler = useRegistry.getState().handlers.get(id)?.at(-1);
  handler?.();
  return handler !== undefined;
}

/** available tells whether a command has something to do now. */
export function available(id: string): boolean {
  return (useRegistry.getState().handlers.get(id)?.length ?? 0) > 0;
}
