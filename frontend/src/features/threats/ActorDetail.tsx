import { Button } from '@mantine/core';
import { IconListDetails } from '@tabler/icons-react';
import type { go } from '../../api';
import { t } from '../../i18n';
import { formatDateTime, formatMoney, formatNumber } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import findings from '../findings/findings.module.css';
import { Severity } from '../findings/parts';
import { openTraffic } from '../inventory/acts';
import { Detail as Frame } from '../inventory/Detail';
import base from '../inventory/inventory.module.css';
import { Fact, Nothing, Section, When } from '../inventory/parts';
import classes from './Actor.module.css';
import { openThreat } from './acts';
import { Bars } from './Bars';
import { riskWord } from './columns';
import { kindWord, State } from './parts';
import { useActor } from './queries';
import { useThreats } from './store';

/** ActorDetail is all about one actor: numbers, hours, what is used, what is usual, and its threats. */
export function ActorDetail({ actor, onClose }: { actor: string; onClose(): void }) {
  const { data, error, refetch } = useActor(actor);
  return (
    <Frame
      label={t('threats.actor.label')}
      pane="actor-detail"
      about={actor}
      title={
        data && (
          <span className={findings.title}>
            {kindWord(data.row.kind)} <Visible text={data.row.name} />
          </span>
        )
      }
      error={error}
      onRetry={() => void refetch()}
      onClose={() => {
        useThreats.setState({ actor: '' });
        onClose();
      }}
    >
      {data && <All out={data} />}
    </Frame>
  );
}

function All({ out }: { out: go.ActorOut }) {
  const { row } = out;
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconListDetails size={15} />}
        onClick={() => openTraffic(out.query)}
      >
        {t('threats.actor.traffic')}
      </Button>
      <Section title={t('threats.actor.numbers')}>
        <Numbers row={row} />
      </Section>
      <Section title={t('threats.actor.baseline')}>
        <Baseline out={out} />
      </Section>
      <Section title={t('threats.actor.threats')} n={out.all}>
        <Threats out={out} />
      </Section>
      <Section title={t('threats.actor.hours')}>
        <Bars
          label={t('threats.actor.hoursText', { n: row.exchanges })}
          head={t('threats.actor.hour')}
          bars={out.hours.map((n, hour) => ({ name: clock(hour), n }))}
          axis={[clock(0), clock(24)]}
        />
      </Section>
      <Used title={t('threats.actor.endpoints')} counts={out.endpoints} />
      <Used title={t('threats.actor.models')} counts={out.models} />
      <Used title={t('threats.actor.tools')} counts={out.tools} />
    </>
  );
}

const clock = (hour: number) => `${String(hour).padStart(2, '0')}:00`;

const millionth = 1e-6; // of a US dollar

function Numbers({ row }: { row: go.ActorRow }) {
  return (
    <dl className={base.facts}>
      <Fact name={t('threats.actor.key')}>
        <span className={base.mono}>
          <Visible text={row.key} />
        </span>
      </Fact>
      <Fact name={t('threats.column.exchanges')}>
        {t('threats.actor.exchanges', { n: row.exchanges, refused: row.refused, failed: row.failed })}
      </Fact>
      <Fact name={t('threats.column.tokens')}>
        {t('threats.actor.tokens', {
          input: formatNumber(row.input_tokens),
          output: formatNumber(row.output_tokens),
        })}
        {row.cost > 0 && `, ${formatMoney(row.cost * millionth)}`}
      </Fact>
      <Fact name={t('threats.column.risk')}>{riskWord(row.risk)}</Fact>
      <Fact name={t('threats.column.first')}>{formatDateTime(row.first_seen)}</Fact>
      <Fact name={t('threats.column.last')}>{formatDateTime(row.last_seen)}</Fact>
    </dl>
  );
}

const rounded = (n: number) => formatNumber(Math.abs(n) < 10 ? Math.round(n * 100) / 100 : Math.round(n));

function Baseline({ out }: { out: go.ActorOut }) {
  return (
    <>
      {out.learning && (
        <Nothing>
          {t('threats.actor.learning')} <Visible text={out.learning} />
        </Nothing>
      )}
      {out.baseline.length > 0 && (
        <table className={classes.usual}>
          <thead>
            <tr>
              <th scope="col">{t('threats.actor.measure')}</th>
              <th scope="col">{t('threats.actor.usual')}</th>
              <th scope="col">{t('threats.actor.now')}</th>
              <th scope="col">{t('threats.actor.of')}</th>
            </tr>
          </thead>
          <tbody>
            {out.baseline.map(({ measure, low, high, now, of, above }) => (
              <tr key={measure} data-above={above || undefined}>
                <th scope="row">
                  <Visible text={measure} />
                </th>
                <td>{t('threats.actor.between', { low: rounded(low), high: rounded(high) })}</td>
                <td>
                  {rounded(now)} {above && <strong>{t('threats.actor.above')}</strong>}
                </td>
                <td>{formatNumber(of)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {!out.learning && out.baseline.length === 0 && <Nothing>{t('threats.actor.noBaseline')}</Nothing>}
    </>
  );
}

function Threats({ out }: { out: go.ActorOut }) {
  if (out.threats.length === 0) return <Nothing>{t('threats.actor.noThreats')}</Nothing>;
  return (
    <>
      <ul className={classes.threats}>
        {out.threats.map((row) => (
          <li key={row.id}>
            <Severity severity={row.severity} />
            <button type="button" className={base.link} onClick={() => openThreat(row.id)}>
              <Visible text={row.title} />
            </button>
            <State state={row.state} />
            <span className={base.dim}>
              <When at={row.last_seen} />
            </span>
          </li>
        ))}
      </ul>
      {out.all > out.threats.length && (
        <Nothing>{t('threats.actor.more', { n: out.all - out.threats.length })}</Nothing>
      )}
    </>
  );
}

function Used({ title, counts }: { title: string; counts: readonly go.Count[] }) {
  if (counts.length === 0) return null;
  return (
    <Section title={title} n={counts.length}>
      <ul className={classes.used}>
        {counts.map(({ value, n }) => (
          <li key={value}>
            <span className={base.mono}>
              <Visible text={value} />
            </span>
            <span>{formatNumber(n)}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
