import { UnstyledButton } from '@mantine/core';
import { t } from '../../i18n';
import { openRun } from './acts';
import { VerdictBar } from './parts';
import { useFreshRuns, useRunning } from './queries';
import classes from './Status.module.css';
import { doneOf, timeSpan } from './words';

/** RunStatus tells in the status bar of the runs at work; each leads to it. */
export function RunStatus() {
  useFreshRuns();
  const runs = useRunning().data?.runs ?? [];
  return runs.map(({ id, name, tally, left }) => {
    const progress = t('tests.status', { id, done: doneOf(tally), all: tally.cases });
    return (
      <UnstyledButton key={id} className={classes.status ?? ''} title={name} onClick={() => openRun(id)}>
        <span>{progress}</span>
        <span className={classes.statusBar}>
          <VerdictBar counts={tally.counts} />
        </span>
        {left.high > 0 && <span>{timeSpan(left)}</span>}
      </UnstyledButton>
    );
  });
}
