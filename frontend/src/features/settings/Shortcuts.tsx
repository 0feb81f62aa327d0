import { ActionIcon, Button, Group, Text, Tooltip } from '@mantine/core';
import { IconKeyboard, IconPlus, IconRestore, IconX } from '@tabler/icons-react';
import { type KeyboardEvent, useContext, useEffect, useRef, useState } from 'react';
import { type Command, useRegistry } from '../../commands';
import { conflicts, useKeys } from '../../commands/bindings';
import { KeyCaps } from '../../commands/KeyCaps';
import { caps, normal, record } from '../../commands/keys';
import { t } from '../../i18n';
import { SwitchSetting } from './controls';
import { found, Wanted } from './Setting';
import classes from './settings.module.css';

/** Shortcuts are all commands with their keys, which can be given anew by pressing them. */
export function Shortcuts() {
  const commands = useRegistry((state) => state.commands);
  const { letters, useLetters, overrides, reset } = useKeys();
  const wanted = useContext(Wanted);
  const shown = [...commands.values()].filter((each) => {
    return found(wanted, t(each.title), t(each.group), t('settings.shortcuts.title'));
  });
  const groups = new Map<string, Command[]>();
  for (const each of shown) groups.set(each.group, [...(groups.get(each.group) ?? []), each]);
  return (
    <>
      <SwitchSetting
        label={t('settings.shortcuts.letters.label')}
        help={t('settings.shortcuts.letters.help')}
        value={letters}
        ordinary
        onChange={useLetters}
      />
      {[...groups].map(([group, list]) => (
        <section key={group} className={classes.keys} data-setting>
          <h3>{t(group)}</h3>
          <ul>
            {list.map((command) => (
              <Shortcut key={command.id} command={command} />
            ))}
          </ul>
        </section>
      ))}
      {Object.keys(overrides).length > 0 && (
        <Button variant="default" leftSection={<IconRestore size={15} />} onClick={reset}>
          {t('settings.shortcuts.resetAll')}
        </Button>
      )}
    </>
  );
}

function Shortcut({ command }: { command: Command }) {
  const { overrides, bind } = useKeys();
  const [recording, setRecording] = useState(false);
  const keys = overrides[command.id] ?? command.keys;
  const changed = overrides[command.id] !== undefined;
  const title = t(command.title);
  const add = (pressed: string) => {
    setRecording(false);
    if (!keys.some((each) => normal(each) === pressed)) bind(command.id, [...keys, pressed]);
  };
  return (
    <li className={classes.shortcut}>
      <span>{title}</span>
      <Group gap={6} wrap="nowrap">
        {keys.map((each) => (
          <span key={each} className={classes.bound}>
            <KeyCaps keys={each} />
            <ActionIcon
              variant="subtle"
              aria-label={t('settings.shortcuts.remove', { keys: caps(each).join(' '), title })}
              onClick={() =>
                bind(
                  command.id,
                  keys.filter((other) => other !== each),
                )
              }
            >
              <IconX size={13} />
            </ActionIcon>
          </span>
        ))}
        {recording ? (
          <Recorder title={title} onDone={add} onCancel={() => setRecording(false)} />
        ) : (
          <Tooltip label={t('settings.shortcuts.add', { title })}>
            <ActionIcon
              variant="subtle"
              aria-label={t('settings.shortcuts.add', { title })}
              onClick={() => setRecording(true)}
            >
              <IconPlus size={15} />
            </ActionIcon>
          </Tooltip>
        )}
        {changed && (
          <ActionIcon
            variant="subtle"
            aria-label={t('settings.resetOne', { label: title })}
            onClick={() => bind(command.id, undefined)}
          >
            <IconRestore size={15} />
          </ActionIcon>
        )}
      </Group>
      <Conflicts command={command} keys={keys} />
    </li>
  );
}

// Commands that share their own keys are never valid in the same place; only a change can bring two of them together.
function Conflicts({ command, keys }: { command: Command; keys: readonly string[] }) {
  const { overrides } = useKeys();
  const changed = ({ id }: Command) => overrides[id] !== undefined;
  const others = new Set(
    keys.flatMap((each) => conflicts(command.id, each).filter((other) => changed(other) || changed(command))),
  );
  if (others.size === 0) return null;
  return (
    <Text className={classes.conflict ?? ''}>
      {t('settings.shortcuts.conflict', { others: [...others].map((other) => t(other.title)).join(', ') })}
    </Text>
  );
}

interface RecorderProps {
  title: string;
  onDone(keys: string): void;
  onCancel(): void;
}

/** Recorder takes the next keys that are pressed. Tab and Escape alone stay what they are, so that nobody is caught. */
function Recorder({ title, onDone, onCancel }: RecorderProps) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Tab' && !event.ctrlKey && !event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') return onCancel();
    const keys = record(event.nativeEvent);
    if (keys) onDone(keys);
  };
  return (
    <Button
      ref={button}
      size="compact-sm"
      variant="light"
      leftSection={<IconKeyboard size={14} />}
      aria-label={t('settings.shortcuts.press', { title })}
      onKeyDown={press}
      onBlur={onCancel}
      data-recording
    >
      {t('settings.shortcuts.pressShort')}
    </Button>
  );
}
