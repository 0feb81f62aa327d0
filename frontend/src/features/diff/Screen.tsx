import { ActionIcon, Button, SegmentedControl, Tooltip } from '@mantine/core';
import { IconArrowsLeftRight, IconGitCompare } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type go } from '../../api';
import { useCommand } from '../../commands';
import { useNav } from '../../frame/nav';
import { EmptyState } from '../../frame/ui';
import { t } from '../../i18n';
import { formatDuration, formatTime } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import { DiffView } from './DiffView';
import classes from './diff.module.css';
import type { Side } from './useDiff';

/** Screen compares the two exchanges that its params name. */
export default function Screen() {
  const { a = '', b = '' } = useNav((nav) => nav.params);
  if (!a || !b) {
    return (
      <EmptyState
        icon={<IconGitCompare size={36} />}
        title={t('diff.none.title')}
        text={t('diff.none.text')}
        actions={<Button onClick={() => useNav.getState().go('traffic')}>{t('diff.none.traffic')}</Button>}
      />
    );
  }
  return <Compared key={`${a} ${b}`} first={a} second={b} />;
}

function Compared({ first, second }: { first: string; second: string }) {
  const [[a, b], setPair] = useState<[string, string]>([first, second]);
  const [side, setSide] = useState<Side>('answer');
  const swap = () => setPair([b, a]);
  useCommand('diff.swap', swap);
  return (
    <div className={classes.screen} data-scope="viewer" data-pane="diff">
      <h1 className={classes.spoken}>{t('diff.title')}</h1>
      <header className={classes.head}>
        <Exchange id={a} label={t('diff.first_exchange', { id: a })} />
        <Tooltip label={t('diff.command.swap')}>
          <ActionIcon variant="default" size={30} aria-label={t('diff.command.swap')} onClick={swap}>
            <IconArrowsLeftRight size={16} />
          </ActionIcon>
        </Tooltip>
        <Exchange id={b} label={t('diff.second_exchange', { id: b })} />
        <SegmentedControl
          size="xs"
          aria-label={t('diff.side.label')}
          value={side}
          onChange={(value) => setSide(value as Side)}
          data={[
            { value: 'answer', label: t('diff.side.answer') },
            { value: 'request', label: t('diff.side.request') },
          ]}
        />
      </header>
      <DiffView a={a} b={b} side={side} />
    </div>
  );
}

function Exchange({ id, label }: { id: string; label: string }) {
  const { data } = useQuery({ queryKey: ['diff', 'row', id], queryFn: () => api.exchange.Row({ id }) });
  return (
    <section className={classes.exchange} aria-label={label}>
      <span className={classes.number}>#{id}</span>
      {data && <Facts row={data} />}
    </section>
  );
}

function Facts({ row }: { row: go.Row }) {
  const facts = [
    row.model || row.host,
    row.status > 0 ? String(row.status) : row.state,
    row.total_tokens >= 0 ? t('diff.tokens', { n: row.total_tokens }) : '',
    row.duration_ms > 0 ? formatDuration(row.duration_ms) : '',
    row.started ? formatTime(row.started) : '',
  ].filter((fact) => fact !== '');
  return (
    <>
      <span className={classes.about}>
        {facts.map((fact) => (
          <span key={fact}>
            <Visible text={fact} />
          </span>
        ))}
      </span>
      {row.last_user && (
        <span className={classes.said}>
          <Visible text={row.last_user} />
        </span>
      )}
    </>
  );
}
