import { ActionIcon, Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { KeyCaps } from '../../commands/KeyCaps';
import base from './inventory.module.css';

interface ChosenProps {
  /** how many are chosen, in words */
  says: string;
  /** what can be done with all of them, and the key for it */
  acts: readonly { name: string; keys: string; onAct(): void }[];
  clearLabel: string;
  onClear(): void;
}

/** Chosen is the bar below a list of which several rows are chosen together. */
export function Chosen({ says, acts, clearLabel, onClear }: ChosenProps) {
  return (
    <div className={base.chosen} role="status">
      <span>{says}</span>
      {acts.map(({ name, keys, onAct }) => (
        <Button
          key={name}
          size="compact-sm"
          variant="default"
          rightSection={<KeyCaps keys={keys} />}
          onClick={onAct}
        >
          {name}
        </Button>
      ))}
      <ActionIcon aria-label={clearLabel} onClick={onClear}>
        <IconX size={15} />
      </ActionIcon>
    </div>
  );
}
