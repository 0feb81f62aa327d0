import { IconChevronDown, IconChevronRight, IconNote, IconTool } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { go } from '../../api';
import { t } from '../../i18n';
import { formatBytes, formatDateTime, formatNumber } from '../../i18n/format';
import { colourName } from '../actions/marks';
import type { ColumnId } from './columnIds';
import { at, took } from './format';
import classes from './Row.module.css';
import { refused, StateCell, unread } from './state';
import { Text } from './Text';
import { ThreatMark } from './ThreatMark';

export interface Column {
  id: ColumnId;
  title: () => string;
  /** pixels, unless the person chose otherwise */
  width: number;
  least: number;
  /** numbers stand at the end of their column */
  end?: boolean;
  cell(item: go.Item): ReactNode;
}

const fold = <IconChevronDown size={14} aria-hidden />;
const unfold = <IconChevronRight size={14} aria-hidden />;
const note = <IconNote size={14} aria-hidden />;
const tool = <IconTool size={13} aria-hidden />;

/** plain tells whether an exchange is no call of a model, as far as is known: it is shown as method, host and path. */
export function plain(row: go.Row): boolean {
  return !row.read || row.kind === 'plain' || row.kind === '';
}

function known(n: number): string {
  return n < 0 ? '' : formatNumber(n);
}

// data-do is what a click does: one listener of the list serves all rows.
function Act(props: { does: 'trust' | 'pass' | 'decrypt'; children: string }) {
  return (
    <button type="button" className={classes.act} data-do={props.does} tabIndex={-1}>
      {props.children}
    </button>
  );
}

function Ways({ row }: { row: go.Row }) {
  if (refused(row)) {
    return (
      <>
        <Act does="trust">{t('traffic.trust.fix')}</Act>
        <Act does="pass">{t('traffic.trust.pass')}</Act>
      </>
    );
  }
  return row.stage === 'passed-through' ? <Act does="decrypt">{t('traffic.trust.decrypt')}</Act> : null;
}

function PlainText({ row }: { row: go.Row }) {
  if (refused(row) || unread(row)) {
    return (
      <>
        <Ways row={row} />
        <span className={classes.dim}>
          <Text text={row.error || row.host} />
        </span>
      </>
    );
  }
  return <Asked row={row} />;
}

// What was asked for; where one path stands for everything, the operation before it.
function Asked({ row }: { row: go.Row }) {
  return (
    <span className={classes.mono}>
      <span className={classes.method}>
        <Text text={row.operation || row.method} />
      </span>
      <span className={row.operation ? classes.dim : undefined}>
        <Text text={row.path || row.url} />
      </span>
    </span>
  );
}

function TextCell({ item }: { item: go.Item }) {
  const { row } = item;
  return (
    <>
      {(item.turns > 1 || item.expanded) && (
        <button
          type="button"
          className={classes.fold}
          data-do="fold"
          tabIndex={-1}
          aria-label={item.expanded ? t('traffic.group.fold') : t('traffic.group.expand')}
        >
          {item.expanded ? fold : unfold}
          {t('traffic.group.turns', { n: item.turns })}
        </button>
      )}
      {item.turn > 0 && <span className={classes.turn}>{t('traffic.group.turn', { n: item.turn })}</span>}
      <ThreatMark row={row} />
      {plain(row) ? <PlainText row={row} /> : <Said row={row} />}
    </>
  );
}

// A call without a word of the user (embedding, tool result) says what it is instead.
function Said({ row }: { row: go.Row }) {
  if (row.last_user) return <Text text={row.last_user} />;
  const calls = row.calls.length > 0 ? row.calls.join(', ') : '';
  if (calls) {
    return (
      <span className={classes.dim}>
        {tool} <Text text={calls} />
      </span>
    );
  }
  return <Asked row={row} />;
}

function ModelCell({ row }: { row: go.Row }) {
  if (plain(row)) {
    return (
      <span className={classes.dim}>
        <Text text={row.host} />
      </span>
    );
  }
  return (
    <>
      {row.provider && <span className={classes.dim}>{row.provider} · </span>}
      <Text text={row.model || row.kind} />
    </>
  );
}

// There is room for one tag; of the others there is the number.
function Marks({ row }: { row: go.Row }) {
  const [tag, ...others] = row.tags;
  return (
    <>
      {row.colour && (
        <span className={classes.colour} data-colour={row.colour} title={colourName(row.colour)} />
      )}
      {row.note && (
        <span className={classes.note} title={row.note}>
          {note}
        </span>
      )}
      {tag !== undefined && (
        <span className={classes.tag} title={row.tags.join(', ')}>
          <Text text={tag} />
        </span>
      )}
      {others.length > 0 && (
        <span className={classes.more} title={others.join(', ')}>
          +{others.length}
        </span>
      )}
    </>
  );
}

const time = (row: go.Row) => <span title={formatDateTime(row.started)}>{at(row.started)}</span>;

export const columns: Column[] = [
  {
    id: 'number',
    title: () => t('traffic.column.number'),
    width: 56,
    least: 40,
    end: true,
    cell: ({ row }) => row.id,
  },
  { id: 'time', title: () => t('traffic.column.time'), width: 72, least: 60, cell: ({ row }) => time(row) },
  {
    id: 'client',
    title: () => t('traffic.column.client'),
    width: 76,
    least: 48,
    cell: ({ row }) => <Text text={row.client} />,
  },
  {
    id: 'source',
    title: () => t('traffic.column.source'),
    width: 80,
    least: 48,
    cell: ({ row }) => row.source,
  },
  {
    id: 'host',
    title: () => t('traffic.column.host'),
    width: 150,
    least: 60,
    cell: ({ row }) => <Text text={row.host} />,
  },
  {
    id: 'model',
    title: () => t('traffic.column.model'),
    width: 200,
    least: 80,
    cell: ({ row }) => <ModelCell row={row} />,
  },
  {
    id: 'text',
    title: () => t('traffic.column.text'),
    width: 200,
    least: 160,
    cell: (item) => <TextCell item={item} />,
  },
  {
    id: 'tools',
    title: () => t('traffic.column.tools'),
    width: 50,
    least: 40,
    end: true,
    cell: ({ row }) => row.tools.length > 0 && <span title={row.tools.join(', ')}>{row.tools.length}</span>,
  },
  {
    id: 'tokens',
    title: () => t('traffic.column.tokens'),
    width: 60,
    least: 48,
    end: true,
    cell: ({ row }) => known(row.total_tokens),
  },
  {
    id: 'size',
    title: () => t('traffic.column.size'),
    width: 70,
    least: 48,
    end: true,
    cell: ({ row }) => formatBytes(row.request_bytes + row.response_bytes),
  },
  {
    id: 'ttft',
    title: () => t('traffic.column.ttft'),
    width: 70,
    least: 48,
    end: true,
    cell: ({ row }) => took(row.ttfb_ms),
  },
  {
    id: 'duration',
    title: () => t('traffic.column.duration'),
    width: 70,
    least: 48,
    end: true,
    cell: ({ row }) => took(row.duration_ms),
  },
  {
    id: 'status',
    title: () => t('traffic.column.status'),
    width: 60,
    least: 48,
    end: true,
    cell: ({ row }) => row.status || '',
  },
  {
    id: 'state',
    title: () => t('traffic.column.state'),
    width: 126,
    least: 40,
    cell: ({ row }) => <StateCell row={row} />,
  },
  {
    id: 'marks',
    title: () => t('traffic.column.marks'),
    width: 112,
    least: 48,
    cell: ({ row }) => <Marks row={row} />,
  },
];
