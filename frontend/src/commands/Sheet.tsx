import { Modal, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { create } from 'zustand';
import { t } from '../i18n';
import { available, type Command, type Scope, useRegistry } from '.';
import { keysOf, useKeys } from './bindings';
import classes from './commands.module.css';
import { KeyCaps } from './KeyCaps';
import { scopesAt } from './listen';

const useSheet = create<{ scopes: Scope[] | undefined }>(() => ({ scopes: undefined }));

/** openSheet shows the keys that are valid where the focus is. */
export function openSheet(): void {
  useSheet.setState({ scopes: scopesAt(document.activeElement) });
}

/** sheet gives commands that have keys by group; with scopes, only those valid in them that have something to do. */
export function sheet(commands: Iterable<Command>, scopes: Scope[] | undefined): Map<string, Command[]> {
  const groups = new Map<string, Command[]>();
  for (const command of commands) {
    if (keysOf(command).length === 0) continue;
    if (scopes && !(scopes.includes(command.scope) && available(command.id))) continue;
    const group = t(command.group);
    groups.set(group, [...(groups.get(group) ?? []), command]);
  }
  return groups;
}

/** Sheet lists the keys: those valid where the focus was when it was asked for, or all. */
export function Sheet() {
  const scopes = useSheet((state) => state.scopes);
  const [all, setAll] = useState(false);
  const commands = useRegistry((registry) => registry.commands);
  useKeys();
  const groups = scopes ? sheet(commands.values(), all ? undefined : scopes) : new Map<string, Command[]>();
  return (
    <Modal
      opened={scopes !== undefined}
      onClose={() => useSheet.setState({ scopes: undefined })}
      title={t('commands.sheet.title')}
      size="56rem"
    >
      <Stack>
        <SegmentedControl
          w="max-content"
          value={all ? 'all' : 'here'}
          onChange={(value) => setAll(value === 'all')}
          data={[
            { value: 'here', label: t('commands.sheet.here') },
            { value: 'all', label: t('commands.sheet.everything') },
          ]}
        />
        {groups.size === 0 && <Text c="dimmed">{t('commands.sheet.none')}</Text>}
        <div className={classes.groups}>
          {[...groups].map(([group, list]) => (
            <section key={group} className={classes.group} aria-label={group}>
              <Text component="h3" fw={600} mb={4}>
                {group}
              </Text>
              {list.map((command) => (
                <div key={command.id} className={classes.line}>
                  <span>{t(command.title)}</span>
                  <span className={classes.keys}>
                    {keysOf(command).map((keys) => (
                      <KeyCaps key={keys} keys={keys} />
                    ))}
                  </span>
                </div>
              ))}
            </section>
          ))}
        </div>
        <Text size="xs" c="dimmed">
          {t('commands.sheet.hint')}
        </Text>
      </Stack>
    </Modal>
  );
}
