import { UnstyledButton } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { go } from '../../api';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import { When } from '../inventory/parts';
import classes from './First.module.css';
import { Answered, Card, Empty, Evidence } from './parts';
import { usePosture } from './queries';
import { planAll } from './refs';
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
  return (
    <>
      <span className={classes.priority} data-priority={priority} title={t('home.first.priority')}>
        {priority}
      </span>
      <div className={classes.body}>
        <p className={classes.what}>
          <Visible text={what} />
        </p>
        {why && (
          <p className={classes.faint}>
            <Visible text={why} />
          </p>
        )}
        <p className={classes.faint}>
          {t('home.first.facts', { who, effort: effortWord(effort) })}
          {gain === 0 && risk > 0 && ` · ${t('home.first.later', { risk: points(risk) })}`}
          {check && (
            <>
              {' · '}
              {t('home.first.check')} <Check text={check} />
            </>
          )}
        </p>
        {(refs.length > 0 || code.startsWith('test')) && (
          <p className={classes.links}>
            {code.startsWith('test') && (
              <UnstyledButton className={classes.link ?? ''} onClick={planAll}>
                {t('home.plan.all')}
              </UnstyledButton>
            )}
            {refs.slice(0, LINKS).map((ref) => (
              <Evidence key={ref} evidence={ref} />
            ))}
            {refs.length > LINKS && <span>{t('home.more', { n: refs.length - LINKS })}</span>}
          </p>
        )}
      </div>
      <span className={classes.gain} data-none={gain === 0 || undefined} title={t('home.first.gain')}>
        +{points(gain)}
      </span>
    </>
  );
}

// How to see that it is done: a command, or words.
function Check({ text }: { text: string }) {
  if (!text.startsWith('assay ')) return <Visible text={text} />;
  return (
    <code>
      <Visible text={text} />
    </code>
  );
}

function Done({ done }: { done: readonly go.HomeAdvice[] }) {
  return (
    <div className={classes.done}>
      <h3>{t('home.first.done')}</h3>
      <ul>
        {done.slice(0, MOST).map((one) => (
          <li key={`${one.code} ${one.run} ${one.refs[0] ?? ''}`}>
            <IconCheck size={15} aria-label={t('home.first.doneSign')} />
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
