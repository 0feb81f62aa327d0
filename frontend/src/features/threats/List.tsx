import { ActionIcon, Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import type { go } from '../../api';
import { useCommand } from '../../commands';
import { KeyCaps } from '../../commands/KeyCaps';
import { t } from '../../i18n';
import { Grid } from '../inventory/Grid';
import base from '../inventory/inventory.module.css';
import { useKeyboardHere, useListKeys } from '../inventory/useList';
import { setState } from './acts';
import { columns, falling, spoken } from './columns';
import { states, stateWord, type ThreatState } from './parts';
import { type Pages, useRenewThreats } from './queries';
import { type Sort, useThreats } from './store';

interface ListProps {
  pages: Pages<go.ThreatRow>;
  focusList(): void;
}

const keyOf = ({ id }: go.ThreatRow) => id;

/** keys of the states, as commands.ts gives them */
const keys: Record<ThreatState, string> = { new: 'N', confirmed: 'C', harmless: 'H', closed: 'X' };

/** List is all threats that the filter selects. */
export function List({ pages, focusList }: ListProps) {
  const { sort, desc, open, picked } = useThreats();
  const { at } = pages;
  const total = pages.total ?? 0;
  const [cursor, setCursor] = useState(-1);
  const anchor = useRef(-1);
  const renew = useRenewThreats();
  const pick = (next: ReadonlySet<string>) => useThreats.setState({ picked: next });
  const show = (index: number) => {
    const id = at(index)?.id;
    if (id) useThreats.setState({ open: id });
  };
  const between = (first: number, last: number) =>
    new Set(Array.from({ length: last - first + 1 }, (_, n) => at(first + n)?.id ?? '').filter(Boolean));
  const move = (index: number, { ctrl, shift }: { ctrl: boolean; shift: boolean }) => {
    setCursor(index);
    const id = at(index)?.id;
    if (shift) {
      const from = anchor.current < 0 ? index : anchor.current;
      pick(between(Math.min(from, index), Math.max(from, index)));
      return;
    }
    anchor.current = index;
    if (!id) return;
    const next = new Set(ctrl ? picked : []);
    if (!ctrl || !next.delete(id)) next.add(id);
    pick(next);
    if (open && !ctrl) useThreats.setState({ open: id });
  };
  const close = () => {
    useThreats.setState({ open: '' });
    focusList();
  };
  const here = at(cursor)?.id;
  const chosen = picked.size > 0 ? [...picked] : here ? [here] : [];
  useListKeys({
    feature: 'threats',
    count: total,
    cursor,
    onMove: (index) => move(index, { ctrl: false, shift: false }),
    onOpen: show,
    onClose: open ? close : null,
  });
  useCommand('threats.all', () => pick(between(0, total - 1)));
  const some = chosen.length > 0;
  useCommand('threats.new', () => void setState(chosen, 'new', renew), some);
  useCommand('threats.confirmed', () => void setState(chosen, 'confirmed', renew), some);
  useCommand('threats.closed', () => void setState(chosen, 'closed', renew), some);
  useCommand('threats.harmless', () => void setState(chosen, 'harmless', renew), some);
  useKeyboardHere(focusList);
  const onSort = (by: string) =>
    useThreats.setState({ sort: by as Sort, desc: by === sort ? !desc : falling.includes(by) });
  return (
    <>
      <Grid
        name="threats"
        label={t('threats.list')}
        columns={columns}
        count={total}
        at={at}
        keyOf={keyOf}
        spoken={spoken}
        cursor={cursor}
        picked={picked}
        sorting={{ by: sort, desc, onSort }}
        busy={pages.busy}
        version={pages.version}
        onWant={pages.want}
        onMove={move}
        onOpen={show}
        opensAtOnce
      />
      {picked.size > 1 && (
        <div className={base.chosen} role="status">
          <span>{t('threats.chosen', { n: picked.size })}</span>
          {states.map((state) => (
            <Button
              key={state}
              size="compact-sm"
              variant="default"
              rightSection={<KeyCaps keys={keys[state]} />}
              onClick={() => void setState([...picked], state, renew)}
            >
              {stateWord(state)}
            </Button>
          ))}
          <ActionIcon
            aria-label={t('threats.chosenClear')}
            onClick={() => {
              pick(new Set());
              focusList();
            }}
          >
            <IconX size={15} />
          </ActionIcon>
        </div>
      )}
    </>
  );
}
