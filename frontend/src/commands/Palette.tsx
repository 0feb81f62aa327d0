import { createSpotlight, Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useMemo, useRef } from 'react';
import { t } from '../i18n';
import { available, type Command, runCommand, useRegistry } from '.';
import { keysOf, useKeys } from './bindings';
import classes from './commands.module.css';
import { findActions } from './find';
import { KeyCaps } from './KeyCaps';
import { useRecent } from './recent';

const [store, spotlight] = createSpotlight();

/** openPalette shows the palette over everything. */
export const openPalette = spotlight.open;

/** grouped gives the commands that have something to do now: those used last, then by group. */
export function grouped(commands: Iterable<Command>, recent: readonly string[]): Map<string, Command[]> {
  const groups = new Map<string, Command[]>();
  const ready = [...commands].filter((command) => available(command.id) && command.id !== 'frame.palette');
  const last = recent.flatMap((id) => ready.filter((command) => command.id === id));
  if (last.length > 0) groups.set(t('commands.palette.recent'), last);
  for (const command of ready) {
    if (last.includes(command)) continue;
    const group = t(command.group);
    groups.set(group, [...(groups.get(group) ?? []), command]);
  }
  return groups;
}

/** Palette is every command that can be run now, by name. */
export function Palette() {
  const { commands, version } = useRegistry();
  const bindings = useKeys();
  const { ids, add } = useRecent();
  const before = useRef<Element | null>(null);
  const chosen = useRef<string | undefined>(undefined);

  // biome-ignore lint/correctness/useExhaustiveDependencies: version stands for what is in the registry
  const actions = useMemo<SpotlightActionGroupData[]>(() => {
    const action = (command: Command) => ({
      id: command.id,
      label: t(command.title),
      keywords: command.id,
      rightSection: keysOf(command, bindings)
        .slice(0, 1)
        .map((keys) => <KeyCaps key={keys} keys={keys} />),
      onClick: () => {
        chosen.current = command.id;
      },
    });
    return [...grouped(commands.values(), ids)].map(([group, list]) => ({
      group,
      actions: list.map(action),
    }));
  }, [commands, version, bindings, ids]);

  // The focus goes back first, so that the command finds what it is about, and may move the focus itself.
  const closed = () => {
    if (before.current instanceof HTMLElement) before.current.focus({ preventScroll: true });
    const id = chosen.current;
    chosen.current = undefined;
    if (!id) return;
    add(id);
    runCommand(id);
  };

  return (
    <Spotlight
      store={store}
      shortcut={null}
      actions={actions}
      filter={findActions}
      classNames={{
        action: classes.action ?? '',
        content: classes.palette ?? '',
        search: classes.search ?? '',
      }}
      attributes={{ content: { 'aria-label': t('commands.palette.placeholder') } }}
      overlayProps={{ backgroundOpacity: 0.5, blur: 0 }}
      nothingFound={t('commands.palette.nothing')}
      highlightQuery={false}
      scrollable
      maxHeight={420}
      returnFocus={false}
      transitionProps={{ duration: 0 }}
      onSpotlightOpen={() => {
        before.current = document.activeElement;
      }}
      onSpotlightClose={() => queueMicrotask(closed)}
      searchProps={{
        leftSection: <IconSearch size={16} />,
        placeholder: t('commands.palette.placeholder'),
        'aria-label': t('commands.palette.placeholder'),
      }}
    />
  );
}
