import { Button, Select } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Fragment, useEffect, useMemo, useRef, useState } from 'react';
import { api, type go } from '../../api';
import { EmptyState, ErrorState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { formatDateTime } from '../../i18n/format';
import classes from './Changes.module.css';
import base from './inventory.module.css';
import { Line } from './Lines';
import { overviewKey, useOverview } from './overview';
import { Scrolls } from './parts';
import { useInventory } from './store';
import { changeWord, dayWord } from './words';

/** The kinds of change, those first that are worth looking at soonest. */
const kinds = [
  'tool-poisoned',
  'tool-changed',
  'prompt-changed',
  'new-sensitive',
  'new-auth',
  'new-endpoint',
  'new-host',
  'new-model',
  'new-tool',
  'new-key',
  'new-client',
  'new-parameter',
  'new-type',
  'new-status',
  'tool-gone',
  'silent',
  'merged',
  'full',
];

const PAGE = 200;

function useChanges(kind: string) {
  return useInfiniteQuery({
    queryKey: ['inventory', 'changes', kind],
    queryFn: ({ pageParam }) =>
      api.inventory.Changes({ kinds: kind ? [kind] : [], before: pageParam, limit: PAGE }),
    initialPageParam: '',
    getNextPageParam: (last) => (last.more ? last.items.at(-1)?.id : undefined),
  });
}

const between = 500; // milliseconds from one visit to the next, at least

// Who sees the timeline has seen what is new in it. What was new when they came stays marked until they leave.
function useVisit(there: boolean): string | undefined {
  const client = useQueryClient();
  const { data: overview, dataUpdatedAt } = useOverview();
  const [since, setSince] = useState<string>();
  const visited = overview?.visited;
  useEffect(() => {
    if (visited !== undefined) setSince((now) => now ?? visited);
  }, [visited]);
  const due = there && since !== undefined && ((overview?.changes ?? 0) > 0 || visited === '');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const looked = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a fresh sum that still counts news asks again: more came meanwhile
  useEffect(() => {
    if (!due) return;
    const visit = async () => {
      timer.current = undefined;
      looked.current = Date.now();
      try {
        const out = await api.inventory.Visit({});
        await client.cancelQueries({ queryKey: overviewKey }); // what was asked before knows nothing of the visit
        client.setQueryData(overviewKey, out);
      } catch {
        // a project that can only be read keeps no visits
      }
    };
    timer.current ??= setTimeout(visit, Math.max(0, looked.current + between - Date.now()));
  }, [due, dataUpdatedAt, client]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return since;
}

/** Changes is the timeline: what came, went or became another thing. */
export function Changes() {
  const kind = useInventory((state) => state.change);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useChanges(kind);
  const since = useVisit(data !== undefined);
  const lines = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? [], [data]);
  return (
    <div className={base.column}>
      <div className={base.subfilter}>
        <Select
          aria-label={t('inventory.changes.kind')}
          w="18rem"
          data={[
            { value: '', label: t('inventory.changes.all') },
            ...kinds.map((value) => ({ value, label: changeWord(value) })),
          ]}
          value={kind}
          allowDeselect={false}
          onChange={(value) => useInventory.setState({ change: value ?? '' })}
        />
      </div>
      <Scrolls className={classes.timeline} pane="inventory-changes" label={t('inventory.changes.list')}>
        {error && <ErrorState error={error} onRetry={() => void refetch()} />}
        {!data && !error && <Loading rows={10} />}
        {data && lines.length === 0 && <Empty kind={kind} />}
        {lines.length > 0 && <Days lines={lines} since={since ?? ''} />}
        {hasNextPage && (
          <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t('inventory.changes.older')}
          </Button>
        )}
      </Scrolls>
    </div>
  );
}

function Empty({ kind }: { kind: string }) {
  return (
    <EmptyState
      icon={<IconHistory size={40} />}
      title={kind ? t('inventory.changes.noneOfKind') : t('inventory.changes.emptyTitle')}
      text={kind ? undefined : t('inventory.changes.emptyText')}
      actions={
        kind && (
          <Button onClick={() => useInventory.setState({ change: '' })}>
            {t('inventory.changes.showAll')}
          </Button>
        )
      }
    />
  );
}

interface Day {
  day: string;
  lines: go.InventoryLine[];
}

// Newest first, as they come; what is of the same day stands together, and apart on both sides of the last visit.
function daysOf(lines: go.InventoryLine[]): Day[] {
  const days: Day[] = [];
  for (const line of lines) {
    const day = dayWord(line.found);
    const last = days.at(-1);
    if (last?.day === day) last.lines.push(line);
    else days.push({ day, lines: [line] });
  }
  return days;
}

function Days({ lines, since }: { lines: go.InventoryLine[]; since: string }) {
  const border = Date.parse(since);
  const seen = lines.findIndex(({ found }) => !(Date.parse(found) > border));
  const fresh = Number.isNaN(border) || seen < 0 ? (Number.isNaN(border) ? 0 : lines.length) : seen;
  const list = (some: go.InventoryLine[], isNew: boolean) =>
    daysOf(some).map(({ day, lines: members }) => (
      <Fragment key={day}>
        <h2 className={classes.day}>{day}</h2>
        <ul className={base.bare}>
          {members.map((line) => (
            <Line key={line.id} line={{ ...line, new: isNew }} clock />
          ))}
        </ul>
      </Fragment>
    ));
  return (
    <>
      {list(lines.slice(0, fresh), true)}
      {fresh > 0 && fresh < lines.length && (
        <p className={classes.divider}>
          <span>{t('inventory.changes.visit', { when: formatDateTime(since) })}</span>
        </p>
      )}
      {list(lines.slice(fresh), false)}
    </>
  );
}
