import { Alert } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { go } from '../../api';
import { Copy } from '../../frame/ui';
import { t } from '../../i18n';
import { formatDateTime, formatMoney, formatNumber } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import classes from './AssetDetail.module.css';
import { openAsset, openEndpoint } from './acts';
import { Detail } from './Detail';
import base from './inventory.module.css';
import { Lines } from './Lines';
import { Count, Fact, New, Nothing, PathText, Samples, Section, Words } from './parts';
import { useAsset } from './queries';
import { useInventory } from './store';
import { Versions } from './Versions';
import { pulled } from './warnings';
import { kindWord, oneAssetWord, shortPrint } from './words';

const MICROS = 1_000_000; // in a dollar

/** AssetDetail is all that is known of one asset. */
export function AssetDetail({ id, onClose }: { id: string; onClose(): void }) {
  const { data, error, refetch } = useAsset(id);
  const close = () => {
    useInventory.setState({ asset: '' });
    onClose();
  };
  return (
    <Detail
      label={t('inventory.detail.asset')}
      pane="inventory-detail"
      about={id}
      title={
        data && (
          <>
            {data.row.new && <New />}
            <span className={base.dim}>{oneAssetWord(data.row.kind)}</span>{' '}
            <Visible text={data.row.name || data.row.fingerprint} />
          </>
        )
      }
      error={error}
      onRetry={() => void refetch()}
      onClose={close}
    >
      {data && <All out={data} />}
    </Detail>
  );
}

function All({ out }: { out: go.AssetOut }) {
  const { row } = out;
  return (
    <>
      <Warnings row={row} />
      <Facts out={out} />
      {out.versions.length > 0 && (
        <Section title={t('inventory.part.versions')} n={out.versions.length}>
          <Versions key={row.id} versions={out.versions} definition={row.kind !== 'prompt'} />
        </Section>
      )}
      <Section title={t('inventory.part.from')} n={out.from.length}>
        <Links links={out.from} none={t('inventory.links.noFrom')} />
      </Section>
      <Section title={t('inventory.part.to')} n={out.to.length}>
        <Links links={out.to} none={t('inventory.links.noTo')} />
      </Section>
      <Section title={t('inventory.part.endpoints')} n={out.endpoints.length}>
        <Endpoints rows={out.endpoints} />
      </Section>
      <Section title={t('inventory.part.samples')}>
        <Samples rows={out.samples} />
        {row.count > out.samples.length && (
          <p>
            <Count n={row.count} query={row.query} label={t('inventory.samples.all', { n: row.count })} />
          </p>
        )}
      </Section>
      <Section title={t('inventory.part.changes')} n={out.changes.length}>
        <Lines lines={out.changes} of={row.id} none={t('inventory.changes.none')} />
      </Section>
    </>
  );
}

function Warnings({ row }: { row: go.AssetRow }) {
  const key = row.kind === 'key';
  return (
    <div className={classes.alerts}>
      {row.warnings.length > 0 && (
        <Alert
          color={key ? 'yellow' : 'red'}
          icon={<IconAlertTriangle size={18} />}
          title={key ? t('inventory.warning.sharedTitle') : t('inventory.warning.poisonedTitle')}
        >
          <p className={base.paragraph}>
            {key ? t('inventory.warning.sharedText') : t('inventory.warning.poisonedText')}
          </p>
          <ul className={base.bullets}>
            {row.warnings.map((warning) => (
              <li key={warning}>
                <Visible text={warning} />
              </li>
            ))}
          </ul>
        </Alert>
      )}
      {pulled(row) && (
        <Alert
          color="yellow"
          icon={<IconAlertTriangle size={18} />}
          title={t('inventory.warning.pulledTitle')}
        >
          {t('inventory.warning.pulledText', { n: row.versions })}
        </Alert>
      )}
    </div>
  );
}

function Facts({ out }: { out: go.AssetOut }) {
  const { row, answered, user_agents: agents } = out;
  const text = (name: string, value: string) =>
    value !== '' && (
      <Fact name={name}>
        <Visible text={value} />
      </Fact>
    );
  const number = (name: string, value: number) => value > 0 && <Fact name={name}>{formatNumber(value)}</Fact>;
  return (
    <dl className={base.facts}>
      {text(t('inventory.fact.description'), row.description)}
      {text(t('inventory.fact.provider'), row.provider)}
      {text(t('inventory.fact.host'), row.host)}
      {row.service && <Fact name={t('inventory.fact.kind')}>{kindWord(row.service)}</Fact>}
      {text(t('inventory.fact.server'), row.server)}
      {text(t('inventory.fact.sdk'), row.sdk)}
      {text(t('inventory.fact.process'), row.process)}
      {text(t('inventory.fact.header'), row.header)}
      {text(t('inventory.fact.form'), row.form)}
      {answered.length > 0 && (
        <Fact name={t('inventory.fact.answered')}>
          <Words words={answered} />
        </Fact>
      )}
      {agents.length > 0 && (
        <Fact name={t('inventory.fact.agents')}>
          <Words words={agents} />
        </Fact>
      )}
      {number(t('inventory.fact.context'), row.context)}
      {number(t('inventory.fact.tokens'), row.tokens)}
      {row.cost > 0 && <Fact name={t('inventory.fact.cost')}>{formatMoney(row.cost / MICROS)}</Fact>}
      {number(t('inventory.fact.calls'), row.calls)}
      <Fact name={t('inventory.fact.seen')}>
        <Count n={row.count} query={row.query} label={t('inventory.count.exchanges', { n: row.count })} />
        {row.first_seen && (
          <span className={base.dim}>
            {' '}
            {t('inventory.fact.between', {
              first: formatDateTime(row.first_seen),
              last: formatDateTime(row.last_seen),
            })}
          </span>
        )}
      </Fact>
      {row.fingerprint && (
        <Fact name={t('inventory.fact.fingerprint')}>
          <span className={base.mono} title={row.fingerprint}>
            {shortPrint(row.fingerprint)}
          </span>
          <Copy text={row.fingerprint} />
        </Fact>
      )}
    </dl>
  );
}

function Links({ links, none }: { links: go.AssetLink[]; none: string }) {
  if (links.length === 0) return <Nothing>{none}</Nothing>;
  return (
    <ul className={base.links}>
      {links.map(({ id, kind, name, count }) => (
        <li key={id}>
          <span className={base.dim}>{oneAssetWord(kind)}</span>{' '}
          <button type="button" className={base.link} onClick={() => openAsset(id)}>
            <Visible text={name || id} />
          </button>{' '}
          <span className={base.dim}>× {formatNumber(count)}</span>
        </li>
      ))}
    </ul>
  );
}

function Endpoints({ rows }: { rows: go.EndpointRow[] }) {
  if (rows.length === 0) return <Nothing>{t('inventory.links.noEndpoints')}</Nothing>;
  return (
    <ul className={base.links}>
      {rows.map((row) => (
        <li key={row.id}>
          <button type="button" className={classes.plainLink} onClick={() => openEndpoint(row.id)}>
            <span className={base.mono}>
              <Visible text={row.method} /> <Visible text={row.host} />
              <PathText path={row.path} /> <Visible text={row.operation} />
            </span>
          </button>{' '}
          <Count n={row.count} query={row.query} />
        </li>
      ))}
    </ul>
  );
}
