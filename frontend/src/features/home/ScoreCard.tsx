import { Button, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconEqual } from '@tabler/icons-react';
import type { go } from '../../api';
import { t } from '../../i18n';
import { formatNumber } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import { Severity, severities } from '../findings/parts';
import { When } from '../inventory/parts';
import { Answered, Card } from './parts';
import { useCriticals, usePosture } from './queries';
import { opener, planAll } from './refs';
import classes from './ScoreCard.module.css';
import { useHome } from './store';
import { causeWord, points, signed } from './words';

/** ScoreCard is the score with its grade, what it means in a sentence, and how it moved. */
export function ScoreCard() {
  const of = useHome((home) => home.of);
  const posture = usePosture(of);
  return (
    <Card title={t('home.score.title')} className={classes.card}>
      <Answered query={posture} rows={6}>
        {(data) => (data.enough ? <Scored posture={data} /> : <Unscored posture={data} />)}
      </Answered>
    </Card>
  );
}

function Scored({ posture }: { posture: go.HomePosture }) {
  return (
    <div className={classes.body}>
      <Ring score={posture.score} mark={posture.grade} level={levelOf(posture.grade)} />
      <div className={classes.words}>
        <p className={classes.score}>
          <strong>{points(posture.score)}</strong> {t('home.score.of')}
        </p>
        <p className={classes.meaning}>{t('home.score.meaning', { grade: posture.grade })}</p>
        <Moved moved={posture.moved} />
        <Sums posture={posture} />
        {posture.of === '' && <Counts />}
      </div>
    </div>
  );
}

// Too little is known: no score, but what it cannot be above, and what is missing.
function Unscored({ posture }: { posture: go.HomePosture }) {
  return (
    <div className={classes.body}>
      <Ring score={posture.score} mark="?" level="none" />
      <div className={classes.words}>
        <p className={classes.none}>{t('home.score.none')}</p>
        <p className={classes.meaning}>{t('home.score.atMost', { most: points(posture.score) })}</p>
        <p className={classes.meaning}>
          <Visible text={posture.missing} />
        </p>
        <Sums posture={posture} />
        <Button className={classes.button ?? ''} onClick={planAll}>
          {t('home.plan.all')}
        </Button>
      </div>
    </div>
  );
}

// What is open and what nobody knows, in a sentence: no weakness found is never said without what was not tested.
function Sums({ posture }: { posture: go.HomePosture }) {
  const found = useCriticals().data;
  const untested = posture.items.filter(({ state }) => state === 'not_tested').length;
  return (
    <p className={classes.sums}>
      {posture.of === '' && found && (
        <>{t('home.score.open', { open: found.open, n: found.total, severity: found.severity })} </>
      )}
      {posture.items.length > 0 && t('home.score.untested', { n: untested, all: posture.items.length })}
    </p>
  );
}

// Open weaknesses by how bad they are; each number opens what it counts.
function Counts() {
  const found = useCriticals().data;
  if (!found || found.open === 0) return null;
  return (
    <ul className={classes.counts} aria-label={t('home.score.counts')}>
      {severities.map((severity, at) => {
        const n = found.severities[at] ?? 0;
        return (
          n > 0 && (
            <li key={severity}>
              <UnstyledButton className={classes.count ?? ''} onClick={opener(`severity:${severity}`)}>
                <strong>{formatNumber(n)}</strong> <Severity severity={severity} />
              </UnstyledButton>
            </li>
          )
        );
      })}
    </ul>
  );
}

function Moved({ moved }: { moved: go.HomeMoved }) {
  const { since, cause, by } = moved;
  if (!since) return null;
  const Icon = by > 0 ? IconArrowUp : by < 0 ? IconArrowDown : IconEqual;
  return (
    <p className={classes.moved} data-by={by > 0 ? 'up' : by < 0 ? 'down' : undefined}>
      <Icon size={14} aria-hidden />
      {by === 0 ? t('home.score.same') : t('home.score.moved', { by: signed(by) })}
      <span className={classes.since}>
        {t('home.score.since')} <When at={since} /> (<Visible text={causeWord(cause)} />)
      </span>
    </p>
  );
}

type Level = 'good' | 'warn' | 'bad' | 'none';

function levelOf(grade: string): Level {
  if (grade === 'A' || grade === 'B') return 'good';
  return grade === 'C' || grade === 'D' ? 'warn' : 'bad';
}

const R = 52;
const AROUND = 2 * Math.PI * R;

// The score as a ring with the grade in it.
function Ring({ score, mark, level }: { score: number; mark: string; level: Level }) {
  const part = Math.max(0, Math.min(100, score)) / 100;
  const label =
    level === 'none'
      ? t('home.score.spokenNone', { most: points(score) })
      : t('home.score.spoken', { score: points(score), grade: mark });
  return (
    <svg className={classes.ring} viewBox="0 0 120 120" role="img" aria-label={label} data-level={level}>
      <circle className={classes.track} cx="60" cy="60" r={R} />
      <circle
        className={classes.arc}
        cx="60"
        cy="60"
        r={R}
        strokeDasharray={level === 'none' ? '4 8' : `${part * AROUND} ${AROUND}`}
        transform="rotate(-90 60 60)"
      />
      <text x="60" y="61" textAnchor="middle" dominantBaseline="central" className={classes.mark}>
        {mark}
      </text>
    </svg>
  );
}
