import { Popover } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import { t } from '../../i18n';
import { NoteEditor, TagEditor } from '../actions/editors';
import { colourName, colours } from '../actions/marks';
import { chosen } from './controller';
import classes from './Menu.module.css';
import { rowAtCursor, setColour } from './marks';
import { rowId } from './Row';
import { type Popover as Kind, useTraffic } from './store';

interface MarkPopoverProps {
  onClosed(): void;
}

/** MarkPopover is where colour, tags or note of the chosen exchanges are written, beside the line they belong to. */
export function MarkPopover({ onClosed }: MarkPopoverProps) {
  const popover = useTraffic((state) => state.popover);
  const cursor = useTraffic((state) => state.selection.cursor);
  const close = () => {
    useTraffic.setState({ popover: null });
    onClosed();
  };
  if (!popover) return null;
  return (
    <Popover
      opened
      onChange={(opened) => !opened && close()}
      position="bottom-end"
      trapFocus
      hideDetached={false} // below the last line in sight its place is at the very edge of the list
      withRoles={false} // it opens at a place of the list, not at something that has a role
      withArrow
      shadow="md"
    >
      <Popover.Target>
        <div className={classes.anchor} style={{ top: below(cursor) }} />
      </Popover.Target>
      <Popover.Dropdown p="xs" role="dialog" aria-label={titles[popover]()}>
        {forms[popover](close)}
      </Popover.Dropdown>
    </Popover>
  );
}

// Where the line at the cursor ends, in pixels below the top of the list.
function below(cursor: number): number {
  const row = document.getElementById(rowId(cursor))?.getBoundingClientRect();
  const grid = row && document.querySelector('[role$="grid"]')?.getBoundingClientRect();
  return row && grid ? Math.min(grid.height, Math.max(0, row.bottom - grid.top)) : 0;
}

const titles: Record<Kind, () => string> = {
  colour: () => t('traffic.command.mark'),
  tags: () => t('traffic.command.tags'),
  note: () => t('traffic.command.note'),
};

const forms: Record<Kind, (close: () => void) => React.ReactNode> = {
  colour: (close) => <Colours onDone={close} />,
  tags: (close) => <TagEditor ids={chosen()} now={rowAtCursor()?.tags ?? []} onDone={close} />,
  note: (close) => <NoteEditor ids={chosen()} now={rowAtCursor()?.note ?? ''} onDone={close} />,
};

function Colours({ onDone }: { onDone(): void }) {
  const now = rowAtCursor()?.colour;
  const choose = (colour: string) => {
    void setColour(colour);
    onDone();
  };
  const walk = (event: KeyboardEvent<HTMLElement>) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const all = [...event.currentTarget.querySelectorAll('button')];
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    all[(at + by + all.length) % all.length]?.focus();
  };
  return (
    <div className={classes.swatches} role="toolbar" aria-label={t('traffic.command.mark')} onKeyDown={walk}>
      {colours.map((colour, index) => (
        <button
          key={colour}
          type="button"
          className={classes.swatch}
          data-colour={colour}
          data-autofocus={(now ? now === colour : index === 0) || undefined}
          aria-pressed={now === colour}
          aria-label={colourName(colour)}
          title={t('traffic.colour.key', { colour: colourName(colour), n: index + 1 })}
          onClick={() => choose(colour)}
        >
          {now === colour && <IconCheck size={14} />}
        </button>
      ))}
    </div>
  );
}
