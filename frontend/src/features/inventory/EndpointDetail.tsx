import { Menu } from '@mantine/core';
import { IconArrowsSplit } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { go } from '../../api';
import { Copy } from '../../frame/ui';
import { t } from '../../i18n';
import { formatDateTime, formatNumber } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import { Auths, Cors, Limits, Security } from './Access';
import { split, undecide } from './acts';
import { Detail } from './Detail';
import classes from './EndpointDetail.module.css';
import base from './inventory.module.css';
import { Lines } from './Lines';
import { Parameters } from './Parameters';
import { Places } from './Places';
import {
  Count,
  Exchange,
  Fact,
  New,
  Nothing,
  PathText,
  parameter,
  Risk,
  Samples,
  Section,
  When,
  Words,
} from './parts';
import { useEndpoint, useRenew } from './queries';
import { Shapes } from './Shapes';
import { useInventory } from './store';
import { accessWord, documentedWord, kindWord } from './words';

/** EndpointDetail is all that is known of one endpoint. */
export function EndpointDetail({ id, onClose }: { id: string; onClose(): void }) {
  const { data, error, refetch } = useEndpoint(id);
  const close = () => {
    useInventory.setState({ endpoint: '' });
    onClose();
  };
  return (
    <Detail
      label={t('inventory.detail.endpoint')}
      pane="inventory-detail"
      about={id}
      title={data && <Title row={data.row} />}
      error={error}
      onRetry={() => void refetch()}
      onClose={close}
    >
      {data && <All out={data} />}
    </Detail>
  );
}

function Title({ row }: { row: go.EndpointRow }) {
  const url = `${row.scheme}://${row.host}${row.path}`;
  return (
    <>
      {row.new && <New />}
      <span className={classes.method}>
        <Visible text={row.method} />
      </span>{' '}
      <span className={base.dim}>
        <Visible text={`${row.scheme}://${row.host}`} />
      </span>
      <Segments row={row} />
      {row.operation && (
        <span className={base.operation}>
          <Visible text={row.operation} />
        </span>
      )}
      <Copy text={url} title={t('inventory.detail.copy')} />
    </>
  );
}

// The path: each parameter is a menu by which it is taken apart.
function Segments({ row }: { row: go.EndpointRow }) {
  const renew = useRenew();
  const segments = row.path.replace(/^\//, '').split('/');
  if (!row.path.includes('{')) return <PathText path={row.path} />;
  return segments.map((segment, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: segments of one path in order
    <span key={at}>
      /
      {segment.split(parameter).map((part, n) =>
        n % 2 === 1 ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts of one segment in order
          <Parameter key={n} name={part} onSplit={() => void split(row.id, at, part, renew)} />
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts of one segment in order
          <Visible key={n} text={part} />
        ),
      )}
    </span>
  ));
}

function Parameter({ name, onSplit }: { name: string; onSplit(): void }) {
  return (
    <Menu>
      <Menu.Target>
        <button type="button" className={classes.paramButton} title={t('inventory.split.menu', { name })}>
          <Visible text={name} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconArrowsSplit size={15} />} onClick={onSplit}>
          {t('inventory.split.item', { name })}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function All({ out }: { out: go.EndpointOut }) {
  const { row } = out;
  return (
    <>
      <Summary out={out} />
      <Section title={t('inventory.part.risk')} n={out.risks.length}>
        <Risks out={out} />
      </Section>
      <Section title={t('inventory.part.samples')}>
        {row.count === 0 ? <Nothing>{t('inventory.samples.never')}</Nothing> : <Samples rows={out.samples} />}
        {row.count > out.samples.length && (
          <p>
            <Count n={row.count} query={row.query} label={t('inventory.samples.all', { n: row.count })} />
          </p>
        )}
      </Section>
      <Section title={t('inventory.part.parameters')} n={out.parameters.length}>
        <Parameters list={out.parameters} />
      </Section>
      <Section title={t('inventory.part.schema')}>
        <Shapes shapes={out.shapes} unparsed={out.unparsed} />
      </Section>
      <Section title={t('inventory.part.sensitive')} n={out.places.length}>
        <Places places={out.places} />
      </Section>
      <Section title={t('inventory.part.access')}>
        <Auths auths={out.auths} />
        <Security list={out.security} />
        <Cors cors={out.cors} />
        <Limits limits={out.limits} />
      </Section>
      <Section title={t('inventory.part.documents')}>
        <Documented out={out} />
      </Section>
      <Section title={t('inventory.part.changes')} n={out.changes.length}>
        <Lines lines={out.changes} of={row.id} none={t('inventory.changes.none')} />
      </Section>
      <Decisions list={out.decisions} />
      {out.cut && <Nothing>{t('inventory.cut')}</Nothing>}
    </>
  );
}

const tallies = (list: go.Count[]) => list.map(({ value, n }) => `${value} × ${formatNumber(n)}`);

function Summary({ out }: { out: go.EndpointOut }) {
  const { row, dynamic } = out;
  const list = (name: string, values: string[]): ReactNode =>
    values.length > 0 && (
      <Fact name={name}>
        <Words words={values} />
      </Fact>
    );
  return (
    <dl className={base.facts}>
      <Fact name={t('inventory.fact.kind')}>
        {[row.kind ? kindWord(row.kind) : t('inventory.unknown'), row.protocol].filter(Boolean).join(' · ')}
        {row.provider && (
          <>
            {' · '}
            <Visible text={row.provider} />
          </>
        )}
        {row.family && (
          <span className={base.dim}>
            {' · '}
            <Visible text={row.family} />
          </span>
        )}
      </Fact>
      {list(t('inventory.fact.models'), row.models)}
      <Fact name={t('inventory.fact.access')}>
        {row.access ? accessWord(row.access) : t('inventory.unknown')}
        {out.addresses.length > 0 && (
          <>
            {' '}
            <Words words={out.addresses} most={6} />
          </>
        )}
      </Fact>
      <Fact name={t('inventory.fact.documented')}>{documentedWord(row.documented)}</Fact>
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
      {list(t('inventory.fact.statuses'), tallies(out.statuses))}
      {list(t('inventory.fact.requests'), tallies(out.requests))}
      {list(t('inventory.fact.responses'), tallies(out.responses))}
      {list(t('inventory.fact.clients'), out.clients)}
      {list(t('inventory.fact.tools'), out.tools)}
      {out.failed > 0 && (
        <Fact name={t('inventory.fact.failed')}>{t('inventory.fact.failedText', { n: out.failed })}</Fact>
      )}
      {dynamic.why && (
        <Fact name={t('inventory.fact.dynamic')}>
          {dynamic.why === 'host' ? t('inventory.dynamicHost') : t('inventory.dynamicNamed')}{' '}
          <Exchange id={dynamic.by} />
          {dynamic.path && (
            <span className={base.mono}>
              {' '}
              <Visible text={dynamic.path} />
            </span>
          )}
        </Fact>
      )}
      {out.moved_from && (
        <Fact name={t('inventory.fact.moved')}>
          <Visible text={out.moved_from} />
        </Fact>
      )}
    </dl>
  );
}

function Risks({ out }: { out: go.EndpointOut }) {
  if (out.risks.length === 0) return <Nothing>{t('inventory.risk.noReason')}</Nothing>;
  return (
    <>
      <p className={classes.total}>
        <Risk risk={out.row.risk} why="" /> {t('inventory.risk.of')}
      </p>
      <ul className={base.reasons}>
        {out.risks.map(({ code, points, what }) => (
          <li key={code}>
            <span className={base.points}>{t('inventory.risk.points', { n: points })}</span>
            <span>
              <Visible text={what} />
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Documented({ out }: { out: go.EndpointOut }) {
  if (out.documents.length === 0) return <Nothing>{documentedWord(out.row.documented)}</Nothing>;
  return out.documents.map(({ document, operation, differences }) => (
    <div key={`${document} ${operation}`} className={classes.document}>
      <p>
        <strong>
          <Visible text={document} />
        </strong>{' '}
        <span className={base.mono}>
          <Visible text={operation} />
        </span>
      </p>
      {differences.length === 0 ? (
        <Nothing>
          {out.row.count === 0 ? t('inventory.samples.never') : t('inventory.documents.same')}
        </Nothing>
      ) : (
        <ul>
          {differences.map((each) => (
            <li key={each}>
              <Visible text={each} />
            </li>
          ))}
        </ul>
      )}
    </div>
  ));
}

// What a person said about the paths of this endpoint, to take it back.
function Decisions({ list }: { list: go.PathDecision[] }) {
  const renew = useRenew();
  if (list.length === 0) return null;
  return (
    <Section title={t('inventory.part.decisions')}>
      <ul className={base.reasons}>
        {list.map(({ id, merge, at, names }) => (
          <li key={id}>
            <span className={base.points}>
              {merge ? t('inventory.decision.merged') : t('inventory.decision.split')}
            </span>
            <span>
              <Words words={names} most={8} /> <When at={at} />{' '}
              <button type="button" className={base.link} onClick={() => void undecide(id, renew)}>
                {t('inventory.decision.undo')}
              </button>
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
