import { Button } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { go } from '../../api';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import frame from '../inventory/inventory.module.css';
import { openCases, stop } from './acts';
import classes from './Banner.module.css';
import { useRenewRuns } from './queries';
import { ResumeButton } from './Resume';
import { Skipped } from './Skipped';
import { doneOf } from './words';

/** Banner says what a person has to know before they read the numbers: it broke off, it waits, or it proves little. */
export function Banner({ run }: { run: go.RunOut }) {
  const { row } = run;
  const { tally } = row;
  const done = doneOf(tally);
  const renew = useRenewRuns();
  if (row.state === 'running' && row.here) return null;
  if (row.state === 'running') return <Line>{t('tests.banner.elsewhere')}</Line>;
  if (row.state === 'interrupted') {
    return (
      <Line
        warn
        acts={
          <>
            <ResumeButton run={row} />
            <Button size="compact-sm" variant="default" onClick={() => void stop(row.id, renew)}>
              {t('tests.banner.finish')}
            </Button>
          </>
        }
      >
        {t('tests.banner.interrupted', { done, all: tally.cases })} <Visible text={row.why} />
      </Line>
    );
  }
  if (row.state === 'paused' || row.state === 'stopped') {
    return (
      <Line warn={row.state === 'paused'}>
        {row.state === 'paused'
          ? t('tests.banner.paused', { done, all: tally.cases })
          : t('tests.banner.stopped', { done, all: tally.cases })}{' '}
        <Visible text={row.why} />
      </Line>
    );
  }
  if (row.state === 'done' && tally.counts.vulnerable === 0) return <Nothing run={run} />;
  if (row.state === 'done' && (run.skipped.length > 0 || run.untested.length > 0)) return <Rest run={run} />;
  return null;
}

function Line({ children, acts, warn = false }: { children: ReactNode; acts?: ReactNode; warn?: boolean }) {
  const Icon = warn ? IconAlertTriangle : IconInfoCircle;
  return (
    <div className={classes.banner} data-warn={warn || undefined} role="status">
      <Icon size={16} aria-hidden />
      <span className={classes.said}>{children}</span>
      {acts}
    </div>
  );
}

// Nothing was proven: that is said together with what was not tested, so that it is not read as safe.
function Nothing({ run }: { run: go.RunOut }) {
  const { unclear, errored } = run.row.tally.counts;
  return (
    <section className={classes.banner} data-open aria-label={t('tests.banner.nothing')}>
      <div className={classes.said}>
        <p className={frame.paragraph}>
          <strong>{t('tests.banner.nothing')}</strong> {t('tests.banner.nothingText')}
        </p>
        <p className={frame.paragraph}>
          {unclear > 0 && (
            <button type="button" className={frame.link} onClick={() => openCases({ verdicts: ['unclear'] })}>
              {t('tests.banner.unclear', { n: unclear })}
            </button>
          )}{' '}
          {errored > 0 && (
            <button type="button" className={frame.link} onClick={() => openCases({ verdicts: ['errored'] })}>
              {t('tests.banner.errored', { n: errored })}
            </button>
          )}
        </p>
        <Gaps run={run} />
      </div>
    </section>
  );
}

function Rest({ run }: { run: go.RunOut }) {
  const left = run.skipped.reduce((sum, { templates }) => sum + templates.length, 0);
  return (
    <details className={classes.rest}>
      <summary>{t('tests.banner.rest', { templates: left, items: run.untested.length })}</summary>
      <Gaps run={run} />
    </details>
  );
}

function Gaps({ run }: { run: go.RunOut }) {
  return (
    <>
      {run.untested.length > 0 && (
        <p className={frame.paragraph}>
          {t('tests.banner.untested')}{' '}
          {run.untested.map(({ id, title }) => `${id.slice(0, 5)} ${title}`).join(', ')}.
        </p>
      )}
      <Skipped groups={run.skipped} />
    </>
  );
}
