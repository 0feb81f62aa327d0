import { UnstyledButton } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { go } from '../../api';
import { Copy } from '../../frame/ui';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import { When } from '../inventory/parts';
import classes from './First.module.css';
import { Answered, Card, Empty, Evidence } from './parts';
import { usePosture } from './queries';
import { planAll, proofOf } from './refs';
import { useHome } from './store';
import { effortWord, points } from './words';

const MOST = 5;
const LINKS = 3;

/** First is what to do, what gains most for its effort first; what a retest showed to be done stands below. */
export function First() {
  const of = useHome((home) => home.of);
  const [all, setAll] = useState(false);
  const posture = usePosture(of);
  const n = posture.data?.advice.length ?? 0;
  return (
    <Card
      title={t('home.first.title')}
      aside={
        n > MOST && (
          <UnstyledButton className={classes.all ?? ''} aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? t('home.first.fewer') : t('home.first.all', { n })}
          </UnstyledButton>
        )
      }
    >
      <Answered query={posture} rows={8}>
        {({ advice, done }) => (
          <>
            {advice.length === 0 && (
              <Empty>
                <p>{t('home.first.none')}</p>
              </Empty>
            )}
            <ol className={classes.list}>
              {advice.slice(0, all ? advice.length : MOST).map((one) => (
                <li key={one.code} className={classes.item}>
                  <Advice advice={one} />
                </li>
              ))}
            </ol>
            {done.length > 0 && <Done done={done} />}
          </>
        )}
      </Answered>
    </Card>
  );
}

function Advice({ advice }: { advice: go.HomeAdvice }) {
  const { priority, what, why, who, check, effort, gain, risk, refs, code } = advice;
  const [first, rest] = sentences(what);
  const tests = code.startsWith('test');
  return (
    <>
      <span className={classes.priority} data-priority={priority} title={t('home.first.priority')}>
        {priority}
      </span>
      <div className={classes.body}>
        <p className={classes.what}>
          <Visible text={first} />
        </p>
        {rest && (
          <p className={classes.how}>
            <Visible text={rest} />
          </p>
        )}
        <p className={classes.faint}>
          {why && <Visible text={why} />}{' '}
          {refs.slice(0, LINKS).map(({ ref, name }) => (
            <span key={ref} className={classes.ref}>
              <Evidence evidence={tests ? proofOf('', ref) : ref} label={name} />
            </span>
          ))}
          {refs.length > LINKS && t('home.more', { n: refs.length - LINKS })}
        </p>
        <p className={classes.faint}>
          {t('home.first.facts', { who, effort: effortWord(effort) })}
          {gain === 0 && risk > 0 && ` · ${t('home.first.later', { risk: points(risk) })}`}
        </p>
        {check && (
          <div className={`${classes.faint} ${classes.check}`}>
            <span>{t('home.first.check')}</span>
            <Check text={check} />
          </div>
        )}
        {tests && (
          <UnstyledButton className={classes.link ?? ''} onClick={planAll}>
            {t('home.plan.all')}
          </UnstyledButton>
        )}
      </div>
      <span className={classes.gain} title={t('home.first.gain')}>
        {gain > 0 && `+${points(gain)}`}
      </span>
    </>
  );
}

// The first sentence says what to do; the rest how.
function sentences(text: string): [string, string] {
  const end = /[.!?](?=\s)/.exec(text);
  return end ? [text.slice(0, end.index + 1), text.slice(end.index + 1).trim()] : [text, ''];
}

// How to see that it is done: a command, or words.
function Check({ text }: { text: string }) {
  if (!/^assay (?!.*(; |, ))/.test(text)) return <Visible text={text} />;
  return (
    <>
      <code className={classes.command}>
        <Visible text={text} />
      </code>
      <Copy text={text} title={t('home.first.copy')} />
    </>
  );
}

function Done({ done }: { done: readonly go.HomeAdvice[] }) {
  return (
    <div className={classes.done}>
      <h3>{t('home.first.done')}</h3>
      <ul>
        {done.slice(0, MOST).map((one) => (
          <li key={`${one.code} ${one.run} ${one.refs[0]?.ref ?? ''}`}>
            <IconCheck size={15} role="img" aria-label={t('home.first.doneSign')} />
            <span>
              <Visible text={one.what} /> {one.run && <Evidence evidence={`run:${one.run}`} />}{' '}
              {one.done_at && <When at={one.done_at} />}
            </span>
          </li>
        ))}
      </ul>
      {done.length > MOST && <p className={classes.faint}>{t('home.more', { n: done.length - MOST })}</p>}
    </div>
  );
}
