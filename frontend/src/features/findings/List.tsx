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
import { type FindingState, states, stateWord } from './parts';
import { type usePages, useRenewFindings } from './queries';
import { type Sort, useFindings } from './store';

interface ListProps {
  pages: ReturnType<typeof usePages>;
  focusList(): void;
}

const keyOf = ({ id }: go.FindingRow) => id;

/** keys of the states, as commands.ts gives them */
const keys: Record<FindingState, string> = {
  new: 'N',
  verified: 'V',
  accepted: 'A',
  false_positive: 'F',
  fixed: 'X',
};

/** List is all findings that the filter selects. */
export function List({ pages, focusList }: ListProps) {
  const { sort, desc, open, picked } = useFindings();
  const { at } = pages;
  const total = pages.total ?? 0;
  const [cursor, setCursor] = useState(-1);
  const anchor = useRef(-1);
  const renew = useRenewFindings();
  const here = at(cursor)?.id;
  const pick = (next: ReadonlySet<string>) => useFindings.setState({ picked: next });
  const show = (index: number) => {
    const id = at(index)?.id;
    if (id) useFindings.setState({ open: id });
  };
  const move = (index: number, { ctrl, shift }: { ctrl: boolean; shift: boolean }) => {
    setCursor(index);
    const id = at(index)?.id;
    if (shift) {
      const from = anchor.current < 0 ? index : anchor.current;
      const [first, last] = [Math.min(from, index), Math.max(from, index)];
      const ids = Array.from({ length: last - first + 1 }, (_, n) => at(first + n)?.id ?? '');
      pick(new Set(ids.filter(Boolean)));
      return;
    }
    anchor.current = index;
    if (!id) return;
    const next = new Set(ctrl ? picked : []);
    if (!ctrl || !next.delete(id)) next.add(id);
    pick(next);
    if (open && !ctrl) useFindings.setState({ open: id });
  };
  const close = () => {
    useFindings.setState({ open: '' });
    focusList();
  };
  const chosen = picked.size > 0 ? [...picked] : here ? [here] : [];
  useListKeys({
    feature: 'findings',
    count: total,
    cursor,
    onMove: (index) => move(index, { ctrl: false, shift: false }),
    onOpen: show,
    onClose: open ? close : null,
  });
  useCommand('findings.all', () => {
    const ids = Array.from({ length: total }, (_, n) => at(n)?.id ?? '');
    pick(new Set(ids.filter(Boolean)));
  });
  const some = chosen.length > 0;
  useCommand('findings.new', () => void setState(chosen, 'new', renew), some);
  useCommand('findings.verified', () => void setState(chosen, 'verified', renew), some);
  useCommand('findings.accepted', () => void setState(chosen, 'accepted', renew), some);
  useCommand('findings.false_positive', () => void setState(chosen, 'false_positive', renew), some);
  useCommand('findings.fixed', () => void setState(chosen, 'fixed', renew), some);
  useKeyboardHere(focusList);
  const onSort = (by: string) =>
    useFindings.setState({ sort: by as Sort, desc: by === sort ? !desc : falling.includes(by) });
  return (
    <>
      <Grid
        name="findings"
        label={t('findings.list')}
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
          <span>{t('findings.chosen', { n: picked.size })}</span>
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
            aria-label={t('findings.chosenClear')}
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
