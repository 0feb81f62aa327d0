import { Button, Popover } from '@mantine/core';
import { IconFingerprint, IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import type { go } from '../../api';
import { EmptyState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import findings from '../findings/findings.module.css';
import { toggled } from '../findings/store';
import { Grid } from '../inventory/Grid';
import base from '../inventory/inventory.module.css';
import { Panes } from '../inventory/Panes';
import { Failed } from '../inventory/parts';
import { useKeyboardHere, useListFocus, useListKeys } from '../inventory/useList';
import type { Pages } from '../inventory/usePages';
import { Words } from '../inventory/Words';
import { ActorDetail } from './ActorDetail';
import { actorColumns, actorFalling, actorSpoken } from './columns';
import { Identity } from './Identity';
import { kindWord } from './parts';
import { useActorPages, useIdentity } from './queries';
import { type ActorSort, type everybody, useThreats } from './store';

/** Actors is who sent the traffic, the riskiest first. */
export function Actors() {
  const { actors: filter, actorSort: sort, actorDesc: desc, actor } = useThreats();
  const pages = useActorPages(filter, sort, desc);
  const { list, focusList } = useListFocus();
  return (
    <>
      <Head total={pages.total} focusList={focusList} />
      <Panes
        first={
          <div ref={list} className={base.fill}>
            {pages.error ? (
              <Failed error={pages.error} />
            ) : pages.total === undefined ? (
              <Loading rows={10} />
            ) : pages.total === 0 ? (
              <EmptyState
                icon={<IconUsers size={40} />}
                title={t('threats.actors.none')}
                text={t('threats.actors.noneText')}
              />
            ) : (
              <List pages={pages} focusList={focusList} />
            )}
          </div>
        }
        second={actor ? <ActorDetail key={actor} actor={actor} onClose={focusList} /> : null}
      />
    </>
  );
}

function Head({ total, focusList }: { total: number | undefined; focusList(): void }) {
  const filter = useThreats((state) => state.actors);
  const kinds = useIdentity().data?.kinds ?? [];
  const set = (change: Partial<typeof everybody>) =>
    useThreats.setState({ actors: { ...filter, ...change } });
  return (
    <search className={findings.filters} aria-label={t('threats.actors.filter')}>
      <div className={findings.bar}>
        <Words
          command="threats.filter"
          label={t('threats.actors.text')}
          text={filter.text}
          onText={(text) => set({ text })}
          focusList={focusList}
        />
        {kinds.map((kind) => (
          <Button
            key={kind}
            size="compact-sm"
            variant={filter.kinds.includes(kind) ? 'light' : 'default'}
            aria-pressed={filter.kinds.includes(kind)}
            onClick={() => set({ kinds: toggled(filter.kinds, kind) })}
          >
            {kindWord(kind)}
          </Button>
        ))}
        <span className={findings.faint} role="status">
          {total !== undefined && t('threats.actors.count', { n: total })}
        </span>
        <Popover position="bottom-end" withArrow trapFocus>
          <Popover.Target>
            <Button
              size="compact-sm"
              variant="subtle"
              color="gray"
              leftSection={<IconFingerprint size={15} />}
            >
              {t('threats.identity.button')}
            </Button>
          </Popover.Target>
          <Popover.Dropdown>
            <Identity />
          </Popover.Dropdown>
        </Popover>
      </div>
    </search>
  );
}

function List({ pages, focusList }: { pages: Pages<go.ActorRow>; focusList(): void }) {
  const { actorSort: sort, actorDesc: desc, actor } = useThreats();
  const { at } = pages;
  const total = pages.total ?? 0;
  const [cursor, setCursor] = useState(-1);
  const show = (index: number) => {
    const key = at(index)?.key;
    if (key) useThreats.setState({ actor: key });
  };
  const move = (index: number) => {
    setCursor(index);
    if (actor) show(index);
  };
  useListKeys({
    feature: 'threats',
    count: total,
    cursor,
    onMove: move,
    onOpen: show,
    onClose: actor
      ? () => {
          useThreats.setState({ actor: '' });
          focusList();
        }
      : null,
  });
  useKeyboardHere(focusList);
  return (
    <Grid
      name="actors"
      label={t('threats.actors.list')}
      columns={actorColumns}
      count={total}
      at={at}
      keyOf={({ key }: go.ActorRow) => key}
      spoken={actorSpoken}
      cursor={cursor}
      {...(actor && { opened: actor })}
      sorting={{
        by: sort,
        desc,
        onSort: (by) =>
          useThreats.setState({
            actorSort: by as ActorSort,
            actorDesc: by === sort ? !desc : actorFalling.includes(by),
          }),
      }}
      busy={pages.busy}
      version={pages.version}
      onWant={pages.want}
      onMove={move}
      onOpen={show}
      opensAtOnce
    />
  );
}
