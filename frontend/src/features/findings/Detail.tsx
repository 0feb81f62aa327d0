import { Button, Group, SegmentedControl, Stack } from '@mantine/core';
import { IconCopy, IconExternalLink, IconRepeat } from '@tabler/icons-react';
import { useState } from 'react';
import { api, type go } from '../../api';
import { useCommand } from '../../commands';
import { t } from '../../i18n';
import { formatDateTime, formatNumber } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import { copyAs } from '../actions/act';
import { Turn } from '../exchange/Message';
import { Detail as Frame } from '../inventory/Detail';
import base from '../inventory/inventory.module.css';
import { Exchange, Fact, Nothing, Section, When } from '../inventory/parts';
import { sendToRepeater } from '../repeater/send';
import { openCase, openTarget, setState } from './acts';
import classes from './findings.module.css';
import { judging } from './List';
import { NoteBox } from './NoteBox';
import { type FindingState, Severity, State, states, stateWord } from './parts';
import { useFinding, useRenewFindings } from './queries';
import { useFindings } from './store';

/** Detail is all about one finding: what happened, the proof, why it matters, how to fix it, how to do it again. */
export function Detail({ id, onClose }: { id: string; onClose(): void }) {
  const { data, error, refetch } = useFinding(id);
  const close = () => {
    useFindings.setState({ open: '' });
    onClose();
  };
  return (
    <Frame
      label={t('findings.detail')}
      pane="findings-detail"
      about={id}
      title={
        data && (
          <span className={classes.title}>
            <Severity severity={data.row.severity} /> <Visible text={data.row.title} />
          </span>
        )
      }
      error={error}
      onRetry={() => void refetch()}
      onClose={close}
    >
      {data && <All out={data} />}
    </Frame>
  );
}

function All({ out }: { out: go.FindingOut }) {
  const { row } = out;
  const exchange = lastExchange(out);
  useCommand('findings.repeater', () => void sendToRepeater([exchange]), exchange !== '');
  return (
    <>
      <Judge row={row} />
      <Section title={t('findings.part.what')}>
        <p className={classes.prose}>
          <Visible text={row.reason} />
        </p>
        {out.description && (
          <p className={classes.prose} data-flows>
            {out.description}
          </p>
        )}
        <dl className={base.facts}>
          <Fact name={t('findings.column.target')}>
            <button type="button" className={base.link} onClick={() => openTarget(row.target)}>
              <Visible text={row.target_name || row.target} />
            </button>
          </Fact>
          <Fact name={t('findings.fact.seen')}>
            {t('findings.fact.seenText', {
              n: row.count,
              first: formatDateTime(row.first_seen),
              last: formatDateTime(row.last_seen),
            })}
          </Fact>
        </dl>
      </Section>
      <Section title={t('findings.part.evidence')} n={out.evidence.length + out.more}>
        <Evidence out={out} />
      </Section>
      <Section title={t('findings.part.why')}>
        {out.frameworks.length === 0 && <Nothing>{t('findings.noTemplate')}</Nothing>}
        <dl className={base.facts}>
          {out.frameworks.map(({ id, title }) => (
            <Fact key={id} name={id}>
              {title}
            </Fact>
          ))}
        </dl>
      </Section>
      <Section title={t('findings.part.fix')}>
        {out.remediation ? (
          <p className={classes.prose} data-flows>
            {out.remediation}
          </p>
        ) : (
          <Nothing>{t('findings.noTemplate')}</Nothing>
        )}
        {out.references.length > 0 && (
          <ul className={base.links}>
            {out.references.map((reference) => (
              <li key={reference} className={base.mono}>
                <Visible text={reference} />
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title={t('findings.part.reproduce')}>
        <Reproduce exchange={exchange} />
      </Section>
      <Section title={t('findings.part.note')}>
        <Note key={out.note} id={row.id} note={out.note} />
      </Section>
      <Section title={t('findings.part.history')} n={out.history.length}>
        <History lines={out.history} />
      </Section>
    </>
  );
}

/** lastExchange is the request that showed a finding last; empty where no trial is left. */
function lastExchange(out: go.FindingOut): string {
  return out.evidence[0]?.trial.exchanges.at(-1) ?? '';
}

// What a person holds of it, by a click.
function Judge({ row }: { row: go.FindingRow }) {
  const renew = useRenewFindings();
  return (
    <Group gap="xs">
      <SegmentedControl
        size="xs"
        aria-label={t('findings.column.state')}
        value={row.state}
        data={states.map((state) => ({ value: state, label: stateWord(state) }))}
        onChange={(state) => void setState([row.id], state as FindingState, renew)}
      />
      <span className={classes.faint}>
        {t('findings.word.source', { source: row.source, raw: row.source })}
      </span>
    </Group>
  );
}

function Evidence({ out }: { out: go.FindingOut }) {
  const [at, setAt] = useState(0);
  const shown = out.evidence[Math.min(at, out.evidence.length - 1)];
  if (!shown) return <Nothing>{t('findings.evidence.gone')}</Nothing>;
  return (
    <Stack gap="sm">
      {out.evidence.length > 1 && (
        <ul className={classes.trials} aria-label={t('findings.evidence.which')}>
          {out.evidence.map((each, n) => (
            <li key={`${each.run} ${each.case.n} ${each.trial.n}`}>
              <button
                type="button"
                className={base.chip}
                aria-pressed={each === shown}
                onClick={() => setAt(n)}
              >
                <When at={each.trial.started} /> · {each.case.mutation || t('findings.evidence.plain')}
              </button>
            </li>
          ))}
        </ul>
      )}
      <Trial each={shown} />
      {out.more > 0 && <Nothing>{t('findings.evidence.more', { n: out.more })}</Nothing>}
    </Stack>
  );
}

function Trial({ each }: { each: go.FindingEvidence }) {
  const { trial } = each;
  const { evidence } = trial.judgement;
  return (
    <div className={classes.proof}>
      {trial.sent.map((sent, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: texts of one attack in order
        <Turn key={n} who="user" name={sent.slot}>
          <p className={classes.said}>
            <Visible text={sent.text} />
          </p>
          {sent.plain !== sent.text && (
            <details>
              <summary>{t('findings.evidence.before', { mutation: each.case.mutation })}</summary>
              <p className={classes.said}>
                <Visible text={sent.plain} />
              </p>
            </details>
          )}
        </Turn>
      ))}
      <Turn who="assistant">
        <p className={classes.said}>
          {trial.answer.map((piece, n) =>
            piece.marks.length > 0 ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one answer in order
              <mark key={n} title={piece.marks.map((mark) => evidence[mark]?.why ?? '').join('\n')}>
                <Visible text={piece.text} />
              </mark>
            ) : (
              // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one answer in order
              <Visible key={n} text={piece.text} />
            ),
          )}
          {trial.answer.length === 0 && (
            <span className={classes.faint}>{t('findings.evidence.noText')}</span>
          )}
        </p>
        {trial.cut && <p className={classes.faint}>{t('findings.evidence.cut')}</p>}
      </Turn>
      <ul className={base.bullets}>
        {evidence.map((proof, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: evidence of one trial in order
          <li key={n}>
            <strong>{proof.signal}</strong> <Visible text={proof.why} />{' '}
            {proof.where !== 'answer' && (
              <span className={classes.faint}>{t('findings.evidence.where', { where: proof.where })}</span>
            )}
            {proof.where !== 'answer' && proof.text && (
              <code>
                {' '}
                <Visible text={proof.text} />
              </code>
            )}
          </li>
        ))}
      </ul>
      <Group gap="xs">
        <span className={classes.faint}>
          {t('findings.evidence.rate', {
            n: formatNumber(each.case.counts.vulnerable),
            all: formatNumber(
              each.case.counts.vulnerable + each.case.counts.resisted + each.case.counts.unclear,
            ),
          })}
        </span>
        {trial.exchanges.map((id) => (
          <Exchange key={id} id={id} />
        ))}
        <button type="button" className={base.link} onClick={() => openCase(each.run, each.case.n)}>
          <Visible text={t('findings.evidence.case', { run: each.run_name, n: each.case.n })} />
        </button>
      </Group>
    </div>
  );
}

function Reproduce({ exchange }: { exchange: string }) {
  if (!exchange) return <Nothing>{t('findings.reproduce.gone')}</Nothing>;
  return (
    <>
      <Group gap="xs">
        <Button
          size="compact-sm"
          leftSection={<IconRepeat size={15} />}
          onClick={() => void sendToRepeater([exchange])}
        >
          {t('findings.reproduce.repeater')}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconCopy size={15} />}
          onClick={() => void copyAs([exchange], 'curl')}
        >
          {t('findings.reproduce.curl')}
        </Button>
        <span className={classes.open}>
          <IconExternalLink size={14} aria-hidden /> <Exchange id={exchange} />
        </span>
      </Group>
      <p className={classes.faint}>{t('findings.reproduce.text')}</p>
    </>
  );
}

function Note({ id, note }: { id: string; note: string }) {
  const renew = useRenewFindings();
  const save = async (text: string) => {
    await api.findings.Note({ id, note: text });
    await renew();
  };
  return <NoteBox words={judging.words} note={note} onSave={save} />;
}

function History({ lines }: { lines: readonly go.FindingLine[] }) {
  return (
    <ul className={classes.history}>
      {lines.map((line, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of one history in order
        <li key={n}>
          <time dateTime={line.at}>{formatDateTime(line.at)}</time>
          <span>
            {t('findings.word.event', { what: line.what.replace(/\W/g, '_'), raw: line.what })}
            {line.to && (
              <>
                {' '}
                {line.from && (
                  <>
                    <State state={line.from} /> →{' '}
                  </>
                )}
                <State state={line.to} />
              </>
            )}
            {line.why && (
              <>
                {' '}
                <Visible text={line.why} />
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
