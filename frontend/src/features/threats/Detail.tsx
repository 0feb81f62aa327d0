import { Button, Group, SegmentedControl } from '@mantine/core';
import { IconHourglass } from '@tabler/icons-react';
import { api, type go } from '../../api';
import { t } from '../../i18n';
import { formatDateTime } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import findings from '../findings/findings.module.css';
import { NoteBox } from '../findings/NoteBox';
import { Severity } from '../findings/parts';
import { openEndpoint, openTraffic } from '../inventory/acts';
import { Detail as Frame } from '../inventory/Detail';
import base from '../inventory/inventory.module.css';
import { Exchange, Fact, Nothing, Section } from '../inventory/parts';
import { openRule, setState } from './acts';
import { judging } from './List';
import { Moments } from './Moments';
import { Actor, states, stateWord, type ThreatState } from './parts';
import { useRenewThreats, useThreat } from './queries';
import { useThreats } from './store';

/** Detail is all about one threat: what was seen, what is usual, what it means, what to do, and what happened when. */
export function Detail({ id, onClose }: { id: string; onClose(): void }) {
  const { data, error, refetch } = useThreat(id);
  return (
    <Frame
      label={t('threats.detail')}
      pane="threats-detail"
      about={id}
      title={
        data && (
          <span className={findings.title}>
            <Severity severity={data.row.severity} /> <Visible text={data.row.title} />
          </span>
        )
      }
      error={error}
      onRetry={() => void refetch()}
      onClose={() => {
        useThreats.setState({ open: '' });
        onClose();
      }}
    >
      {data && <All out={data} />}
    </Frame>
  );
}

function All({ out }: { out: go.ThreatOut }) {
  const { row } = out;
  return (
    <>
      <Judge row={row} />
      <Section title={t('threats.part.seen')}>
        <p className={findings.prose}>
          <Visible text={row.seen} />
        </p>
        {out.usual && (
          <p className={findings.prose}>
            <strong>{t('threats.usual')}</strong> <Visible text={out.usual} />
          </p>
        )}
        {row.slow && (
          <p className={findings.prose}>
            <IconHourglass size={14} aria-hidden /> {t('threats.slowText')}
          </p>
        )}
        <Facts out={out} />
      </Section>
      <Section title={t('threats.part.timeline')} n={row.count}>
        <Moments key={row.id} out={out} />
      </Section>
      <Section title={t('threats.part.meaning')}>
        {out.meaning ? (
          <p className={findings.prose} data-flows>
            {out.meaning}
          </p>
        ) : (
          <Nothing>{t('threats.ruleGone')}</Nothing>
        )}
        <dl className={base.facts}>
          <Fact name={t('threats.column.rule')}>
            <button type="button" className={base.link} onClick={() => openRule(row.rule)}>
              <Visible text={out.rule_name || row.rule} />
            </button>
          </Fact>
          {out.frameworks.map(({ id, title }) => (
            <Fact key={id} name={id}>
              {title}
            </Fact>
          ))}
        </dl>
      </Section>
      <Section title={t('threats.part.advice')}>
        {out.advice ? (
          <p className={findings.prose} data-flows>
            <Visible text={out.advice} />
          </p>
        ) : (
          <Nothing>{t('threats.ruleGone')}</Nothing>
        )}
      </Section>
      <Section title={t('threats.part.note')}>
        <Note key={out.note} id={row.id} note={out.note} />
      </Section>
    </>
  );
}

function Facts({ out }: { out: go.ThreatOut }) {
  const { row } = out;
  return (
    <dl className={base.facts}>
      <Fact name={t('threats.column.actor')}>
        <Actor actor={row.actor} kind={row.kind} name={row.name} />
      </Fact>
      {out.place ? (
        <Fact name={t('threats.fact.endpoint')}>
          <button type="button" className={base.link} onClick={() => openEndpoint(out.endpoint)}>
            <Visible text={out.place} />
          </button>
        </Fact>
      ) : (
        row.host && (
          <Fact name={t('threats.fact.host')}>
            <Visible text={row.host} />
          </Fact>
        )
      )}
      {row.model && (
        <Fact name={t('threats.fact.model')}>
          <Visible text={row.model} />
        </Fact>
      )}
      {out.conversation && (
        <Fact name={t('threats.fact.conversation')}>
          <Exchange id={out.conversation} label={t('threats.fact.firstTurn', { id: out.conversation })} />
        </Fact>
      )}
      <Fact name={t('threats.fact.seen')}>
        {t('threats.fact.seenText', {
          n: row.count,
          first: formatDateTime(row.first_seen),
          last: formatDateTime(row.last_seen),
        })}
      </Fact>
      <Fact name={t('threats.fact.traffic')}>
        <button type="button" className={base.link} onClick={() => openTraffic(out.query)}>
          {t('threats.fact.trafficText')}
        </button>
      </Fact>
    </dl>
  );
}

// What a person holds of it, by a click; harmless asks for what else that holds.
function Judge({ row }: { row: go.ThreatRow }) {
  const renew = useRenewThreats();
  const data = states
    .filter((state) => state !== 'harmless' || row.state === 'harmless')
    .map((state) => ({ value: state, label: stateWord(state) }));
  return (
    <Group gap="xs">
      <SegmentedControl
        size="xs"
        aria-label={t('threats.column.state')}
        value={row.state}
        data={data}
        onChange={(state) => void setState([row.id], state as ThreatState, renew)}
      />
      {row.state !== 'harmless' && (
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => void setState([row.id], 'harmless', renew)}
        >
          {t('threats.harmless.button')}
        </Button>
      )}
    </Group>
  );
}

function Note({ id, note }: { id: string; note: string }) {
  const renew = useRenewThreats();
  const save = async (text: string) => {
    await api.threats.Note({ id, note: text });
    await renew();
  };
  return <NoteBox words={judging.words} note={note} onSave={save} />;
}
