import { ActionIcon, Button, SegmentedControl, Tabs } from '@mantine/core';
import { IconCheck, IconDots, IconFlagOff, IconShieldOff } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { go } from '../../api';
import { useCommand } from '../../commands';
import { Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { formatDateTime, formatDuration, formatMoney, formatNumber } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import { ExchangeMenu } from '../actions/ExchangeMenu';
import { DiffView } from '../diff/DiffView';
import { ExchangeDetail, type View } from '../exchange/ExchangeDetail';
import detailClasses from '../inventory/Detail.module.css';
import frame from '../inventory/inventory.module.css';
import { Exchange, Fact, Failed, Nothing, Scrolls, Section } from '../inventory/parts';
import screenClasses from '../inventory/Screen.module.css';
import { openTemplate, overrule } from './acts';
import classes from './CaseDetail.module.css';
import { DetailHead } from './DetailHead';
import { OverruleDialog, type Says } from './OverruleDialog';
import { Proof } from './Proof';
import { Severity, Verdict, VerdictSign } from './parts';
import { useCase, useRenewRuns } from './queries';
import shared from './tests.module.css';
import { byWord, mutationWord, verdictWord } from './words';

/** CaseDetail is one case: what was sent, what came back, and what proves its verdict. */
export function CaseDetail({ run, n, onClose }: { run: string; n: number; onClose(): void }) {
  const { data, error, refetch } = useCase(run, n);
  if (error) {
    return <Failed error={error} onRetry={() => void refetch()} />;
  }
  if (!data) return <Loading rows={8} />;
  return <Shown run={run} data={data} onClose={onClose} fresh={data.row.n === n} />;
}

type Part = 'proof' | 'diff' | 'exchange' | 'judge' | 'about';

// The trial that decided, as the list tells of it.
function deciding({ row, trials }: go.CaseOut): number {
  const found = trials.findLast(({ judgement }) => judgement.verdict === row.verdict);
  return (found ?? trials.at(-1))?.n ?? 0;
}

interface ShownProps {
  run: string;
  data: go.CaseOut;
  fresh: boolean;
  onClose(): void;
}

function Shown({ run, data, fresh, onClose }: ShownProps) {
  const { row, trials } = data;
  const [part, setPart] = useState<Part>('proof');
  const [view, setView] = useState<View>('chat');
  const [chosen, setChosen] = useState(0);
  const [says, setSays] = useState<Says>();
  const renew = useRenewRuns();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another case begins at the trial that decided it
  useEffect(() => setChosen(0), [row.n]);
  const trial = trials.find((each) => each.n === chosen) ?? trials.find((each) => each.n === deciding(data));
  const judged = trial !== undefined && trial.judgement.verdict !== 'errored';
  useCommand('tests.falsePositive', () => setSays('resisted'), judged);
  useCommand('tests.verified', () => setSays('vulnerable'), judged);
  useCommand('tests.accept', () => setSays('accept'), row.verdict === 'vulnerable');
  useCommand('tests.diff', () => setPart('diff'), trial !== undefined);
  const last = trial?.exchanges.at(-1) ?? '';
  return (
    <article
      className={detailClasses.detail}
      data-pane="tests-case"
      aria-label={row.name}
      aria-busy={!fresh}
      data-stale={!fresh || undefined}
    >
      <DetailHead
        title={row.name}
        sub={
          <>
            <Verdict
              verdict={row.done ? row.verdict : ''}
              blocked={row.blocked}
              person={row.by === 'person'}
            />{' '}
            <Severity severity={row.severity} />{' '}
            <span className={frame.dim}>
              <Visible
                text={t('tests.case.sub', {
                  n: row.n,
                  mutation: mutationWord(row.mutation),
                  target: row.target_name,
                })}
              />
            </span>
          </>
        }
        onClose={onClose}
      >
        {last && (
          <ExchangeMenu ids={[last]}>
            <ActionIcon variant="subtle" aria-label={t('tests.case.menu', { id: last })}>
              <IconDots size={16} />
            </ActionIcon>
          </ExchangeMenu>
        )}
      </DetailHead>
      <div className={classes.caseBar}>
        {trials.length > 1 && (
          <SegmentedControl
            size="xs"
            aria-label={t('tests.case.trials')}
            value={String(trial?.n ?? 0)}
            onChange={(to) => setChosen(Number(to))}
            data={trials.map((each) => ({
              value: String(each.n),
              label: (
                <span className={classes.trial} title={verdictWord(each.judgement.verdict)}>
                  <VerdictSign verdict={each.judgement.verdict} /> {each.n}
                </span>
              ),
            }))}
          />
        )}
        <span className={shared.space} />
        <Button
          size="compact-sm"
          variant="default"
          disabled={!judged}
          leftSection={<IconFlagOff size={14} />}
          onClick={() => setSays('resisted')}
        >
          {t('tests.overrule.falsePositive')}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          disabled={!judged}
          leftSection={<IconCheck size={14} />}
          onClick={() => setSays('vulnerable')}
        >
          {t('tests.overrule.verified')}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          disabled={row.verdict !== 'vulnerable'}
          leftSection={<IconShieldOff size={14} />}
          onClick={() => setSays('accept')}
        >
          {t('tests.overrule.accept')}
        </Button>
      </div>
      <Tabs
        value={part}
        onChange={(next) => next && setPart(next as Part)}
        keepMounted={false}
        className={screenClasses.tabs ?? ''}
      >
        <Tabs.List aria-label={t('tests.case.parts')}>
          <Tabs.Tab value="proof">{t('tests.case.proof')}</Tabs.Tab>
          <Tabs.Tab value="diff">{t('tests.case.diff')}</Tabs.Tab>
          <Tabs.Tab value="exchange">{t('tests.case.exchange')}</Tabs.Tab>
          <Tabs.Tab value="judge">{t('tests.case.judge')}</Tabs.Tab>
          <Tabs.Tab value="about">{t('tests.case.about')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value={part} className={screenClasses.panel ?? ''}>
          {part === 'exchange' && last ? (
            <ExchangeDetail id={last} view={view} onView={setView} />
          ) : part === 'diff' ? (
            <Difference a={data.baseline} b={last} />
          ) : (
            <Scrolls label={t('tests.case.parts')} className={detailClasses.detailBody}>
              {part === 'about' && <About data={data} />}
              {part !== 'about' && (!trial || part === 'exchange') && (
                <Nothing>{t('tests.case.notSent')}</Nothing>
              )}
              {part === 'proof' && trial && <Proof trial={trial} onExchange={() => setPart('exchange')} />}
              {part === 'judge' && trial && (
                <Judge
                  trial={trial}
                  data={data}
                  onTakeBack={() =>
                    void overrule({ run, n: row.n, trial: trial.n, verdict: '', reason: '' }, renew)
                  }
                />
              )}
            </Scrolls>
          )}
        </Tabs.Panel>
      </Tabs>
      {says && trial && (
        <OverruleDialog run={run} n={row.n} trial={trial.n} says={says} onClose={() => setSays(undefined)} />
      )}
    </article>
  );
}

function Difference({ a, b }: { a: string; b: string }) {
  if (!a) return <div className={frame.state}>{t('tests.case.noBaseline')}</div>;
  if (!b) return <div className={frame.state}>{t('tests.case.notSent')}</div>;
  return (
    <DiffView a={a} b={b}>
      <p className={frame.note}>
        <span>
          {t('tests.case.before')} <Exchange id={a} />
        </span>
        <span>
          {t('tests.case.after')} <Exchange id={b} />
        </span>
      </p>
    </DiffView>
  );
}

interface JudgeProps {
  trial: go.TrialOut;
  data: go.CaseOut;
  onTakeBack(): void;
}

// Who said what: rules, the model that was asked, and a person.
function Judge({ trial, data, onTakeBack }: JudgeProps) {
  const { judgement, rules, vote, person } = trial;
  const said = rules.verdict ? rules : judgement.by === 'rules' ? judgement : undefined;
  const { counts } = data.row;
  return (
    <>
      {data.judged > 0 && (
        <p className={frame.paragraph}>
          {t('tests.judge.rate', {
            hits: counts.vulnerable,
            n: data.judged,
            low: data.interval.low,
            high: data.interval.high,
          })}
        </p>
      )}
      {person.verdict && (
        <Section title={t('tests.judge.person')}>
          <Verdict verdict={person.verdict} />
          <p className={frame.paragraph}>
            <Visible text={person.reason} />
          </p>
          <p className={frame.nothing}>
            {formatDateTime(person.at)}{' '}
            <button type="button" className={frame.link} onClick={onTakeBack}>
              {t('tests.judge.takeBack')}
            </button>
          </p>
        </Section>
      )}
      {vote.verdict && (
        <Section title={t('tests.judge.model', { name: vote.judge })}>
          <Verdict verdict={vote.verdict} />
          <p className={frame.paragraph}>
            <Visible text={vote.reason} />
          </p>
          <p className={frame.nothing}>
            {t('tests.judge.cost', {
              tokens: formatNumber(vote.input_tokens + vote.output_tokens),
              cost: vote.priced ? formatMoney(vote.usd) : t('tests.forecast.unpriced'),
            })}
          </p>
          <details>
            <summary>{t('tests.judge.asked')}</summary>
            <pre className={shared.code}>
              <Visible text={vote.asked} />
            </pre>
          </details>
        </Section>
      )}
      <Section title={t('tests.judge.rules')}>
        {said ? (
          <>
            <Verdict verdict={said.verdict} blocked={said.blocked} />
            <p className={frame.paragraph}>
              <Visible text={said.reason} />
            </p>
            <p className={frame.nothing}>{t('tests.judge.confidence', { part: said.confidence })}</p>
          </>
        ) : (
          <Nothing>{t('tests.judge.noRules')}</Nothing>
        )}
      </Section>
      <Section title={t('tests.judge.trial', { n: trial.n })}>
        <dl className={frame.facts}>
          <Fact name={t('tests.judge.decided')}>{byWord(judgement.by)}</Fact>
          <Fact name={t('tests.judge.started')}>{formatDateTime(trial.started)}</Fact>
          <Fact name={t('tests.judge.took')}>{formatDuration(trial.took_ms)}</Fact>
          <Fact name={t('tests.judge.tokens')}>
            {t(trial.estimated ? 'tests.judge.tokensOurs' : 'tests.judge.tokensTheirs', {
              input: trial.input_tokens,
              output: trial.output_tokens,
            })}
          </Fact>
          <Fact name={t('tests.judge.money')}>
            {trial.priced ? formatMoney(trial.usd) : t('tests.forecast.unpriced')}
          </Fact>
          {trial.throttled_ms > 0 && (
            <Fact name={t('tests.judge.throttled')}>{formatDuration(trial.throttled_ms)}</Fact>
          )}
        </dl>
      </Section>
    </>
  );
}

function About({ data }: { data: go.CaseOut }) {
  return (
    <>
      <Section title={t('tests.case.what')}>
        <p className={frame.paragraph}>
          <Visible text={data.description || t('tests.case.gone')} />
        </p>
        <button type="button" className={frame.link} onClick={() => openTemplate(data.row.template)}>
          {t('tests.case.template')}
        </button>
      </Section>
      {data.remediation && (
        <Section title={t('tests.library.fix')}>
          <p className={frame.paragraph}>
            <Visible text={data.remediation} />
          </p>
        </Section>
      )}
      {data.frameworks.length > 0 && (
        <Section title={t('tests.case.frameworks')}>
          <dl className={frame.facts}>
            {data.frameworks.map(({ id, title }) => (
              <Fact key={id} name={id}>
                <Visible text={title} />
              </Fact>
            ))}
          </dl>
        </Section>
      )}
    </>
  );
}
