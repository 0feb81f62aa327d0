import { ActionIcon, Button, Checkbox, Popover } from '@mantine/core';
import { IconColumns, IconMinus, IconPlus } from '@tabler/icons-react';
import { t } from '../../i18n';
import { type Column, columns } from './columns';
import { foldAll } from './controller';
import classes from './Menu.module.css';
import { setColumns, useTraffic, usual } from './store';

const STEP = 16;

function toggle(column: Column) {
  const { shown, widths } = useTraffic.getState().columns;
  const there = shown.includes(column.id);
  setColumns({ shown: there ? shown.filter((id) => id !== column.id) : [...shown, column.id], widths });
}

function widen(column: Column, by: number) {
  const { shown, widths } = useTraffic.getState().columns;
  const width = Math.max(column.least, (widths[column.id] ?? column.width) + by);
  setColumns({ shown, widths: { ...widths, [column.id]: width } });
}

/** ViewMenu chooses the columns and their widths; where conversations are grouped, it expands and folds all of them. */
export function ViewMenu() {
  const group = useTraffic((state) => state.group);
  return (
    <>
      {group && (
        <Button.Group>
          <Button variant="default" size="compact-sm" onClick={() => void foldAll(true)}>
            {t('traffic.group.expandAll')}
          </Button>
          <Button variant="default" size="compact-sm" onClick={() => void foldAll(false)}>
            {t('traffic.group.foldAll')}
          </Button>
        </Button.Group>
      )}
      <Popover position="bottom-end" trapFocus returnFocus withinPortal>
        <Popover.Target>
          <ActionIcon
            variant="subtle"
            title={t('traffic.columns.button')}
            aria-label={t('traffic.columns.button')}
          >
            <IconColumns size={17} />
          </ActionIcon>
        </Popover.Target>
        <Popover.Dropdown p="xs">
          <Chooser />
        </Popover.Dropdown>
      </Popover>
    </>
  );
}

function Chooser() {
  const { shown } = useTraffic((state) => state.columns);
  return (
    <fieldset aria-label={t('traffic.columns.button')} style={{ all: 'unset' }}>
      {columns.map((column) => (
        <div key={column.id} className={classes.column}>
          <Checkbox
            size="xs"
            label={column.title()}
            checked={shown.includes(column.id)}
            disabled={column.id === 'text'}
            onChange={() => toggle(column)}
          />
          <ActionIcon.Group>
            <ActionIcon
              variant="subtle"
              size={24}
              aria-label={t('traffic.columns.narrower', { column: column.title() })}
              onClick={() => widen(column, -STEP)}
            >
              <IconMinus size={13} />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              size={24}
              aria-label={t('traffic.columns.wider', { column: column.title() })}
              onClick={() => widen(column, STEP)}
            >
              <IconPlus size={13} />
            </ActionIcon>
          </ActionIcon.Group>
        </div>
      ))}
      <Button
        variant="subtle"
        size="compact-sm"
        fullWidth
        onClick={() => setColumns({ shown: usual, widths: {} })}
      >
        {t('traffic.columns.reset')}
      </Button>
    </fieldset>
  );
}
