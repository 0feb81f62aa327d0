import { ActionIcon, Progress, Tooltip, UnstyledButton } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import { api, type go } from '../api';
import { RunStatus } from '../features/tests/Status';
import { t } from '../i18n';
import { Visible } from '../theme/Visible';
import classes from './frame.module.css';
import { useNav } from './nav';
import { notifyError } from './notify';
import { useSession, useSummary } from './session';

/** StatusBar says what the project holds and what is going on, on every screen. */
export function StatusBar() {
  const session = useSession().data;
  const summary = useSummary().data;
  const go = useNav((nav) => nav.go);
  const lost = session?.capture.lost ?? 0;
  return (
    <footer className={classes.status} data-pane="status">
      {summary && (
        <>
          <UnstyledButton className={classes.link} onClick={() => go('traffic', { all: 'true', query: '' })}>
            {t('frame.status.exchanges', { n: summary.exchanges })}
          </UnstyledButton>
          <UnstyledButton className={classes.link} onClick={() => go('traffic', { query: 'kind!=plain' })}>
            {t('frame.status.conversations', { n: summary.conversations })}
          </UnstyledButton>
        </>
      )}
      {lost > 0 && (
        <span className={classes.bad}>
          <IconAlertTriangle size={14} aria-hidden /> {t('frame.capture.lost', { lost })}
        </span>
      )}
      <div className={classes.space} />
      <RunStatus />
      {session?.jobs.map((job) => (
        <JobItem key={job.id} job={job} />
      ))}
    </footer>
  );
}

const doneFor = 30_000; // milliseconds

function percentOf({ done, all, state }: go.Job): number | undefined {
  if (state !== 'running' || all <= 0) return undefined;
  return Math.min(100, Math.round((100 * done) / all));
}

/** JobItem is one job: how far it is, with a way to stop it; or what came of it, with a way to put it away. */
function JobItem({ job }: { job: go.Job }) {
  const client = useQueryClient();
  const running = job.state === 'running';
  const percent = percentOf(job);
  const end = useCallback(
    () =>
      api.session
        .EndJob({ id: job.id })
        .catch(notifyError)
        .finally(() => client.invalidateQueries({ queryKey: ['session'] })),
    [client, job.id],
  );
  // What went well goes by itself; what failed waits for somebody to see it.
  useEffect(() => {
    if (job.state !== 'done') return;
    const timer = setTimeout(end, doneFor);
    return () => clearTimeout(timer);
  }, [job.state, end]);
  const action = running ? t('frame.job.cancel') : t('frame.job.dismiss');
  return (
    <div className={classes.job} data-state={job.state} role="status">
      {job.state === 'done' && <IconCheck size={14} aria-hidden />}
      {job.state === 'failed' && <IconAlertTriangle size={14} aria-hidden />}
      <Tooltip
        label={<Visible text={job.note || job.what} />}
        multiline
        maw={420}
        disabled={!job.note && !job.what}
      >
        <span className={classes.jobText}>
          {t('frame.job.name', { kind: job.kind, state: job.state })} <Visible text={job.note || job.what} />
        </span>
      </Tooltip>
      {running && (
        <Progress
          w={90}
          value={percent ?? 100}
          animated={percent === undefined}
          striped={percent === undefined}
          aria-label={t('frame.job.name', { kind: job.kind, state: job.state })}
        />
      )}
      {percent !== undefined && <span>{t('frame.job.percent', { percent: percent / 100 })}</span>}
      <ActionIcon size={24} aria-label={action} title={action} onClick={end}>
        <IconX size={14} />
      </ActionIcon>
    </div>
  );
}
