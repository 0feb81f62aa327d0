import { ActionIcon, Button, Menu, SegmentedControl, Select } from '@mantine/core';
import {
  IconArrowLeft,
  IconArrowsLeftRight,
  IconDownload,
  IconPlayerPause,
  IconPlayerStop,
} from '@tabler/icons-react';
import type { go } from '../../api';
import { useCommand } from '../../commands';
import { useNav } from '../../frame/nav';
import { ErrorState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { formatDuration, formatMoney, formatNumber } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import frame from '../inventory/inventory.module.css';
import { exportRun, openCases, pause, stop } from './acts';
import { Banner } from './Banner';
import { CaseList } from './CaseList';
import { Compare } from './Compare';
import { Errors } from './Errors';
import { Groups } from './Groups';
import { Heat } from './Heat';
import { VerdictBar, VerdictSign, verdicts } from './parts';
import { useRenewRuns, useRun, useRuns } from './queries';
import { ResumeButton } from './Resume';
import classes from './Run.module.css';
import { costOf } from './Runs';
import { type Look, useTests } from './store';
import shared from './tests.module.css';
import { doneOf, shortNumber, stateWord, timeSpan, verdictWord } from './words';

/** Run is one run: how far it is, what it came to, and every case of it. */
export function Run({ id }: { id: string }) {
  const { data, error, refetch } = useRun(id);
  if (error) {
    return (
      <div className={frame.state}>
        <Back />
        <ErrorState error={error} onRetry={() => void refetch()} />
      </div>
    );
  }
  if (!data) return <Loading rows={10} />;
  return (
    <>
      <Head run={data} />
      <Banner run={data} />
      <Looks run={data} />
    </>
  );
}

function Back() {
  return (
    <ActionIcon
      variant="subtle"
      aria-label={t('tests.run.back')}
      title={t('tests.run.back')}
      onClick={() => useNav.getState().go('tests', { tab: 'runs', run: '' })}
    >
      <IconArrowLeft size={16} />
    </ActionIcon>
  );
}

function Head({ run }: { run: go.RunOut }) {
  const { row, waiting } = run;
  const { tally } = row;
  const renew = useRenewRuns();
  const running = row.state === 'running' && row.here;
  const done = doneOf(tally);
  useCommand('tests.pause', () => void pause(row.id, renew), running);
  return (
    <header className={classes.runHead} data-pane="tests-run">
      <div className={classes.runTitle}>
        <Back />
        <h2 title={row.name}>
          <Visible text={row.name} />
        </h2>
        <span className={shared.state} data-state={row.state}>
          {stateWord(row.state)}
        </span>
        <span className={shared.space} />
        <Acts run={run} running={running} renew={renew} />
      </div>
      <div className={classes.progress}>
        <VerdictBar counts={tally.counts} tall />
        <p role="status">
          <strong>{t('tests.run.progress', { done, all: tally.cases })}</strong>
          {running && row.left.high > 0 && <span>{t('tests.run.left', { time: timeSpan(row.left) })}</span>}
          <span>{formatDuration(row.spent_ms)}</span>
          <span>{of('tests.run.requests', tally.requests, run.budget.requests)}</span>
          <span>{of('tests.run.tokens', tally.tokens, run.budget.tokens)}</span>
          <span>
            {run.budget.usd > 0
              ? t('tests.run.costOf', { cost: costOf(tally), all: formatMoney(run.budget.usd) })
              : costOf(tally)}
          </span>
          {tally.throttled_ms > 0 && (
            <span>{t('tests.run.throttled', { time: formatDuration(tally.throttled_ms) })}</span>
          )}
          {waiting && (
            <span data-warn>
              <Visible text={waiting} />
            </span>
          )}
        </p>
      </div>
    </header>
  );
}

const amounts = {
  'tests.run.requests': (n: string) => t('tests.run.requests', { n }),
  'tests.run.tokens': (n: string) => t('tests.run.tokens', { n }),
} as const;

// An amount, and the bound it has.
function of(key: keyof typeof amounts, used: number, most: number): string {
  const n =
    most > 0 ? t('tests.run.of', { used: shortNumber(used), most: shortNumber(most) }) : shortNumber(used);
  return amounts[key](n);
}

interface ActsProps {
  run: go.RunOut;
  running: boolean;
  renew(): void;
}

function Acts({ run, running, renew }: ActsProps) {
  const { row, baseline } = run;
  const { pending, errored } = row.tally.counts;
  return (
    <>
      {running && (
        <>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlayerPause size={14} />}
            onClick={() => void pause(row.id, renew)}
          >
            {t('tests.run.pause')}
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlayerStop size={14} />}
            onClick={() => void stop(row.id, renew)}
          >
            {t('tests.run.stop')}
          </Button>
        </>
      )}
      {!row.here && pending > 0 && <ResumeButton run={row} />}
      {!row.here && errored > 0 && <ResumeButton run={row} again />}
      <CompareWith run={row} baseline={baseline} />
      <Menu position="bottom-end">
        <Menu.Target>
          <Button size="compact-sm" variant="default" leftSection={<IconDownload size={14} />}>
            {t('tests.run.export')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => void exportRun(row.id, 'sarif', baseline)}>
            {t('tests.run.sarif')}
          </Menu.Item>
          <Menu.Item onClick={() => void exportRun(row.id, 'junit', baseline)}>
            {t('tests.run.junit')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

function CompareWith({ run, baseline }: { run: go.RunRow; baseline: string }) {
  const runs = useRuns().data?.runs ?? [];
  const before = useTests((state) => (state.look === 'compare' ? state.before : ''));
  const others = runs.filter(({ id }) => id !== run.id);
  if (others.length === 0) return null;
  return (
    <Select
      size="xs"
      w={230}
      aria-label={t('tests.run.compareWith')}
      placeholder={t('tests.run.compare')}
      leftSection={<IconArrowsLeftRight size={14} />}
      data={others.map(({ id, name }) => ({
        value: id,
        label: t(id === baseline ? 'tests.run.otherStarred' : 'tests.run.other', { id, name }),
      }))}
      value={before || null}
      onChange={(id) =>
        useTests.setState(id ? { look: 'compare', before: id, change: '' } : { look: 'cases', before: '' })
      }
      renderOption={({ option }) => <Visible text={option.label} />}
      clearable
      searchable
    />
  );
}

// Every number opens what it counts.
function Chips({ run }: { run: go.RunOut }) {
  const { counts, flaky, blocked, cases } = run.row.tally;
  const { filter, look } = useTests();
  const listed = look === 'cases';
  return (
    // biome-ignore lint/a11y/useSemanticElements: buttons that belong together are no fieldset
    <div className={shared.row} role="group" aria-label={t('tests.chips.label')}>
      <button
        type="button"
        className={frame.chip}
        aria-pressed={listed && filter.verdicts.length === 0}
        onClick={() => openCases({})}
      >
        {t('tests.chips.all')} <span className={frame.chipN}>{formatNumber(cases)}</span>
      </button>
      {verdicts.map((verdict) => {
        if (verdict === 'pending' && counts.pending === 0) return null;
        const more =
          verdict === 'vulnerable' && flaky > 0
            ? t('tests.chips.flaky', { n: flaky })
            : verdict === 'resisted' && blocked > 0
              ? t('tests.chips.blocked', { n: blocked })
              : '';
        return (
          <button
            key={verdict}
            type="button"
            className={`${frame.chip} ${classes.chip}`}
            data-verdict={verdict}
            aria-pressed={listed && filter.verdicts.length === 1 && filter.verdicts[0] === verdict}
            title={more || undefined}
            onClick={() => openCases({ verdicts: [verdict] })}
          >
            <VerdictSign verdict={verdict} />
            {verdictWord(verdict)} <span className={frame.chipN}>{formatNumber(counts[verdict])}</span>
            {more && <span className={frame.dim}>{more}</span>}
          </button>
        );
      })}
    </div>
  );
}

const titles: Record<Exclude<Look, 'compare'>, () => string> = {
  cases: () => t('tests.look.cases'),
  template: () => t('tests.look.template'),
  mutation: () => t('tests.look.mutation'),
  target: () => t('tests.look.target'),
  heat: () => t('tests.look.heat'),
  errors: () => t('tests.look.errors'),
};

function Looks({ run }: { run: go.RunOut }) {
  const look = useTests((state) => state.look);
  const before = useTests((state) => state.before);
  const { id, tally } = run.row;
  return (
    <>
      <div className={shared.chips} data-pane="tests-looks">
        <Chips run={run} />
        <span className={shared.space} />
        <SegmentedControl
          size="xs"
          aria-label={t('tests.look.label')}
          value={look === 'compare' ? '' : look}
          onChange={(to) => useTests.setState({ look: to as Look })}
          data={(Object.keys(titles) as (keyof typeof titles)[])
            .filter((each) => each !== 'errors' || tally.counts.errored > 0 || look === 'errors')
            .map((value) => ({ value, label: titles[value]() }))}
        />
      </div>
      {look === 'cases' && <CaseList run={run} />}
      {(look === 'template' || look === 'mutation' || look === 'target') && (
        <Groups run={id} by={look} key={look} />
      )}
      {look === 'heat' && <Heat run={id} />}
      {look === 'errors' && <Errors run={run.row} />}
      {look === 'compare' && <Compare before={before} after={id} key={before} />}
    </>
  );
}
