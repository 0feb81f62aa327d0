import { Button, Popover, TagsInput, Textarea } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import { api } from '../../api';
import { t } from '../../i18n';
import { colourName } from './columns';
import { chosen } from './controller';
import classes from './Menu.module.css';
import { rowAtCursor, setColour, setNote, setTags } from './marks';
import { rowId } from './Row';
import { type Popover as Kind, useTraffic } from './store';

const colours = ['red', 'orange', 'yellow', 'green', 'blue', 'purple'];

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
  tags: (close) => <Tags onDone={close} />,
  note: (close) => <Note onDone={close} />,
};

interface FormProps {
  onDone(): void;
}

function Colours({ onDone }: FormProps) {
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

function Tags({ onDone }: FormProps) {
  const n = chosen().length;
  const [tags, setNow] = useState(() => (n > 1 ? [] : (rowAtCursor()?.tags ?? [])));
  const { data } = useQuery({
    queryKey: ['traffic', 'facets'],
    queryFn: () => api.traffic.Facets({}),
    staleTime: 0,
  });
  const save = () => {
    void setTags(tags);
    onDone();
  };
  return (
    <form
      style={{ width: 320 }}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <TagsInput
        data-autofocus
        label={t('traffic.tags.label', { n })}
        description={t('traffic.tags.help')}
        data={data?.tags ?? []}
        value={tags}
        onChange={setNow}
        classNames={{ inputField: classes.bare ?? '' }}
        comboboxProps={{ withinPortal: false }}
        onKeyDown={(event) => {
          // Enter takes what is typed; with nothing typed it is done
          if (event.key !== 'Enter' || event.currentTarget.value !== '') return;
          event.preventDefault();
          save();
        }}
      />
      <Button mt="xs" size="compact-sm" type="submit">
        {t('traffic.save')}
      </Button>
    </form>
  );
}

function Note({ onDone }: FormProps) {
  const n = chosen().length;
  const [note, setNow] = useState(() => (n > 1 ? '' : (rowAtCursor()?.note ?? '')));
  const save = () => {
    void setNote(note.trim());
    onDone();
  };
  return (
    <form
      style={{ width: 360 }}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Textarea
        data-autofocus
        label={t('traffic.note.label', { n })}
        description={t('traffic.note.help')}
        autosize
        minRows={3}
        maxRows={10}
        value={note}
        onChange={(event) => setNow(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save();
        }}
      />
      <Button mt="xs" size="compact-sm" type="submit">
        {t('traffic.save')}
      </Button>
    </form>
  );
}
