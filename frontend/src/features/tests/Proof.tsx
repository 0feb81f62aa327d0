import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { go } from '../../api';
import { Copy } from '../../frame/ui';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import frame from '../inventory/inventory.module.css';
import { Exchange, Nothing, Section } from '../inventory/parts';
import classes from './Proof.module.css';
import { Verdict } from './parts';
import shared from './tests.module.css';
import { slotWord } from './words';

/** Proof is what was sent and what came back, with what speaks for the verdict marked in it. */
export function Proof({ trial, onExchange }: { trial: go.TrialOut; onExchange(): void }) {
  const { judgement, sent, exchanges } = trial;
  return (
    <>
      <div className={classes.reason}>
        <Verdict verdict={judgement.verdict} blocked={judgement.blocked} person={judgement.by === 'person'} />
        <Visible text={judgement.reason} />
      </div>
      {judgement.evidence.length > 0 && (
        <ol className={classes.evidence} aria-label={t('tests.proof.evidence')}>
          {judgement.evidence.map((each, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: in the order of the judge
            <li key={at}>
              <span className={frame.word}>{each.signal}</span> <Visible text={each.why} />
              <span className={frame.dim}>{whereWord(each.where)}</span>
              {each.text && (
                <q>
                  <Visible text={each.text} />
                </q>
              )}
            </li>
          ))}
        </ol>
      )}
      {sent.map((each, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: turns in order
        <Sent key={at} sent={each} n={sent.length > 1 ? at + 1 : 0} />
      ))}
      <Section title={t('tests.proof.answer')}>
        <Answer trial={trial} onExchange={onExchange} />
      </Section>
      <p className={frame.note}>
        {exchanges.map((id) => (
          <Exchange key={id} id={id} />
        ))}
      </p>
    </>
  );
}

function whereWord(where: string): string {
  if (where.startsWith('header:')) return where;
  return t('tests.word.where', { where: where.replace(/\W/g, '_'), raw: where });
}

// What the attack put in: as it was sent, and before the mutation.
function Sent({ sent, n }: { sent: go.SentText; n: number }) {
  const [plain, setPlain] = useState(false);
  const mutated = sent.text !== sent.plain;
  const shown = plain ? sent.plain : sent.text;
  return (
    <Section
      title={
        n > 0
          ? t('tests.proof.turn', { n, slot: slotWord(sent.slot) })
          : t('tests.proof.prompt', { slot: slotWord(sent.slot) })
      }
    >
      {mutated && (
        <SegmentedControl
          size="xs"
          mb={6}
          aria-label={t('tests.proof.which')}
          value={plain ? 'plain' : 'sent'}
          onChange={(to) => setPlain(to === 'plain')}
          data={[
            { value: 'sent', label: t('tests.proof.mutated') },
            { value: 'plain', label: t('tests.proof.original') },
          ]}
        />
      )}
      <div className={classes.copyable}>
        <Long text={shown} />
        <Copy text={shown} title={t('tests.proof.copy')} />
      </div>
    </Section>
  );
}

const FOLD = 4_000;

/** Long is a text that folds when it is long. */
function Long({ text }: { text: string }) {
  const [open, setOpen] = useState(false);
  const folded = !open && text.length > FOLD * 1.2;
  return (
    <div className={`${shared.box} ${classes.text}`}>
      <Visible text={folded ? text.slice(0, FOLD) : text} />
      {(folded || open) && (
        <button type="button" className={frame.link} onClick={() => setOpen(!open)}>
          {folded ? t('tests.proof.rest', { n: text.length - FOLD }) : t('tests.less')}
        </button>
      )}
    </div>
  );
}

function Answer({ trial, onExchange }: { trial: go.TrialOut; onExchange(): void }) {
  const { answer, cut, judgement } = trial;
  if (answer.length === 0) {
    return (
      <Nothing>
        {judgement.verdict === 'errored' ? t('tests.proof.noAnswer') : t('tests.proof.emptyAnswer')}{' '}
        {trial.exchanges.length > 0 && (
          <button type="button" className={frame.link} onClick={onExchange}>
            {t('tests.proof.show')}
          </button>
        )}
      </Nothing>
    );
  }
  return (
    <div className={`${shared.box} ${classes.text}`}>
      {answer.map((piece, at) => {
        const first = piece.marks[0];
        if (first === undefined) {
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one answer in order
          return <Visible key={at} text={piece.text} />;
        }
        const why = piece.marks.map((n) => judgement.evidence[n]?.why ?? '').join('\n');
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one answer in order
          <mark key={at} className={classes.mark} data-verdict={judgement.verdict} title={why}>
            <Visible text={piece.text} />
            <sup>{first + 1}</sup>
          </mark>
        );
      })}
      {cut && <p className={frame.nothing}>{t('tests.cut')}</p>}
    </div>
  );
}
