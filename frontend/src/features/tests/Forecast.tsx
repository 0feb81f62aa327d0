import { Alert, Button, Checkbox, Loader, Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconLock, IconPlayerPlay, IconTargetArrow } from '@tabler/icons-react';
import { useState } from 'react';
import type { go } from '../../api';
import { useCommand } from '../../commands';
import { EmptyState, ErrorState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { formatNumber } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import frame from '../inventory/inventory.module.css';
import { Fact, Section } from '../inventory/parts';
import { startRun } from './acts';
import classes from './Forecast.module.css';
import { usePlan } from './queries';
import { Skipped } from './Skipped';
import { setPlan, useTests } from './store';
import shared from './tests.module.css';
import { costWord, countSpan, moneySpan, timeSpan } from './words';

/** Forecast is what the plan comes to, while it is made: cases, tokens, cost and time, what is left out, an example. */
export function Forecast({ targets }: { targets: go.TargetsOut }) {
  const plan = useTests((state) => state.plan);
  const [settled] = useDebouncedValue(plan, 250);
  const asked = usePlan(settled);
  const [starting, setStarting] = useState(false);
  const none = plan.targets.length === 0;
  const out = none || asked.isError ? undefined : asked.data;
  const fresh = settled === plan && !asked.isFetching && !asked.isPlaceholderData;
  const outOf = out?.out_of ?? [];
  const needsKey =
    plan.key === '' && targets.models.some((each) => each.needs_key && plan.targets.includes(each.ref));
  const mayRun =
    out !== undefined && fresh && !starting && !needsKey && (outOf.length === 0 || plan.confirmed);
  const run = async () => {
    setStarting(true);
    await startRun(plan);
    setStarting(false);
  };
  useCommand('tests.run', () => void run(), mayRun);
  return (
    <aside className={classes.forecast} data-pane="tests-forecast" aria-label={t('tests.plan.forecast')}>
      <div className={classes.forecastBody} aria-busy={!fresh}>
        {none && (
          <EmptyState
            icon={<IconTargetArrow size={36} />}
            title={t('tests.plan.nothing')}
            text={t('tests.plan.nothingText')}
          />
        )}
        {!none && asked.isError && <ErrorState error={asked.error} onRetry={() => void asked.refetch()} />}
        {!none && !asked.isError && !out && <Loading rows={8} />}
        {out && <Numbers out={out} stale={!fresh} />}
      </div>
      <div className={classes.forecastEnd}>
        {outOf.length > 0 && <Scope hosts={outOf} />}
        {needsKey && <p className={frame.note}>{t('tests.plan.keyFirst')}</p>}
        <Button
          fullWidth
          className={classes.start ?? ''}
          leftSection={<IconPlayerPlay size={16} />}
          disabled={!mayRun}
          loading={starting}
          onClick={() => void run()}
        >
          <Visible text={out ? buttonWord(out) : t('tests.plan.run')} />
        </Button>
        {starting && (
          <p className={frame.nothing} role="status">
            {t('tests.plan.asking')}
          </p>
        )}
      </div>
    </aside>
  );
}

function buttonWord({ forecast, targets }: go.PlanOut): string {
  const only = targets[0];
  return t('tests.plan.runNamed', {
    cases: forecast.cases,
    targets: targets.length,
    name: only ? only.name.slice(0, 60) : '',
    cost: costWord(forecast),
  });
}

function Numbers({ out, stale }: { out: go.PlanOut; stale: boolean }) {
  const { forecast } = out;
  return (
    <>
      <div className={classes.numbers} data-stale={stale || undefined} role="status">
        <Big n={formatNumber(forecast.cases)} what={t('tests.forecast.cases', { n: forecast.cases })} />
        <Big n={countSpan(forecast.requests)} what={t('tests.forecast.requests')} />
        <Big n={countSpan(forecast.tokens)} what={t('tests.forecast.tokens')} />
        <Big
          n={forecast.priced ? moneySpan(forecast.usd) : t('tests.forecast.unpriced')}
          what={t('tests.forecast.cost')}
        />
        <Big n={timeSpan(forecast.seconds)} what={t('tests.forecast.time')} />
        <Big
          n={formatNumber(forecast.templates)}
          what={t('tests.forecast.templates', { n: forecast.templates })}
        />
        {stale && (
          <Loader size={16} className={classes.working ?? ''} aria-label={t('tests.forecast.working')} />
        )}
      </div>
      {forecast.basis && <p className={frame.nothing}>{forecast.basis}</p>}
      <Section title={t('tests.forecast.targets')} n={out.targets.length}>
        <dl className={frame.facts}>
          {out.targets.map((each) => (
            <Fact key={each.ref} name={each.kind}>
              <Visible text={each.name} /> <Visible className={frame.dim ?? ''} text={each.host} />
            </Fact>
          ))}
        </dl>
      </Section>
      <Skipped groups={out.skipped} />
      {out.example && (
        <Section title={t('tests.forecast.example')}>
          <pre className={shared.code}>
            <Visible text={out.example} />
          </pre>
          {out.cut && <p className={frame.nothing}>{t('tests.cut')}</p>}
        </Section>
      )}
    </>
  );
}

function Big({ n, what }: { n: string; what: string }) {
  return (
    <div className={classes.big}>
      <strong>{n}</strong>
      <span>{what}</span>
    </div>
  );
}

// Hosts nobody put in scope yet: a person says that they may be attacked, and who allowed it.
function Scope({ hosts }: { hosts: string[] }) {
  const plan = useTests((state) => state.plan);
  return (
    <Alert
      color="yellow"
      icon={<IconLock size={18} />}
      title={t('tests.scope.title')}
      className={classes.scope ?? ''}
    >
      <Checkbox
        checked={plan.confirmed}
        onChange={(event) => setPlan({ confirmed: event.currentTarget.checked })}
        label={<Visible text={t('tests.scope.confirm', { hosts: hosts.join(', ') })} />}
      />
      <Textarea
        mt="xs"
        size="xs"
        label={t('tests.scope.who')}
        description={t('tests.scope.whoHelp')}
        autosize
        minRows={1}
        maxRows={4}
        value={plan.authorisation}
        onChange={(event) => setPlan({ authorisation: event.currentTarget.value })}
      />
    </Alert>
  );
}
